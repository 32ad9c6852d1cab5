//! The command as scripts and people meet it, on a scratch installation. As root.
#![allow(
    clippy::disallowed_methods,
    reason = "a test reads what the command wrote, and its phone has a clock"
)]

#[cfg(test)]
mod audit;
#[cfg(test)]
mod broken;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod editing;
#[cfg(test)]
mod help;
#[cfg(test)]
mod hints;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod lost;
#[cfg(test)]
mod migration;
#[cfg(test)]
mod scratch;
#[cfg(test)]
mod story;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod went_back;
#[cfg(test)]
mod whom;
#[cfg(test)]
mod window;

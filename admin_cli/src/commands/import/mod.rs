//! `import`: authenticators out of the files of other verifiers, which are only read.

mod google_authenticator;
mod intake;
mod oath;

pub(crate) use google_authenticator::ImportGoogleAuthenticator;
pub(crate) use oath::ImportOath;

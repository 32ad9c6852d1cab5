//! What the usual modules answer.

//! What the survey finds in whole sets of files.

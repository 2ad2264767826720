//! How the two sides of a gate come about: executables, or commits that are built.
//!
//! `project` is the cargo project and its target that is built; `checkout` is a commit in a folder of its own; `side` is one side, from what
//! was typed to an executable.

pub(crate) mod checkout;
pub(crate) mod git;
pub(crate) mod project;
pub(crate) mod side;

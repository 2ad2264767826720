//! How two builds are compared.
//!
//! `sides` is what was typed: two of `side`, each a commit, a `version` of a dependency, the working tree or an executable. `project` is
//! the cargo project and its target that is built, `checkout` a commit in a folder of its own, `git` what git is asked. `looks` measures
//! the builds and has them judged. `steps` are what a bisection goes over: commits, or the
//! versions of a crate that were `published`. `surfaces` are where it is shown. `budget` says what fits into the time. `campaign` does all that again and again, with builds of which
//! the truth is known.

pub(crate) mod budget;
pub(crate) mod campaign;
pub(crate) mod checkout;
pub(crate) mod git;
pub(crate) mod looks;
pub(crate) mod project;
pub(crate) mod published;
pub(crate) mod side;
pub(crate) mod sides;
pub(crate) mod steps;
pub(crate) mod surfaces;
pub(crate) mod version;

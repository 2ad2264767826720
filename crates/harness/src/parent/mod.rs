//! Who steers: the parent starts processes, follows the plan one sample at a time, checks every sample and hands it on.
//!
//! - [`job`] is one comparison from its cells to what was recorded: [`keeper`] writes its journal, [`stop`] decides when it ends.
//! - [`run`] follows the plan: [`launch`] after launch, each [`opening`] its cells and then taking [`block`] after block.
//!   [`under_way`] is the launch that is under way, [`state`] what goes on from one launch to the next, [`books`] what was taken, and
//!   [`place`] where a sample belongs.
//! - [`process`] is any process that the parent speaks to, with the parent's ends of the worker, the server and the load. [`serving`] is
//!   the server of a run, which may be lost.
//! - [`trace`] runs cells with a recorder around their work.
//! - [`files`] are what workloads read, [`watch`] is what else the machine does, [`interrupt`] is the wish to end early, and [`event`]
//!   is what others are told.

pub(crate) mod before;
mod block;
mod books;
pub(crate) mod event;
pub(crate) mod files;
pub(crate) mod interrupt;
pub(crate) mod job;
mod keeper;
mod launch;
mod opening;
mod place;
pub(crate) mod process;
pub(crate) mod run;
mod serving;
mod state;
mod stop;
pub(crate) mod trace;
mod under_way;
mod watch;

//! Every workload, one file each, and the list of them.
//!
//! To add one: write its file here, declare the module, add its line to the list. Nothing else in this crate names it. What two
//! workloads share is not here but in `shapes`.

pub mod aggregate;
pub mod brigade;
pub mod churn;
pub mod compute;
pub mod crawl;
pub mod crawl_levels;
pub mod deadline;
pub mod files;
pub mod get;
pub mod joined_pages;
pub mod memory;
pub mod mixed;
pub mod nested_block_on;
pub mod never_awaited;
pub mod open_loop;
pub mod pages;
pub mod panic;
pub mod payload;
pub mod retry;
pub mod sleep;
pub mod spawn;
pub mod stream;
pub mod stream_body;
pub mod victim;

use crate::registry::{Entry, workloads};

workloads! {
    catalog:
    bare {
        sleep::Sleep,
        get::Get,
        spawn::Spawn,
        memory::Memory,
    }
    boxed {
        pages::Pages,
        joined_pages::JoinedPages,
        crawl::Crawl,
        crawl_levels::CrawlLevels,
        files::Files,
        stream::Stream,
        stream_body::StreamBody,
        aggregate::Aggregate,
        retry::Retry,
        deadline::Deadline,
        churn::Churn,
        payload::Payload,
        compute::Compute,
        mixed::Mixed,
        victim::Victim,
        brigade::Brigade,
        open_loop::OpenLoop,
        panic::Panic,
        nested_block_on::NestedBlockOn,
        never_awaited::NeverAwaited,
    }
}

//! What this process allocates. It is counted in builds with the feature `allocations`, and unknown in all others.

/// Calls of the allocator up to now, and the bytes that they asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allocations {
    /// Allocations. One that grew or shrank counts again.
    pub(crate) count: u64,
    /// Their bytes. Of one that grew, only the growth counts.
    pub(crate) bytes: u64,
}

/// The allocations up to now. `None` where nobody counts.
pub(crate) fn so_far() -> Option<Allocations> {
    let (count, bytes) = counting::so_far()?;
    Some(Allocations { count, bytes })
}

#[cfg(not(feature = "allocations"))]
mod counting {
    /// Nobody counts.
    pub(super) fn so_far() -> Option<(u64, u64)> {
        None
    }
}

#[cfg(feature = "allocations")]
#[expect(
    unsafe_code,
    reason = "only an allocator sees every allocation; this one hands each call on as it is"
)]
mod counting {
    use std::alloc::{GlobalAlloc, Layout, System};
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

    #[global_allocator]
    static COUNTING: Counting = Counting {
        count: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
    };

    /// The system's allocator with two counters. All threads share them, so times of such a build must not be compared.
    struct Counting {
        count: AtomicU64,
        bytes: AtomicU64,
    }

    impl Counting {
        fn add(&self, bytes: usize) {
            self.count.fetch_add(1, Relaxed);
            self.bytes.fetch_add(bytes as u64, Relaxed);
        }
    }

    /// Allocations and their bytes.
    pub(super) fn so_far() -> Option<(u64, u64)> {
        Some((COUNTING.count.load(Relaxed), COUNTING.bytes.load(Relaxed)))
    }

    // SAFETY: every call goes to the system's allocator with the arguments it came with, and counting allocates nothing.
    unsafe impl GlobalAlloc for Counting {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            self.add(layout.size());
            // SAFETY: the caller keeps the promises of `alloc`, which are those of the system's.
            unsafe { System.alloc(layout) }
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            self.add(layout.size());
            // SAFETY: the caller keeps the promises of `alloc_zeroed`, which are those of the system's.
            unsafe { System.alloc_zeroed(layout) }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            self.add(size.saturating_sub(layout.size()));
            // SAFETY: the block is the system's, because all are, and the caller keeps the promises of `realloc`.
            unsafe { System.realloc(block, layout, size) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: the block is the system's, because all are, and the caller keeps the promises of `dealloc`.
            unsafe { System.dealloc(block, layout) }
        }
    }
}

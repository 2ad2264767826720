//! What a meter counts. This process has no other thread, so the counts are exact.

#![forbid(unsafe_code)]

use std::hint::black_box;
use std::io::{Read, Seek, Write};

use harness::Meter;
use model::Measurement;
use workloads::Tally;

fn main() {
    reading_and_writing();
    allocating();
    println!("the counts are exact");
}

fn measured(work: impl FnOnce()) -> Measurement {
    let meter = Meter::start().unwrap();
    work();
    meter.stop(Tally::default()).unwrap()
}

fn reading_and_writing() {
    let mut file = tempfile::tempfile().unwrap();
    let sample = measured(|| {
        for _ in 0..7 {
            file.write_all(b"x").unwrap();
        }
        file.rewind().unwrap();
        for _ in 0..5 {
            file.read_exact(&mut [0]).unwrap();
        }
    });
    let idle = measured(|| {});
    if sample.read_syscalls.is_some() {
        assert_eq!(
            (sample.read_syscalls, sample.write_syscalls),
            (Some(5), Some(7))
        );
        assert_eq!(
            (idle.read_syscalls, idle.write_syscalls),
            (Some(0), Some(0))
        );
    }
}

fn allocating() {
    let mut boxes = Vec::with_capacity(1000);
    let mut grown = vec![0u8; 10];
    let sample = measured(|| {
        boxes.extend((0..1000u64).map(|value| black_box(Box::new(value))));
        grown.reserve_exact(90);
    });
    // One more, whose 90 bytes are new.
    let expected = cfg!(feature = "allocations").then_some((1001, 1000 * 8 + 90));
    assert_eq!(sample.allocations.zip(sample.allocated_bytes), expected);
    let idle = measured(|| drop(boxes));
    let expected = cfg!(feature = "allocations").then_some((0, 0));
    assert_eq!(idle.allocations.zip(idle.allocated_bytes), expected);
}

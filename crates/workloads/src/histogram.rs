//! How long single things took, in one run or in several.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram as Buckets;
use hdrhistogram::serialization::{Deserializer, Serializer, V2DeflateSerializer};
use serde::{Deserialize, Serialize};

/// The longest duration that has a bucket, a little over any wait that can be asked for. Longer ones count as this long.
const LONGEST_NS: u64 = (1 << 36) - 1;

/// All buckets, empty. Durations that differ in their first three significant digits have different ones.
static BUCKETS: LazyLock<Buckets<u64>> =
    LazyLock::new(|| Buckets::new_with_bounds(1, LONGEST_NS, 3).expect("the bounds are in order"));

/// A histogram of durations, never empty. It keeps three significant digits of each.
///
/// Its text is that of HdrHistogram's logs, which other tools read and programs in any language can write: nanoseconds in the V2
/// encoding with DEFLATE, as base64. In memory it keeps only the buckets in use. A run has one histogram per sample, and almost all
/// buckets of each are empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Histogram(BTreeMap<u64, u64>);

impl Histogram {
    /// The histogram of these; `None` if there are none.
    pub fn of(all: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut latencies = Histogram(BTreeMap::new());
        for latency in all {
            let nanoseconds = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
            latencies.add(nanoseconds, 1);
        }
        (!latencies.0.is_empty()).then_some(latencies)
    }

    /// Takes in all of another.
    pub fn merge(&mut self, other: &Histogram) {
        for (nanoseconds, times) in &other.0 {
            self.add(*nanoseconds, *times);
        }
    }

    /// How many durations there are.
    pub fn count(&self) -> u64 {
        self.0.values().sum()
    }

    /// The duration of this rank, in nanoseconds. The shortest has rank 1.
    pub fn at(&self, rank: u64) -> Option<u64> {
        let mut passed = 0;
        let reaches = |(_, times): &(&u64, &u64)| {
            passed += **times;
            passed >= rank
        };
        let found = self.0.iter().find(reaches);
        found.filter(|_| rank > 0).map(|(latency, _)| *latency)
    }

    /// The longest duration, in nanoseconds.
    pub fn max_ns(&self) -> u64 {
        let last = self.0.last_key_value();
        *last.expect("it is never empty").0
    }

    fn add(&mut self, nanoseconds: u64, times: u64) {
        // A bucket has the name of its largest value, as in HdrHistogram.
        let bucket = BUCKETS.highest_equivalent(nanoseconds.min(LONGEST_NS));
        *self.0.entry(bucket).or_default() += times;
    }

    fn parse(text: &str) -> Result<Self> {
        let bytes = STANDARD.decode(text)?;
        let told = bytes.get(4..8).and_then(|told| told.try_into().ok());
        let told = told.map(u32::from_be_bytes).context("it has no length")?;
        let there = bytes.len() - 8;
        ensure!(
            there == told as usize,
            "it says that {told} bytes follow, and {there} do"
        );
        let histogram: Buckets<u64> = Deserializer::new().deserialize(&mut bytes.as_slice())?;
        let mut latencies = Histogram(BTreeMap::new());
        // The writer may have chosen other bounds and digits. The loop goes from the least value to the largest: the library's own
        // iteration begins at 0, which would be most of the time of an analysis.
        let (mut value, most) = (histogram.min(), histogram.max());
        while !histogram.is_empty() && value <= most {
            let times = histogram.count_at(value);
            if times > 0 {
                latencies.add(histogram.highest_equivalent(value), times);
            }
            value = histogram.next_non_equivalent(value);
        }
        ensure!(!latencies.0.is_empty(), "it holds nothing");
        Ok(latencies)
    }
}

impl From<Histogram> for String {
    fn from(latencies: Histogram) -> String {
        let mut histogram = BUCKETS.clone();
        for (nanoseconds, times) in latencies.0 {
            histogram.saturating_record_n(nanoseconds, times);
        }
        let mut bytes = Vec::new();
        let written = V2DeflateSerializer::new().serialize(&histogram, &mut bytes);
        written.expect("memory takes everything that is written to it");
        STANDARD.encode(bytes)
    }
}

impl TryFrom<String> for Histogram {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|error| {
            format!(
                "latencies are allowed as the text of an HdrHistogram of nanoseconds that holds something, as in its logs: base64 of \
                 the V2 encoding with DEFLATE; this is not: {error:#}"
            )
        })
    }
}

/// What a person wants to know of it.
impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Histogram")
            .field("count", &self.count())
            .field("p50_ns", &self.at(self.count().div_ceil(2)))
            .field("max_ns", &self.max_ns())
            .finish()
    }
}

/// Collects durations from all units of one run. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Duration>>>);

impl Recorder {
    /// A recorder with room for so many durations, so that no unit waits while another makes room.
    pub fn with_room(units: u64) -> Self {
        Recorder(Arc::new(Mutex::new(Vec::with_capacity(units as usize))))
    }

    /// Adds one duration.
    pub fn record(&self, latency: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(latency);
    }

    /// The histogram so far.
    pub fn latencies(&self) -> Option<Histogram> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Histogram::of(all.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(nanoseconds: impl IntoIterator<Item = u64>) -> Histogram {
        Histogram::of(nanoseconds.into_iter().map(Duration::from_nanos)).unwrap()
    }

    /// From nothing to hours.
    fn drawn(seed: u64, count: u64) -> Vec<u64> {
        let draw = |index| crate::mix(seed, index) >> 20 >> (crate::mix(index, seed) % 40);
        (0..count).map(draw).collect()
    }

    fn read(text: &str) -> Result<Histogram, serde_json::Error> {
        serde_json::from_value(serde_json::Value::from(text))
    }

    #[test]
    fn ranks_count_from_the_shortest() {
        let latencies = of((1..=1000).rev());
        assert_eq!((latencies.count(), latencies.max_ns()), (1000, 1000));
        for rank in [1, 2, 500, 990, 1000] {
            assert_eq!(latencies.at(rank), Some(rank));
        }
        assert_eq!((latencies.at(0), latencies.at(1001)), (None, None));
        assert_eq!(Histogram::of([]), None);
    }

    #[test]
    fn three_digits_are_kept_and_what_is_too_long_is_the_longest() {
        let latency = of([20_123_456]).max_ns();
        assert!((20_123_456..20_143_579).contains(&latency), "{latency}");
        assert_eq!(of([0, LONGEST_NS, u64::MAX]).at(2), Some(LONGEST_NS));
        assert_eq!(of([0, LONGEST_NS, u64::MAX]).at(1), Some(0));
    }

    #[test]
    fn what_is_written_can_be_read() {
        for latencies in [of([0]), of([u64::MAX, 7]), of(drawn(1, 3000))] {
            let text = serde_json::to_string(&latencies).unwrap();
            assert!(text.starts_with("\"HISTFAAA"), "{text}");
            let again: Histogram = serde_json::from_str(&text).unwrap();
            assert_eq!(again.0, latencies.0);
        }
    }

    /// What the HdrHistogram of Python writes where it counts up to an hour: 3 times 1 us, 5 times 20 ms, once 90 s.
    const OF_PYTHON: &str =
        "HISTFAAAAC14nJNpmSzMwMDAzQABzFCaEch0M9ixgMH+A0TgPD/b1seMXO8PMjIBAJsfCJA=";

    /// The same with nothing in it.
    const NOTHING: &str = "HISTFAAAAB14nJNpmSzMgADMUJoRyHQz2LGAwf4DRAAATjkESw==";

    #[test]
    fn what_other_tools_write_can_be_read() {
        let seconds = 1_000_000_000;
        let ours = of([[1_000; 3].as_slice(), &[20_000_000; 5], &[90 * seconds]].concat());
        assert_eq!(read(OF_PYTHON).unwrap(), ours);
    }

    #[test]
    fn merging_is_recording_all() {
        let (mut some, more) = (drawn(1, 500), drawn(2, 700));
        let mut merged = of(some.clone());
        merged.merge(&of(more.clone()));
        some.extend(more);
        assert_eq!(merged.0, of(some).0);
    }

    #[test]
    fn a_text_that_is_cut_off_or_something_else_is_refused() {
        let text = String::from(of(drawn(1, 100)));
        for (text, cause) in [
            (&text[..text.len() - 3], "Invalid"),
            (&text[..text.len() - 8], "bytes follow, and"),
            (&text[..8], "it has no length"),
            ("", "it has no length"),
            ("twenty", "Invalid"),
            ("AAAAAAAAAAA=", "cookie"),
            (NOTHING, "it holds nothing"),
        ] {
            let error = read(text).unwrap_err().to_string();
            for part in ["are allowed", "V2 encoding with DEFLATE", cause] {
                assert!(error.contains(part), "{text}: {error}");
            }
        }
    }
}

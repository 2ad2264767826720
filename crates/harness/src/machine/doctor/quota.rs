//! How much CPU time the control groups around this process leave it.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::machine::doctor::files::text;

/// The folder of the control groups, by file-hierarchy(7).
const CONTROL_GROUPS: &str = "/sys/fs/cgroup";

/// A limit of CPU time in each period, over all processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// The CPU time.
    pub quota_ns: u64,
    /// The length of a period.
    pub period_ns: u64,
}

impl Quota {
    /// How many processors it keeps busy all the time.
    pub fn processors(&self) -> f64 {
        self.quota_ns as f64 / self.period_ns as f64
    }
}

/// The narrowest quota of all groups around this process.
pub(super) fn narrowest() -> Option<Quota> {
    quota(Path::new(CONTROL_GROUPS), &text("/proc/self/cgroup")?)
}

/// The narrowest quota of a group and of all groups around it, because each of them binds it. A container that hides the path of
/// its group sees its own group at the top.
fn quota(root: &Path, groups: &str) -> Option<Quota> {
    let folders = groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let mounts = match controllers {
            "" => ["", "unified"].as_slice(),
            _ if controllers.split(',').any(|it| it == "cpu") => &["cpu", "cpu,cpuacct"],
            _ => &[],
        };
        let path = PathBuf::from(path.trim_start_matches('/'));
        mounts.iter().flat_map(move |mount| {
            let groups = path.ancestors().map(|group| root.join(mount).join(group));
            groups.collect::<Vec<_>>()
        })
    });
    let quotas = folders.filter_map(|folder| quota_in(&folder));
    quotas.min_by(|one, other| one.processors().total_cmp(&other.processors()))
}

/// The quota of one group. Version 2 has both numbers in one file, and version 1 has a file for each. Both count in microseconds.
/// Without a quota, there is no number.
fn quota_in(folder: &Path) -> Option<Quota> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let of = |quota: &str, period: &str| {
        let nanoseconds = |text: &str| text.trim().parse::<u64>().ok()?.checked_mul(1000);
        Some(Quota {
            quota_ns: nanoseconds(quota)?,
            period_ns: nanoseconds(period).filter(|period| *period > 0)?,
        })
    };
    match read("cpu.max") {
        Some(both) => both
            .split_once(' ')
            .and_then(|(quota, period)| of(quota, period)),
        None => of(&read("cpu.cfs_quota_us")?, &read("cpu.cfs_period_us")?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes files below a folder of its own, as control groups have them.
    fn groups(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_narrowest_quota_of_all_groups_around_counts() {
        let root = groups(&[
            ("cpu.max", "max 100000\n"),
            ("outer/cpu.max", "150000 100000\n"),
            ("outer/inner/cpu.max", "400000 100000\n"),
        ]);
        let expected = Quota {
            quota_ns: 150_000_000,
            period_ns: 100_000_000,
        };
        assert_eq!(quota(root.path(), "0::/outer/inner\n"), Some(expected));
        assert_eq!(expected.processors(), 1.5);
        assert_eq!(quota(root.path(), "0::/\n"), None, "max is no quota");
    }

    #[test]
    fn the_first_version_has_a_file_for_each_number_and_a_container_sees_its_group_on_top() {
        let root = groups(&[
            ("cpu/cpu.cfs_quota_us", "50000\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
            ("memory/cpu.cfs_quota_us", "1\n"),
        ]);
        let found = quota(
            root.path(),
            "5:memory:/hidden\n4:cpuacct,cpu:/hidden\n0::/hidden\n",
        );
        assert_eq!(found.map(|quota| quota.processors()), Some(0.5));
        fs::write(root.path().join("cpu/cpu.cfs_quota_us"), "-1\n").unwrap();
        assert_eq!(quota(root.path(), "4:cpu:/\n"), None);
    }
}

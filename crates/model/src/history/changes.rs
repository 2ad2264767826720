//! Where a series changes its level, for how many times and by how much nobody knows before.
//!
//! The method is the hierarchical one of James and Matteson (ecp, Journal of Statistical Software 62(7), 2014), with plain distances. The
//! split that makes the two parts differ most is found. Then the whole search is made again in permutations of the series. The share of
//! them in which the best split is at least as good is the p-value. So it holds for the search, and not for one split that was chosen
//! because it looks good. If it is at most [`ALPHA`](crate::ALPHA), both parts are searched in turn.

use crate::statistics::draws::Draws;
use crate::statistics::median;

/// A part has at least so many values.
pub const LEAST: usize = 5;

/// So many permutations: the smallest p-value is 1 / 1000.
pub const PERMUTATIONS: usize = 999;

/// Permutations are drawn from this, so the same series has the same steps.
const SEED: u64 = 20_261_125;

/// Where a series steps to another level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The index of the first value on the new level.
    pub at: usize,
    /// Median of the part before.
    pub before: f64,
    /// Median of the part after it.
    pub after: f64,
    /// The share of permutations in which the best split is at least as good.
    pub p: f64,
}

/// All steps of a series, in order.
pub fn steps(values: &[f64]) -> Vec<Step> {
    let mut found = Vec::new();
    search(values, 0, values.len(), &mut found);
    found.sort_by_key(|(at, _)| *at);
    let ends: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    let part = |from: usize, to: usize| median(&values[from..to]).unwrap_or(f64::NAN);
    let step = |(index, (at, p)): (usize, &(usize, f64))| {
        let from = index.checked_sub(1).map_or(0, |before| ends[before]);
        let to = ends.get(index + 1).copied().unwrap_or(values.len());
        Step {
            at: *at,
            before: part(from, *at),
            after: part(*at, to),
            p: *p,
        }
    };
    found.iter().enumerate().map(step).collect()
}

/// Searches one part, and then those that it falls into.
fn search(values: &[f64], from: usize, to: usize, found: &mut Vec<(usize, f64)>) {
    let part = &values[from..to];
    if part.len() < 2 * LEAST {
        return;
    }
    let distances = Distances::of(part);
    let mut order: Vec<usize> = (0..part.len()).collect();
    let Some((split, best)) = distances.best(&order) else {
        return;
    };
    let mut draws = Draws::new(SEED ^ ((from as u64) << 32 | to as u64));
    let mut as_good = 0;
    for _ in 0..PERMUTATIONS {
        shuffle(&mut order, &mut draws);
        as_good += usize::from(distances.best(&order).is_some_and(|(_, it)| it >= best));
    }
    let p = (1 + as_good) as f64 / (1 + PERMUTATIONS) as f64;
    if p > crate::ALPHA {
        return;
    }
    found.push((from + split, p));
    search(values, from, from + split, found);
    search(values, from + split, to, found);
}

fn shuffle(order: &mut [usize], draws: &mut Draws) {
    for last in (1..order.len()).rev() {
        let other = (draws.uniform() * (last + 1) as f64) as usize;
        order.swap(last, other.min(last));
    }
}

/// How far every two values are apart.
struct Distances {
    count: usize,
    all: Vec<f64>,
}

impl Distances {
    fn of(values: &[f64]) -> Distances {
        let row = |one: &f64| {
            values
                .iter()
                .map(|other| (one - other).abs())
                .collect::<Vec<_>>()
        };
        Distances {
            count: values.len(),
            all: values.iter().flat_map(row).collect(),
        }
    }

    fn between(&self, one: usize, other: usize) -> f64 {
        self.all[one * self.count + other]
    }

    /// The best split of the values in this order, and how good it is: the energy distance of the two parts, weighted by their sizes.
    fn best(&self, order: &[usize]) -> Option<(usize, f64)> {
        let count = order.len();
        let to_all = |one: usize| {
            order
                .iter()
                .map(|other| self.between(one, *other))
                .sum::<f64>()
        };
        let mut after: f64 = order.iter().map(|one| to_all(*one)).sum::<f64>() / 2.0;
        let (mut before, mut across) = (0.0, 0.0);
        let mut best: Option<(usize, f64)> = None;
        for split in 1..=count - LEAST {
            // One value moves from the part after to the part before.
            let moved = order[split - 1];
            let to_before: f64 = order[..split - 1]
                .iter()
                .map(|it| self.between(moved, *it))
                .sum();
            let to_after: f64 = order[split..]
                .iter()
                .map(|it| self.between(moved, *it))
                .sum();
            before += to_before;
            after -= to_after;
            across += to_after - to_before;
            if split < LEAST {
                continue;
            }
            let (m, n) = (split as f64, (count - split) as f64);
            let pairs = |it: f64| it * (it - 1.0) / 2.0;
            let energy = 2.0 * across / (m * n) - before / pairs(m) - after / pairs(n);
            let good = energy * m * n / (m + n);
            if best.is_none_or(|(_, most)| good > most) {
                best = Some((split, good));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Annual flow of the Nile at Aswan from 1871 to 1970, in 10^8 cubic metres (Cobb, Biometrika 65, 1978): it fell in 1899.
    const NILE: [f64; 100] = [
        1120., 1160., 963., 1210., 1160., 1160., 813., 1230., 1370., 1140., 995., 935., 1110.,
        994., 1020., 960., 1180., 799., 958., 1140., 1100., 1210., 1150., 1250., 1260., 1220.,
        1030., 1100., 774., 840., 874., 694., 940., 833., 701., 916., 692., 1020., 1050., 969.,
        831., 726., 456., 824., 702., 1120., 1100., 832., 764., 821., 768., 845., 864., 862., 698.,
        845., 744., 796., 1040., 759., 781., 865., 845., 944., 984., 897., 822., 1010., 771., 676.,
        649., 846., 812., 742., 801., 1040., 860., 874., 848., 890., 744., 749., 838., 1050., 918.,
        986., 797., 923., 975., 815., 1020., 906., 901., 1170., 912., 746., 919., 718., 714., 740.,
    ];

    #[test]
    fn the_nile_fell_in_1899() {
        let found = steps(&NILE);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(1871 + found[0].at, 1899);
        assert!(found[0].p <= 0.002 && found[0].before > found[0].after);
    }

    #[test]
    fn noise_has_no_steps_about_as_often_as_it_should() {
        let mut draws = Draws::new(3);
        let wrong = (0..100).filter(|_| !steps(&draws.normals(40)).is_empty());
        let wrong = wrong.count();
        assert!(wrong <= 5, "{wrong} of 100");
    }

    #[test]
    fn two_steps_are_found_where_they_are() {
        let mut draws = Draws::new(5);
        let noise = draws.normals(60);
        let level = |index: usize| [0.0, 6.0, -3.0][index / 20];
        let values: Vec<f64> = (0..60).map(|index| level(index) + noise[index]).collect();
        let at: Vec<usize> = steps(&values).iter().map(|step| step.at).collect();
        assert_eq!(at, [20, 40]);
        assert!(
            steps(&values[..9]).is_empty(),
            "too few values for two parts"
        );
        assert!(steps(&[1.0; 30]).is_empty(), "no spread, no step");
    }
}

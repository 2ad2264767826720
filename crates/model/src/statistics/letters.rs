//! Which items cannot be told apart, as letters.

/// The compact letter display of items in rank order, best first: two items share a letter exactly if they do not differ.
///
/// By insert and absorb (Piepho, Journal of Computational and Graphical Statistics 13, 2004): all items start with one letter;
/// each pair that differs splits every letter both have into one without the first and one without the second, and a letter whose
/// items another has too is dropped. `differ` is asked once per pair, the better item first.
///
/// Letters run a to z, then aa, ab ..; the first is that of the best item. Where there are more than 26, the letters of an item
/// are set apart by spaces, since "aab" could be read in two ways. Every item has at least one; none of no items. Differences
/// that follow the ranks need no more letters than items; without any order they can need exponentially many.
pub fn letters(count: usize, differ: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let mut columns = vec![vec![true; count]];
    for first in 0..count {
        for second in first + 1..count {
            if differ(first, second) {
                columns = split(columns, first, second);
            }
        }
    }
    // By their best item, then by their second best ..
    columns.sort_by(|a, b| b.cmp(a));
    let separator = if columns.len() > 26 { " " } else { "" };
    let letters_of = |item: usize| {
        let own = (0..columns.len()).filter(|column| columns[*column][item]);
        own.map(letter).collect::<Vec<_>>().join(separator)
    };
    (0..count).map(letters_of).collect()
}

/// No column holds both items afterwards; every other pair that shared one still does.
fn split(columns: Vec<Vec<bool>>, first: usize, second: usize) -> Vec<Vec<bool>> {
    let both = |column: &Vec<bool>| column[first] && column[second];
    let (halved, mut kept): (Vec<_>, Vec<_>) = columns.into_iter().partition(both);
    let whole = kept.len();
    for column in halved {
        for item in [first, second] {
            let mut half = column.clone();
            half[item] = false;
            // Halves are within no other half of the same side, since the columns were not within each other.
            if !kept[..whole].iter().any(|other| within(&half, other)) {
                kept.push(half);
            }
        }
    }
    kept
}

fn within(inner: &[bool], outer: &[bool]) -> bool {
    inner
        .iter()
        .zip(outer)
        .all(|(inner, outer)| *outer || !*inner)
}

/// 0 is a, 25 is z, 26 is aa: digits without a zero.
fn letter(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.insert(0, char::from(b'a' + (index % 26) as u8));
        match (index / 26).checked_sub(1) {
            Some(rest) => index = rest,
            None => return letters.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    fn by_pairs(count: usize, pairs: &[(usize, usize)]) -> Vec<String> {
        letters(count, |a, b| pairs.contains(&(a, b)))
    }

    #[test]
    fn all_alike_and_all_different() {
        assert!(letters(0, |_, _| true).is_empty());
        assert_eq!(letters(1, |_, _| true), ["a"]);
        assert_eq!(letters(3, |_, _| false), ["a", "a", "a"]);
        assert_eq!(letters(3, |_, _| true), ["a", "b", "c"]);
    }

    #[test]
    fn neighbours_that_overlap_share_letters() {
        // Values 0, 1, 2, 3; a difference counts from 2 on.
        assert_eq!(letters(4, |a, b| b - a >= 2), ["a", "ab", "bc", "c"]);
    }

    /// A row with few rounds or much noise, in the middle, that cannot be told from any other.
    #[test]
    fn what_overlaps_everything_has_every_letter() {
        let pairs = [(0, 1), (0, 3), (0, 4), (1, 3), (1, 4), (3, 4)];
        assert_eq!(by_pairs(5, &pairs), ["a", "b", "abcd", "c", "d"]);
    }

    #[test]
    fn after_z_comes_aa() {
        let names: Vec<String> = [0, 25, 26, 27, 51, 52, 701, 702].map(letter).to_vec();
        assert_eq!(names, ["a", "z", "aa", "ab", "az", "ba", "zz", "aaa"]);
        let all = letters(30, |_, b| b != 29);
        assert_eq!((all[0].as_str(), all[28].as_str()), ("a", "ac"));
        assert!(
            all[29].starts_with("a b c ") && all[29].ends_with(" ab ac"),
            "{}",
            all[29]
        );
    }

    #[test]
    fn items_share_a_letter_exactly_if_they_do_not_differ() {
        let mut draws = Draws::new(9);
        for trial in 0..300 {
            let count = trial % 12;
            let often = draws.uniform();
            let matrix: Vec<bool> = (0..count * count)
                .map(|_| draws.uniform() < often)
                .collect();
            let differ = |a: usize, b: usize| matrix[a * count + b];
            let letters = letters(count, differ);
            let mixed = letters.iter().any(|letters| letters.contains(' '));
            let set = |item: usize| -> Vec<String> {
                match mixed {
                    true => letters[item].split(' ').map(str::to_owned).collect(),
                    false => letters[item].chars().map(String::from).collect(),
                }
            };
            for a in 0..count {
                assert!(!letters[a].is_empty());
                for b in a + 1..count {
                    let share = set(a).iter().any(|letter| set(b).contains(letter));
                    assert_eq!(share, !differ(a, b), "{a} {b} {letters:?}");
                }
            }
            assert!(count == 0 || letters[0].starts_with('a'));
        }
    }
}

//! Where the names of points find room, so that none lies on another.

/// Room that is taken: left, top, right and bottom.
pub(super) type Room = [f64; 4];

/// How far a name is from its point at least.
const NEAREST: f64 = 7.0;

/// Directions in the order in which they are tried, to the right first.
const DIRECTIONS: [(f64, f64); 12] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.87, -0.5),
    (0.87, 0.5),
    (-0.87, -0.5),
    (-0.87, 0.5),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.5, -0.87),
    (0.5, 0.87),
    (-0.5, -0.87),
    (-0.5, 0.87),
];

/// What is taken inside a room.
pub(super) struct Places {
    inside: Room,
    taken: Vec<Room>,
}

impl Places {
    /// Nothing is taken.
    pub(super) fn inside(inside: Room) -> Places {
        Places {
            inside,
            taken: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, room: Room) {
        self.taken.push(room);
    }

    /// Takes the nearest free room of that size around a point, at most so far away. It stands beside the point and not on it.
    pub(super) fn near(&mut self, at: (f64, f64), size: (f64, f64), most: f64) -> Option<Room> {
        let mut away = NEAREST;
        while away <= most {
            for (x, y) in DIRECTIONS {
                let middle = (
                    at.0 + x * (away + size.0 / 2.0),
                    at.1 + y * (away + size.1 / 2.0),
                );
                let room = [
                    middle.0 - size.0 / 2.0,
                    middle.1 - size.1 / 2.0,
                    middle.0 + size.0 / 2.0,
                    middle.1 + size.1 / 2.0,
                ];
                if self.free(&room) {
                    self.taken.push(room);
                    return Some(room);
                }
            }
            away += 5.0;
        }
        None
    }

    fn free(&self, room: &Room) -> bool {
        let within = room[0] >= self.inside[0]
            && room[1] >= self.inside[1]
            && room[2] <= self.inside[2]
            && room[3] <= self.inside[3];
        within && !self.taken.iter().any(|it| meet(it, room))
    }
}

fn meet(a: &Room, b: &Room) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_place_stand_apart_until_there_is_no_room() {
        let mut places = Places::inside([0.0, 0.0, 200.0, 100.0]);
        let mut found: Vec<Room> = Vec::new();
        while let Some(room) = places.near((100.0, 50.0), (60.0, 14.0), 400.0) {
            assert!(found.iter().all(|it| !meet(it, &room)), "{room:?}");
            assert!(room[0] >= 0.0 && room[3] <= 100.0, "{room:?}");
            found.push(room);
        }
        // To the right first; and at most as many as fit.
        assert_eq!(found[0], [107.0, 43.0, 167.0, 57.0]);
        assert!((5..=23).contains(&found.len()), "{}", found.len());
        assert_eq!(places.near((100.0, 50.0), (300.0, 14.0), 400.0), None);
    }
}

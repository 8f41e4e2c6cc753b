//! Largest reduction within a window that slides: how the gain is already down when the peak comes. (The largest
//! reduction is the least gain.)

/// A sliding maximum of integers over the last `len` of them.
///
/// Kept is only what can still become the maximum: a value goes when a later one is as large. Each goes in once and
/// out once, so the work per value is constant on average, and never more than the window's length.
#[derive(Clone, Debug)]
pub(super) struct WindowMax {
    /// A ring of (when it came, value), values falling from front to back.
    ring: Vec<(u64, i64)>,
    front: usize,
    count: usize,
    len: usize,
    now: u64,
}

impl WindowMax {
    /// Room for windows up to `capacity` values, over a past of zeros.
    pub(super) fn new(capacity: usize) -> Self {
        let ring = vec![(0, 0); capacity.max(1)];
        Self { len: ring.len(), ring, front: 0, count: 0, now: 0 }
    }

    /// Forgets the past and takes a window of `len` values, at most the capacity.
    pub(super) fn reset(&mut self, len: usize) {
        self.len = len.clamp(1, self.ring.len());
        self.front = 0;
        self.count = 0;
        self.now = 0;
    }

    /// Takes a value in, 0 or more, and returns the largest of the last `len`.
    #[inline]
    pub(super) fn tick(&mut self, value: i64) -> i64 {
        while self.count > 0 && self.ring[self.place(self.count - 1)].1 <= value {
            self.count -= 1;
        }
        if self.count > 0 && self.now - self.ring[self.front].0 >= self.len as u64 {
            self.front = self.place(1);
            self.count -= 1;
        }
        let back = self.place(self.count);
        self.ring[back] = (self.now, value);
        self.count += 1;
        self.now += 1;
        self.ring[self.front].1
    }

    /// Place in the ring of the value `at` places behind the front.
    #[inline]
    fn place(&self, at: usize) -> usize {
        let place = self.front + at;
        if place >= self.ring.len() { place - self.ring.len() } else { place }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn is_the_largest_of_the_window(values in prop::collection::vec(0..50_i64, 1..300), len in 1..20_usize) {
            let mut window = WindowMax::new(20);
            window.reset(len);
            for n in 0..values.len() {
                let expected = values[(n + 1).saturating_sub(len)..=n].iter().copied().max();
                prop_assert_eq!(Some(window.tick(values[n])), expected, "at {}", n);
            }
        }
    }

    #[test]
    fn falling_and_rising_runs_fill_and_empty_it() {
        let mut window = WindowMax::new(5);
        window.reset(5);
        let out: Vec<i64> = [9, 8, 7, 6, 5, 4, 3, 9, 1, 1, 1, 1, 1].map(|value| window.tick(value)).to_vec();
        assert_eq!(out, [9, 9, 9, 9, 9, 8, 7, 9, 9, 9, 9, 9, 1]);
    }
}

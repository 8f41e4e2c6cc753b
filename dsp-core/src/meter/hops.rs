//! Hops of 10 ms: the grain of every windowed meter.

/// Hops per second. At 10 ms, the loudest 400 ms are missed by at most half a hop, which reads 0.06 LU low; the tones of
/// EBU Tech 3341 begin and end on hops.
pub(super) const HOPS_PER_S: f64 = 100.0;
/// Hops in 100 ms: from one gating block to the next.
pub(super) const HOPS_IN_100_MS: usize = 10;
/// Hops in 400 ms: momentary loudness, a gating block, correlation.
pub(super) const HOPS_IN_400_MS: usize = 40;
/// Hops in 3 s: short-term loudness.
pub(super) const HOPS_IN_3_S: usize = 300;

/// Counts frames into hops. Where a hop is not a whole number of frames (11,025 Hz: 110.25), each ends at the frame
/// nearest to its time since `reset`: hops differ by a frame but never drift, and a window of any number of hops is exact
/// to a frame.
#[derive(Clone, Debug)]
pub(super) struct HopClock {
    sample_rate_hz: f64,
    hops_per_s: f64,
    /// Whole hops since `reset`.
    pub(super) done: u64,
    left: usize,
}

impl HopClock {
    pub(super) fn new(sample_rate_hz: f64, hops_per_s: f64) -> Self {
        let mut clock = Self { sample_rate_hz, hops_per_s, done: 0, left: 0 };
        clock.reset();
        clock
    }

    pub(super) fn reset(&mut self) {
        self.done = 0;
        self.left = self.frames_between(0, 1);
    }

    /// Takes the frames up to the end of the current hop from `rest`, and tells whether they complete it; `None` if no
    /// frames are left.
    pub(super) fn take<'a, T>(&mut self, rest: &mut &'a [T]) -> Option<(&'a [T], bool)> {
        if rest.is_empty() {
            return None;
        }
        let (now, later) = rest.split_at(self.left.min(rest.len()));
        *rest = later;
        self.left -= now.len();
        let completes = self.left == 0;
        if completes {
            self.done += 1;
            self.left = self.frames_between(self.done, self.done + 1);
        }
        Some((now, completes))
    }

    /// Frames in the last `hops` whole hops.
    pub(super) fn frames_in_last(&self, hops: usize) -> usize {
        self.frames_between(self.done.saturating_sub(hops as u64), self.done)
    }

    fn frames_between(&self, from: u64, to: u64) -> usize {
        let end = |hop: u64| (hop as f64 * self.sample_rate_hz / self.hops_per_s).round();
        (end(to) - end(from)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(clock: &mut HopClock, count: u64) -> usize {
        let mut frames = 0;
        while clock.done < count {
            frames += 1;
            clock.take(&mut [()].as_slice());
        }
        frames
    }

    #[test]
    fn windows_are_exact_to_a_frame_at_any_rate() {
        for rate in [8_000.0, 11_025.0, 22_050.0, 44_100.0, 44_101.0, 48_000.0, 96_000.5, 768_000.0] {
            let mut clock = HopClock::new(rate, HOPS_PER_S);
            let mut frames = 0;
            for second in 1..=3_u64 {
                frames += run(&mut clock, second * 100);
                assert!((frames as f64 - second as f64 * rate).abs() <= 0.5, "{rate} Hz: {frames}");
                assert!((clock.frames_in_last(40) as f64 - 0.4 * rate).abs() <= 1.0, "{rate} Hz");
            }
        }
    }

    #[test]
    fn hops_of_a_fractional_length_alternate() {
        let mut clock = HopClock::new(11_025.0, HOPS_PER_S);
        let lengths: Vec<_> = (1..=8).map(|hop| run(&mut clock, hop)).collect();
        assert_eq!(lengths, [110, 111, 110, 110, 110, 111, 110, 110]);
    }

    #[test]
    fn hops_do_not_drift_in_twelve_hours() {
        let mut clock = HopClock::new(44_100.0, HOPS_PER_S);
        clock.done = 12 * 3600 * 100;
        assert_eq!(clock.frames_in_last(HOPS_IN_3_S), 132_300);
    }

    #[test]
    fn a_block_is_cut_where_the_hop_ends() {
        let mut clock = HopClock::new(8_000.0, HOPS_PER_S); // 80 frames
        let lengths = |clock: &mut HopClock, mut block: &[()]| {
            let mut lengths = Vec::new();
            while let Some((now, completes)) = clock.take(&mut block) {
                lengths.push((now.len(), completes));
            }
            lengths
        };
        assert_eq!(lengths(&mut clock, &[(); 79]), [(79, false)]);
        assert_eq!(lengths(&mut clock, &[(); 100]), [(1, true), (80, true), (19, false)]);
        assert_eq!(lengths(&mut clock, &[]), []);
    }
}

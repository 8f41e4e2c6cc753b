//! Time cut into steps of 10 ms, the grain of every windowed meter.

/// Steps per second. 10 ms: the loudest 400 ms are missed by at most half a step, which reads 0.06 LU low; the tones
/// of EBU Tech 3341 begin and end on steps.
const STEPS_PER_S: f64 = 100.0;

/// Steps in 100 ms: from one gating block to the next.
pub(super) const HOPS_IN_100_MS: usize = 10;
/// Steps in 400 ms: momentary loudness, a gating block, correlation.
pub(super) const HOPS_IN_400_MS: usize = 40;
/// Steps in 3 s: short-term loudness.
pub(super) const HOPS_IN_3_S: usize = 300;

/// Counts frames into steps. Where a rate does not divide (11,025 Hz: 110.25 frames a step), each step ends at the
/// frame nearest to its time since `reset`: steps differ by a frame, but never drift, and a window of any number of
/// steps is right to a frame.
#[derive(Clone, Debug)]
pub(super) struct HopClock {
    sample_rate_hz: f64,
    done: u64,
    left: usize,
}

impl HopClock {
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let mut steps = Self { sample_rate_hz, done: 0, left: 0 };
        steps.reset();
        steps
    }

    pub(super) fn reset(&mut self) {
        self.done = 0;
        self.left = self.frames_between(0, 1);
    }

    /// Whole steps since `reset`.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    /// Cuts a block after the step under way, or nowhere if the step is longer.
    pub(super) fn split<'a, T>(&self, block: &'a [T]) -> (&'a [T], &'a [T]) {
        block.split_at(self.left.min(block.len()))
    }

    /// Goes `frames` further, at most to the end of the step; true when it was reached.
    pub(super) fn advance(&mut self, frames: usize) -> bool {
        self.left = self.left.saturating_sub(frames);
        if self.left > 0 {
            return false;
        }
        self.done += 1;
        self.left = self.frames_between(self.done, self.done + 1);
        true
    }

    /// Frames in the last `steps` steps, all of them done.
    pub(super) fn frames_in_last(&self, steps: usize) -> usize {
        self.frames_between(self.done.saturating_sub(steps as u64), self.done)
    }

    fn frames_between(&self, from: u64, to: u64) -> usize {
        let end = |step: u64| (step as f64 * self.sample_rate_hz / STEPS_PER_S).round();
        (end(to) - end(from)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(steps: &mut HopClock, count: u64) -> usize {
        let mut frames = 0;
        while steps.done() < count {
            frames += 1;
            steps.advance(1);
        }
        frames
    }

    #[test]
    fn windows_are_right_to_a_frame_at_any_rate() {
        for rate in [8_000.0, 11_025.0, 22_050.0, 44_100.0, 44_101.0, 48_000.0, 96_000.5, 768_000.0] {
            let mut steps = HopClock::new(rate);
            let mut frames = 0;
            for second in 1..=3_u64 {
                frames += run(&mut steps, second * 100);
                assert!((frames as f64 - second as f64 * rate).abs() <= 0.5, "{rate} Hz: {frames}");
                assert!((steps.frames_in_last(40) as f64 - 0.4 * rate).abs() <= 1.0, "{rate} Hz");
            }
        }
    }

    #[test]
    fn steps_that_do_not_divide_take_turns() {
        let mut steps = HopClock::new(11_025.0);
        let lengths: Vec<_> = (1..=8).map(|step| run(&mut steps, step)).collect();
        assert_eq!(lengths, [110, 111, 110, 110, 110, 111, 110, 110]);
    }

    #[test]
    fn twelve_hours_later_it_is_still_in_time() {
        let mut steps = HopClock::new(44_100.0);
        steps.done = 12 * 3600 * 100;
        assert_eq!(steps.frames_in_last(HOPS_IN_3_S), 132_300);
    }

    #[test]
    fn a_block_is_cut_where_the_step_ends() {
        let mut steps = HopClock::new(8_000.0); // 80 frames
        assert!(!steps.advance(79));
        let block = [0.0; 5];
        assert_eq!(steps.split(&block).0.len(), 1);
        assert!(steps.advance(1));
        assert_eq!(steps.split(&block).0.len(), 5);
    }
}

//! Runs: frames in a row in one channel that have something in common.

/// A run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its first frame, counted from `reset`.
    pub at_frame: u64,
    /// Its length.
    pub frames: u64,
    /// Its channel: 0 is left or mono.
    pub channel: usize,
}

/// How many runs there were, and the longest one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Samples in all runs, even in those too short to count.
    pub samples: u64,
    /// Runs that were long enough to count.
    pub runs: u64,
    /// The longest of them, the first of several; `None` where there are none.
    pub longest: Option<Run>,
}

impl Summary {
    /// Both together.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        let longest = match (self.longest, other.longest) {
            (Some(a), Some(b)) if b.frames > a.frames => Some(b),
            (a, b) => a.or(b),
        };
        Self { samples: self.samples + other.samples, runs: self.runs + other.runs, longest }
    }
}

/// Counts the runs of one channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs {
    samples: u64,
    runs: u64,
    longest: u64,
    longest_at: u64,
    now: u64,
}

impl Runs {
    /// The sample at `frame` belongs to a run, which counts from `min_frames` on.
    #[inline]
    pub(super) fn hit(&mut self, frame: u64, min_frames: u64) {
        self.now += 1;
        self.samples += 1;
        if self.now == min_frames {
            self.runs += 1;
        }
        if self.now >= min_frames && self.now > self.longest {
            self.longest = self.now;
            self.longest_at = frame + 1 - self.now;
        }
    }

    /// The next sample belongs to none.
    #[inline]
    pub(super) fn miss(&mut self) {
        self.now = 0;
    }

    pub(super) fn summary(&self, channel: usize) -> Summary {
        let longest = (self.longest > 0).then_some(Run { at_frame: self.longest_at, frames: self.longest, channel });
        Summary { samples: self.samples, runs: self.runs, longest }
    }
}

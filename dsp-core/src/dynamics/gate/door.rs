//! Open or closed: a threshold with hysteresis and hold.
//!
//! Decided on |x| of the louder channel, compared as it is: no level needs to be computed.

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Door {
    opens_above: f64,
    closes_below: f64,
    hold_frames: u32,
    is_open: bool,
    /// Frames since the level was last above the closing threshold.
    below_frames: u32,
}

impl Door {
    /// Closed, and aimed nowhere yet.
    pub(super) const fn new() -> Self {
        Self { opens_above: 0.0, closes_below: 0.0, hold_frames: 0, is_open: false, below_frames: 0 }
    }

    /// New thresholds, as linear magnitudes.
    pub(super) fn aim(&mut self, opens_above: f64, closes_below: f64) {
        (self.opens_above, self.closes_below) = (opens_above, closes_below);
    }

    /// Another hold.
    pub(super) fn set_hold(&mut self, frames: u32) {
        self.hold_frames = frames;
    }

    /// Puts it, with the whole hold before it.
    pub(super) fn put(&mut self, open: bool) {
        (self.is_open, self.below_frames) = (open, 0);
    }

    /// Looks at one more |x|; says whether it is open.
    #[inline]
    pub(super) fn tick(&mut self, level: f64) -> bool {
        if level > self.closes_below {
            self.below_frames = 0;
            self.is_open |= level > self.opens_above;
        } else if self.is_open {
            self.below_frames += 1;
            self.is_open = self.below_frames < self.hold_frames;
        }
        self.is_open
    }
}

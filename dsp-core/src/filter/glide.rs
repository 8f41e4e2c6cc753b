//! Coefficients on their way from one design to the next.
//!
//! Designing a filter for every frame is dear, and jumping to a new design every [`CONTROL_FRAMES`] is heard as
//! zipper noise. So filters are designed once per control step, for its end, and blended there frame by frame.

use crate::smooth::CONTROL_FRAMES;

/// Coefficients that can be blended: every blend of two stable filters must itself be stable.
pub trait Blend: Copy {
    /// These at `t` = 0, `to` at 1, in between evenly.
    #[must_use]
    fn blend(&self, to: &Self, t: f64) -> Self;
}

/// Coefficients that go to the next design within one control step, and rest there exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glide<C> {
    from: C,
    to: C,
    frame: usize,
}

impl<C: Blend> Glide<C> {
    /// At rest.
    #[must_use]
    pub fn new(coeffs: C) -> Self {
        Self { from: coeffs, to: coeffs, frame: CONTROL_FRAMES }
    }

    /// Sets out for `coeffs`, to be there after [`CONTROL_FRAMES`]. To be called when the last glide has ended.
    pub fn aim(&mut self, coeffs: C) {
        debug_assert!(self.is_settled());
        *self = Self { from: self.to, to: coeffs, frame: 0 };
    }

    /// Whether it rests.
    #[inline]
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.frame == CONTROL_FRAMES
    }

    /// Where it goes or rests.
    #[inline]
    #[must_use]
    pub fn target(&self) -> &C {
        &self.to
    }

    /// Goes one frame further and returns the coefficients there.
    #[inline]
    pub fn tick(&mut self) -> C {
        self.frame = (self.frame + 1).min(CONTROL_FRAMES);
        if self.is_settled() {
            return self.to;
        }
        self.from.blend(&self.to, self.frame as f64 / CONTROL_FRAMES as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Blend for f64 {
        fn blend(&self, to: &Self, t: f64) -> Self {
            self + t * (to - self)
        }
    }

    #[test]
    fn arrives_after_a_control_step_in_equal_steps() {
        let mut glide = Glide::new(2.0);
        assert!(glide.is_settled());
        glide.aim(34.0);
        for frame in 1..=CONTROL_FRAMES {
            assert!(!glide.is_settled());
            assert_eq!(glide.tick(), 2.0 + frame as f64);
        }
        assert!(glide.is_settled());
        assert_eq!((glide.tick(), *glide.target()), (34.0, 34.0));
    }
}

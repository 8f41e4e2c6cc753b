//! The gain trajectory: windowed maximum, link and release, smoothing.
//!
//! Each channel has its own window and smoother. Once both links are settled at 100 % and both channels have had the same
//! reduction for as long as the state reaches back, they are *joined*: the first is processed for both, at half the
//! work. When a link moves they separate, from equal states.

use super::attack::AttackSmoother;
use super::release::{Ballistics, Link, Release};
use super::scan::{larger, largest};
use super::steps::over;
use super::window_max::WindowMax;
use crate::interpolate::peaks::CHUNK;

/// State of one channel.
#[derive(Clone, Debug)]
struct Channel {
    window: WindowMax,
    shape: AttackSmoother,
}

/// The reduction of both channels over time.
#[derive(Clone, Debug)]
pub(super) struct GainTrajectory {
    channels: [Channel; 2],
    pub(super) release: Release,
    lookahead_frames: usize,
    joined: bool,
    /// Frames for which both channels have had the same reduction.
    alike: usize,
    /// Frames since the last reduction.
    idle: usize,
}

impl GainTrajectory {
    /// Room for lookaheads up to `capacity` frames.
    pub(super) fn new(capacity: usize) -> Self {
        let channel = Channel { window: WindowMax::new(capacity + 1), shape: AttackSmoother::new(capacity, false) };
        Self {
            channels: [channel.clone(), channel],
            release: Release::default(),
            lookahead_frames: capacity,
            joined: false,
            alike: 0,
            idle: 0,
        }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        for channel in &mut self.channels {
            channel.shape.prepare(sample_rate_hz);
        }
    }

    /// Clears the state and adopts a lookahead.
    pub(super) fn reset(&mut self, lookahead_frames: usize, is_late: bool) {
        self.lookahead_frames = lookahead_frames;
        for Channel { window, shape } in &mut self.channels {
            window.reset(lookahead_frames + 1);
            shape.reset(lookahead_frames, is_late);
        }
        self.release = Release::default();
        self.joined = false;
        self.alike = self.memory() + 1;
        self.idle = 0;
    }

    /// Frames that the state reaches back.
    fn memory(&self) -> usize {
        self.lookahead_frames + CHUNK
    }

    /// Starts the fade to the other attack.
    pub(super) fn set(&mut self, is_late: bool) {
        for channel in &mut self.channels {
            channel.shape.set(is_late);
        }
    }

    /// Before a chunk: joins or separates the channels. Returns whether they are joined.
    pub(super) fn adopt(&mut self, links_full: bool) -> bool {
        let memory = self.memory();
        let [left, right] = &mut self.channels;
        if self.joined && !links_full {
            right.window.copy_from(&left.window);
            right.shape.copy_from(&left.shape);
            (self.joined, self.alike) = (false, 0);
        } else if !self.joined && links_full && self.alike > memory && self.release.join() {
            left.window.join(&right.window);
            self.joined = true;
        }
        self.joined
    }

    /// Whether a chunk that needs no reduction can be skipped. `links_settled`: whether both links are.
    pub(super) fn is_idle(&mut self, links_settled: bool) -> bool {
        links_settled && self.channels[0].shape.is_steady() && self.idle > self.memory() && self.release.settle()
    }

    /// Replaces peaks relative to the ceiling by the reductions, in steps, of the frames a lookahead ago. Of joined
    /// channels only the first is read and written. Returns for each channel whether all are known to be the same.
    #[inline(always)]
    pub(super) fn process(
        &mut self,
        ratios: &mut [[f64; CHUNK]; 2],
        ballistics: &Ballistics,
        link: impl FnMut() -> Link,
    ) -> [bool; 2] {
        let count = if self.joined { 1 } else { 2 };
        let mut level = [false; 2];
        for (lane, steps) in ratios.iter_mut().enumerate().take(count) {
            // The window first: its output is often constant for a while.
            self.channels[lane].window.process(steps);
            level[lane] = over(steps);
        }
        if self.joined {
            level[0] = self.release.run_chunk(&mut ratios[0], ballistics, level[0]);
        } else {
            level = [false; 2];
            let alike = self.release_apart(ratios, ballistics, link);
            self.alike = if alike { self.alike.saturating_add(CHUNK) } else { 0 };
        }
        self.release.settle();
        let mut most = if level[0] { ratios[0][0] } else { largest(&ratios[0]) };
        if !self.joined {
            most = larger(most, largest(&ratios[1]));
        }
        self.idle = if most > 0.0 { 0 } else { self.idle.saturating_add(CHUNK) };
        for (lane, steps) in ratios.iter_mut().enumerate().take(count) {
            level[lane] = self.channels[lane].shape.process(steps, level[lane]);
        }
        level
    }

    /// Link and release of separate channels. Returns whether both get the same.
    #[inline(always)]
    fn release_apart(
        &mut self,
        steps: &mut [[f64; CHUNK]; 2],
        ballistics: &Ballistics,
        mut link: impl FnMut() -> Link,
    ) -> bool {
        let (mut release, mut alike) = (self.release, true);
        let [left, right] = steps;
        for (left, right) in left.iter_mut().zip(right) {
            [*left, *right] = release.tick([*left, *right], ballistics, link());
            alike &= left == right;
        }
        self.release = release;
        alike
    }
}

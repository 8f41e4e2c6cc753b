//! From what each channel needs to what it gets: windowed maximum, link and release, smoothing.
//!
//! Each channel has its window and its smoother. Where both links rest at 100 % and both channels have been given the
//! same for as long as anything remembers, they are *joined*: one goes on for both, at half the work. The links move,
//! and they part again, as equals.

use super::release::{Law, Link, Release};
use super::scan::largest;
use super::shape::Shape;
use super::steps::{larger, over};
use super::window_max::WindowMax;
use crate::interpolate::peaks::CHUNK;

/// What one channel remembers.
#[derive(Clone, Debug)]
struct Channel {
    window: WindowMax,
    shape: Shape,
}

/// The course of the reduction in both channels.
#[derive(Clone, Debug)]
pub(super) struct Course {
    channels: [Channel; 2],
    pub(super) release: Release,
    lookahead_frames: usize,
    joined: bool,
    /// Frames for which both channels were given the same.
    alike: usize,
    /// Frames since anything was reduced.
    idle: usize,
}

impl Course {
    /// Room for lookaheads up to `capacity` frames.
    pub(super) fn new(capacity: usize) -> Self {
        let channel = Channel { window: WindowMax::new(capacity + 1), shape: Shape::new(capacity, false) };
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

    /// Nothing is reduced, and nothing known of the past.
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

    /// Frames after which what was given no longer counts.
    fn memory(&self) -> usize {
        self.lookahead_frames + CHUNK
    }

    /// Sets out for the other shape.
    pub(super) fn set(&mut self, is_late: bool) {
        for channel in &mut self.channels {
            channel.shape.set(is_late);
        }
    }

    /// Before a chunk: joins or parts the channels. Returns whether they are joined.
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

    /// Whether a chunk in which nothing is needed changes nothing; `links_rest` is whether they stand still.
    pub(super) fn is_idle(&mut self, links_rest: bool) -> bool {
        links_rest && self.channels[0].shape.is_steady() && self.idle > self.memory() && self.release.settle()
    }

    /// Replaces peaks relative to the ceiling by the steps to give for the frames a lookahead ago. Of joined channels
    /// only the first is looked at and made. Returns whether all of a channel's are the same, as far as it knows.
    #[inline(always)]
    pub(super) fn process(
        &mut self,
        ratios: &mut [[f64; CHUNK]; 2],
        law: &Law,
        link: impl FnMut() -> Link,
    ) -> [bool; 2] {
        let count = if self.joined { 1 } else { 2 };
        let mut level = [false; 2];
        for (lane, steps) in ratios.iter_mut().enumerate().take(count) {
            // The window first: what it leaves is often the same for a while.
            self.channels[lane].window.process(steps);
            level[lane] = over(steps);
        }
        if self.joined {
            level[0] = self.release.run_chunk(&mut ratios[0], law, level[0]);
        } else {
            level = [false; 2];
            let alike = self.release_apart(ratios, law, link);
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

    /// Link and release of channels that are not joined. Returns whether both are given the same.
    #[inline(always)]
    fn release_apart(&mut self, steps: &mut [[f64; CHUNK]; 2], law: &Law, mut link: impl FnMut() -> Link) -> bool {
        let (mut release, mut alike) = (self.release, true);
        let [left, right] = steps;
        for (left, right) in left.iter_mut().zip(right) {
            [*left, *right] = release.tick([*left, *right], law, link());
            alike &= left == right;
        }
        self.release = release;
        alike
    }
}

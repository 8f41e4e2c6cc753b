//! The limiter's moving settings, frame by frame.

use super::clip::soft_clip;
use super::release::Link;
use super::settings::Settings;
use crate::Frame;
use crate::interpolate::peaks::CHUNK;
use crate::saturation::Level;
use crate::smooth::Smoothed;
use crate::units::pct_to_fraction;

/// All of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    drive: Level,
    ceiling: Level,
    clip: Smoothed,
    link: Smoothed,
    release_link: Smoothed,
    /// Whether the gains last set were all those at which they rest.
    set: bool,
}

impl Levels {
    pub(super) fn new(settings: &Settings) -> Self {
        let fraction = |pct: f64| Smoothed::new(pct_to_fraction(pct));
        Self {
            drive: Level::new(settings.drive_db),
            ceiling: Level::new(settings.ceiling_db),
            clip: fraction(settings.soft_clip_pct),
            link: fraction(settings.transient_link_pct),
            release_link: fraction(settings.release_link_pct),
            set: false,
        }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.drive.prepare(sample_rate_hz);
        self.ceiling.prepare(sample_rate_hz);
        for each in [&mut self.clip, &mut self.link, &mut self.release_link] {
            each.prepare(sample_rate_hz);
        }
    }

    pub(super) fn reset(&mut self) {
        self.set = false;
        self.drive.reset();
        self.ceiling.reset();
        for each in [&mut self.clip, &mut self.link, &mut self.release_link] {
            each.reset();
        }
    }

    pub(super) fn set(&mut self, settings: &Settings) {
        self.drive.set(settings.drive_db);
        self.ceiling.set(settings.ceiling_db);
        self.clip.set(pct_to_fraction(settings.soft_clip_pct));
        self.link.set(pct_to_fraction(settings.transient_link_pct));
        self.release_link.set(pct_to_fraction(settings.release_link_pct));
    }

    /// Gains of drive and ceiling as they rest, or last were.
    pub(super) fn gains(&self) -> [f64; 2] {
        [self.drive.gain(), self.ceiling.gain()]
    }

    /// Drives and clips at most a chunk; sets the gains of drive and ceiling in each frame. Returns whether all of those
    /// are, and were before, [`Self::gains`].
    #[inline]
    pub(super) fn process(&mut self, frames: &mut [Frame], gains: &mut [[f64; 2]; CHUNK]) -> bool {
        let rests = self.drive.is_settled() && self.ceiling.is_settled();
        let set = core::mem::replace(&mut self.set, rests);
        if rests && !set {
            gains.fill(self.gains());
        }
        let plain = self.clip.is_settled() && self.clip.value() == 0.0;
        if rests && plain {
            let drive = self.drive.gain();
            for x in frames.as_flattened_mut() {
                *x *= drive;
            }
        } else if plain {
            let [mut drives, mut ceilings] = [[0.0; CHUNK]; 2];
            self.drive.run(&mut drives[..frames.len()]);
            self.ceiling.run(&mut ceilings[..frames.len()]);
            for ((frame, gains), now) in frames.iter_mut().zip(gains).zip(drives.into_iter().zip(ceilings)) {
                *frame = [frame[0] * now.0, frame[1] * now.0];
                *gains = [now.0, now.1];
            }
        } else {
            for (frame, gains) in frames.iter_mut().zip(gains) {
                (*frame, *gains) = self.tick(*frame);
            }
        }
        rests && set
    }

    /// Drives and clips the next frame; returns it, and the gains of drive and ceiling there.
    #[inline]
    fn tick(&mut self, input: Frame) -> (Frame, [f64; 2]) {
        let (drive, ceiling, clip) = (self.drive.tick(), self.ceiling.tick(), self.clip.tick());
        let driven = input.map(|x| x * drive);
        let driven = if clip == 0.0 { driven } else { driven.map(|x| soft_clip(x / ceiling, clip) * ceiling) };
        (driven, [drive, ceiling])
    }

    /// Whether the links rest.
    pub(super) fn links_rest(&self) -> bool {
        self.link.is_settled() && self.release_link.is_settled()
    }

    /// Whether they rest at 100 %.
    pub(super) fn links_full(&self) -> bool {
        self.links_rest() && self.link.value() == 1.0 && self.release_link.value() == 1.0
    }

    /// How far the channels are linked in the next frame.
    #[inline]
    pub(super) fn link(&mut self) -> Link {
        Link { quick: self.link.tick(), slow: self.release_link.tick() }
    }
}

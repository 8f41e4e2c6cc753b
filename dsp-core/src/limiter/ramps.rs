//! Ramps of the limiter's settings, and what drives and clips.

use super::clip::soft_clip;
use super::release::Link;
use super::settings::Settings;
use crate::Frame;
use crate::gain_ramp::GainRamp;
use crate::interpolate::peaks::CHUNK;
use crate::smooth::Smoothed;
use crate::units::pct_to_fraction;

/// Ramps of all settings that move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ramps {
    drive: GainRamp,
    ceiling: GainRamp,
    clip: Smoothed,
    link: Smoothed,
    release_link: Smoothed,
    /// Whether the gains last written were all the settled ones.
    set: bool,
}

impl Ramps {
    pub(super) fn new(settings: &Settings) -> Self {
        let fraction = |pct: f64| Smoothed::new(pct_to_fraction(pct));
        Self {
            drive: GainRamp::new(settings.drive_db),
            ceiling: GainRamp::new(settings.ceiling_db),
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

    /// Linear drive and ceiling, now.
    pub(super) fn gains(&self) -> [f64; 2] {
        [self.drive.gain(), self.ceiling.gain()]
    }

    /// Drives and clips at most a chunk; writes drive and ceiling of each frame to `gains`. Returns whether all of
    /// those, and the ones before, are [`Self::gains`].
    #[inline]
    pub(super) fn process(&mut self, frames: &mut [Frame], gains: &mut [[f64; 2]; CHUNK]) -> bool {
        let settled = self.drive.is_settled() && self.ceiling.is_settled();
        let set = core::mem::replace(&mut self.set, settled);
        if settled && !set {
            gains.fill(self.gains());
        }
        let plain = self.clip.is_settled() && self.clip.value() == 0.0;
        if settled && plain {
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
        settled && set
    }

    /// Drives and clips the next frame; returns it with its drive and ceiling.
    #[inline]
    fn tick(&mut self, input: Frame) -> (Frame, [f64; 2]) {
        let (drive, ceiling, clip) = (self.drive.tick(), self.ceiling.tick(), self.clip.tick());
        let driven = input.map(|x| x * drive);
        let driven = if clip == 0.0 { driven } else { driven.map(|x| soft_clip(x / ceiling, clip) * ceiling) };
        (driven, [drive, ceiling])
    }

    /// Whether both links are settled.
    pub(super) fn links_settled(&self) -> bool {
        self.link.is_settled() && self.release_link.is_settled()
    }

    /// Whether both links are settled at 100 %.
    pub(super) fn links_full(&self) -> bool {
        self.links_settled() && self.link.value() == 1.0 && self.release_link.value() == 1.0
    }

    /// Links in the next frame.
    #[inline]
    pub(super) fn link(&mut self) -> Link {
        Link { fast: self.link.tick(), slow: self.release_link.tick() }
    }
}

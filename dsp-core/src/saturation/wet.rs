//! The saturated sound, put over the same sound that has waited for it.
//!
//! Who runs it brings both: the sound as it is now, and as it was [`Wet::latency_frames`] ago. So several can share
//! one line of what waits, as the bands of the multiband do.

use super::settings::Settings;
use super::shaper::Shaper;
use super::tone::{self, OffsetFilter, Tilt};
use crate::Frame;
use crate::gain_ramp::GainRamp;
use crate::oversample::{Factor, Oversampler};
use crate::smooth::{CONTROL_FRAMES, RAMP_MS, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;
use crate::units::{ms_to_frames, pct_to_fraction};

/// How long its filters ring from having begun in the middle of a sound: what they had of it is −46 dB then.
const SETTLING_FRAMES: usize = 64;

/// A running saturation without what is dry.
#[derive(Clone, Debug)]
pub(crate) struct Wet {
    settings: Settings,
    fade_frames: usize,
    drive: GainRamp,
    oversampler: Oversampler,
    shaper: Shaper,
    makeup: GainRamp,
    tilt: Tilt,
    offset: OffsetFilter,
    /// Share of it in the output: the mix, or 0 when off.
    share: Smoothed,
    /// Frames that it still runs unheard, until it has caught up with what has waited and rings no more.
    warming: usize,
}

/// Share that is asked for.
fn share(settings: &Settings) -> f64 {
    if settings.on { pct_to_fraction(settings.mix_pct) } else { 0.0 }
}

impl Wet {
    /// At rest on its settings. Allocates.
    pub(crate) fn new(settings: Settings) -> Self {
        let settings = settings.clamped();
        let mut new = Self {
            settings,
            fade_frames: 1,
            drive: GainRamp::new(settings.drive_db),
            oversampler: Oversampler::new(settings.oversampling),
            shaper: Shaper::new(settings.curve),
            makeup: GainRamp::new(settings.curve.makeup_db(settings.drive_db)),
            tilt: Tilt::new(settings.tone_db),
            offset: OffsetFilter::default(),
            share: Smoothed::new(share(&settings)),
            warming: 0,
        };
        new.prepare(UNPREPARED_RATE_HZ);
        new
    }

    /// Learns the rate, then resets.
    pub(crate) fn prepare(&mut self, sample_rate_hz: f64) {
        self.fade_frames = ms_to_frames(RAMP_MS, sample_rate_hz).round().max(1.0) as usize;
        self.drive.prepare(sample_rate_hz);
        self.makeup.prepare(sample_rate_hz);
        self.tilt.prepare(sample_rate_hz);
        self.offset.prepare(sample_rate_hz);
        self.share.prepare(sample_rate_hz);
        self.reset();
    }

    /// Forgets the past and adopts the oversampling.
    pub(crate) fn reset(&mut self) {
        self.share.set(share(&self.settings));
        self.share.reset();
        self.warming = 0;
        self.start(self.settings.oversampling);
    }

    /// Starts from silence, at rest on its settings.
    fn start(&mut self, factor: Factor) {
        self.drive.reset();
        self.makeup.reset();
        self.oversampler.reset(factor);
        self.shaper.reset();
        self.tilt.reset();
        self.offset.reset();
    }

    /// New targets.
    pub(crate) fn set(&mut self, settings: Settings) {
        let settings = settings.clamped();
        if settings == self.settings {
            return;
        }
        let was_running = self.is_running();
        let makes_up_anew = settings.drive_db != self.settings.drive_db || settings.curve != self.settings.curve;
        self.settings = settings;
        self.drive.set(settings.drive_db);
        self.shaper.set(settings.curve);
        if makes_up_anew {
            self.makeup.set(settings.curve.makeup_db(settings.drive_db));
        }
        self.tilt.set(settings.tone_db);
        let share = share(&settings);
        if share == 0.0 {
            self.warming = 0;
        } else if !was_running {
            self.start(self.oversampler.factor());
            self.warming = self.latency_frames().max(SETTLING_FRAMES);
        }
        if self.warming == 0 {
            self.share.set(share);
        }
    }

    /// Whether it is heard, or will be. While not, [`Self::process`] does nothing and need not be called.
    pub(crate) fn is_running(&self) -> bool {
        self.warming > 0 || self.share.target() > 0.0 || !self.share.is_settled()
    }

    /// Puts the saturated `frames` over `waited`, the same sound [`Self::latency_frames`] earlier. `frames` are used
    /// up.
    pub(crate) fn process(&mut self, frames: &mut [Frame], waited: &mut [Frame]) {
        let mut at = 0;
        while at < frames.len() && self.is_running() {
            // Up to where something ends that another thing waits for.
            let mut most = frames.len() - at;
            if self.warming > 0 {
                most = most.min(self.warming);
            }
            let times = self.oversampler.factor().times();
            if let Some(left) = self.shaper.frames_to_fade(self.fade_frames * times) {
                most = most.min(left / times);
            }
            self.process_part(&mut frames[at..at + most], &mut waited[at..at + most]);
            at += most;
        }
    }

    fn process_part(&mut self, frames: &mut [Frame], waited: &mut [Frame]) {
        self.drive.process(frames);
        self.oversampler.process(frames, |frames| self.shaper.process(frames));
        self.makeup.process(frames);
        tone::process(&mut self.tilt, &mut self.offset, frames);
        self.mix(frames, waited);
        if self.warming > 0 {
            self.warming -= frames.len();
            if self.warming == 0 {
                self.share.set(share(&self.settings));
            }
        }
    }

    /// All of either leaves it to the bit.
    fn mix(&mut self, frames: &[Frame], waited: &mut [Frame]) {
        if self.share.is_settled() && self.share.value() == 1.0 {
            waited.copy_from_slice(frames);
            return;
        }
        if self.share.is_settled() {
            let share = self.share.value();
            for (out, wet) in waited.iter_mut().zip(frames) {
                *out = [out[0] + share * (wet[0] - out[0]), out[1] + share * (wet[1] - out[1])];
            }
            return;
        }
        for (waited, frames) in waited.chunks_mut(CONTROL_FRAMES).zip(frames.chunks(CONTROL_FRAMES)) {
            let mut shares = [0.0; CONTROL_FRAMES];
            self.share.run(&mut shares[..frames.len()]);
            for ((out, wet), share) in waited.iter_mut().zip(frames).zip(shares) {
                let mixed = [out[0] + share * (wet[0] - out[0]), out[1] + share * (wet[1] - out[1])];
                *out = [0, 1].map(|lane| if share == 1.0 { wet[lane] } else { mixed[lane] });
            }
        }
    }

    /// How long it takes, with the oversampling adopted by the last `reset`.
    pub(crate) fn latency_frames(&self) -> usize {
        self.oversampler.latency_frames()
    }
}

//! One band while it runs: its ramps, its filter, and when it may be left out.
//!
//! Frequency, gain and Q are looked at once per [`CONTROL_FRAMES`] and the filter glides in between. What has no
//! in-between (on or off, the shape) is crossfaded with the band's own input. A band that is faded out, or rests at
//! 0 dB, is left out: its input stays as it is to the last bit. It wakes with an empty filter, at its settings, and
//! is faded in; so whatever moved while it was not heard is not heard either.

use super::band::{Band, Shape};
use super::crossfade::crossfade;
use crate::Frame;
use crate::filter::glide::Glide;
use crate::filter::svf::{Coeffs, State};
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;

/// A band with its ramps and its filter.
#[derive(Clone, Debug)]
pub(super) struct RunningBand {
    /// What is asked, within ranges.
    wanted: Band,
    /// What is running; differs from what is asked while that is being faded out.
    shape: Shape,
    freq_log2: Smoothed,
    gain_db: Smoothed,
    q_log2: Smoothed,
    /// Share of the filtered signal in the output.
    mix: Smoothed,
    coeffs: Glide<Coeffs>,
    state: State,
    /// Whether the filter runs. Decided at control steps only: in between it would depend on where blocks end.
    running: bool,
    sample_rate_hz: f64,
}

impl RunningBand {
    /// A band at rest.
    pub(super) fn new(band: Band) -> Self {
        let wanted = band.clamped();
        let mut new = Self {
            wanted,
            shape: wanted.shape,
            freq_log2: Smoothed::new(wanted.freq_hz.log2()),
            gain_db: Smoothed::new(wanted.gain_db),
            q_log2: Smoothed::new(wanted.q.log2()),
            mix: Smoothed::new(share(wanted.on)),
            coeffs: Glide::new(wanted.coeffs(UNPREPARED_RATE_HZ)),
            state: State::new(),
            running: false,
            sample_rate_hz: UNPREPARED_RATE_HZ,
        };
        new.reset();
        new
    }

    /// Learns the sample rate, then resets.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        for smoothed in [&mut self.freq_log2, &mut self.gain_db, &mut self.q_log2, &mut self.mix] {
            smoothed.prepare(sample_rate_hz);
        }
        self.reset();
    }

    /// Forgets the past and rests on what is asked.
    pub(super) fn reset(&mut self) {
        self.adopt();
        self.mix.reset();
        self.running = self.is_heard();
    }

    /// New targets.
    pub(super) fn set(&mut self, band: Band) {
        let wanted = band.clamped();
        if wanted == self.wanted {
            return;
        }
        self.wanted = wanted;
        if !self.running {
            self.adopt();
            return;
        }
        let stays = wanted.shape == self.shape;
        self.mix.set(share(wanted.on && stays));
        // The outgoing shape keeps its own numbers to its end.
        if stays {
            self.freq_log2.set(wanted.freq_hz.log2());
            self.gain_db.set(wanted.gain_db);
            self.q_log2.set(wanted.q.log2());
        }
    }

    /// Takes over all that is asked at once, with an empty filter, and sets out to fade in if it is on. Only for a
    /// band that is not heard.
    fn adopt(&mut self) {
        let wanted = self.wanted;
        self.shape = wanted.shape;
        jump(&mut self.freq_log2, wanted.freq_hz.log2());
        jump(&mut self.gain_db, wanted.gain_db);
        jump(&mut self.q_log2, wanted.q.log2());
        jump(&mut self.mix, 0.0);
        self.mix.set(share(wanted.on));
        self.coeffs = Glide::new(wanted.coeffs(self.sample_rate_hz));
        self.state = State::new();
    }

    /// Whether leaving the filter out would change the output, now or on the way to the targets.
    fn is_heard(&self) -> bool {
        let faded_out = self.mix.value() == 0.0 && self.mix.target() == 0.0;
        let flat = self.shape.has_gain() && self.gain_db.value() == 0.0 && self.gain_db.target() == 0.0;
        !faded_out && !flat
    }

    /// What is due every [`CONTROL_FRAMES`], before the frames that follow.
    pub(super) fn control(&mut self) {
        if self.running && self.mix.is_settled() && self.mix.value() == 0.0 {
            self.adopt(); // ready for another shape, or for later
        }
        self.running = self.is_heard();
        if !self.running {
            return;
        }
        let ramps = [&mut self.freq_log2, &mut self.gain_db, &mut self.q_log2];
        if ramps.iter().any(|ramp| !ramp.is_settled()) {
            let [freq_log2, gain_db, q_log2] = ramps.map(|ramp| ramp.skip(CONTROL_FRAMES));
            let due = Band { on: true, shape: self.shape, freq_hz: freq_log2.exp2(), gain_db, q: q_log2.exp2() };
            self.coeffs.aim(due.coeffs(self.sample_rate_hz));
        }
    }

    /// Filters in place what lies between two control steps, or a part of it.
    pub(super) fn process(&mut self, chunk: &mut [Frame]) {
        if !self.running {
            return;
        }
        if self.mix.is_settled() && self.mix.value() == 1.0 {
            self.state.run(&mut self.coeffs, chunk);
            return;
        }
        let mut dry = [[0.0; 2]; CONTROL_FRAMES];
        let dry = &mut dry[..chunk.len()];
        dry.copy_from_slice(chunk);
        self.state.run(&mut self.coeffs, chunk);
        crossfade(&mut self.mix, dry, chunk);
    }
}

/// Share of the filtered signal of a switch.
fn share(on: bool) -> f64 {
    if on { 1.0 } else { 0.0 }
}

/// Rests a ramp on a value at once.
fn jump(smoothed: &mut Smoothed, value: f64) {
    smoothed.set(value);
    smoothed.reset();
}

//! Listening to a band: the equaliser's input through the band's region filter, instead of its output.

use super::band::{Band, Shape, Target};
use super::crossfade::crossfade;
use super::running::jump;
use crate::Frame;
use crate::filter::bank::Bank;
use crate::filter::prototype::Prototype;
use crate::filter::section::Section;
use crate::filter::svf::Coeffs;
use crate::frame::{from_mid_side, to_mid_side};
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;

/// One filter, faded in over the output. Another band or target fades out and in; frequency and Q ramp.
#[derive(Clone, Debug)]
pub(super) struct Listen {
    /// Which band plays, and its target.
    place: (usize, Target),
    freq_log2: Smoothed,
    q_log2: Smoothed,
    /// Share of the region in the output.
    mix: Smoothed,
    bank: Bank,
    /// The filter that the section is designed for.
    region: Prototype,
    section: Section,
    sample_rate_hz: f64,
}

impl Listen {
    pub(super) fn new() -> Self {
        Self {
            place: (0, Target::Stereo),
            freq_log2: Smoothed::new(0.0),
            q_log2: Smoothed::new(0.0),
            mix: Smoothed::new(0.0),
            bank: Bank::new(1),
            region: Band::flat(Shape::Bell, 1000.0).region(),
            section: Section::IDLE,
            sample_rate_hz: UNPREPARED_RATE_HZ,
        }
    }

    /// Learns the sample rate; to be followed by a reset.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        for ramp in [&mut self.freq_log2, &mut self.q_log2, &mut self.mix] {
            ramp.prepare(sample_rate_hz);
        }
    }

    /// Settles on a band and its number, or on nothing.
    pub(super) fn reset(&mut self, asked: Option<(usize, Band)>) {
        jump(&mut self.mix, 0.0);
        if let Some((index, band)) = asked {
            self.adopt(index, band);
            self.mix.reset();
        }
    }

    /// Whether it adds nothing to the output.
    pub(super) fn is_off(&self) -> bool {
        self.mix.is_settled() && self.mix.value() == 0.0
    }

    fn adopt(&mut self, index: usize, band: Band) {
        self.place = (index, band.target);
        let region = band.region();
        jump(&mut self.freq_log2, region.freq_hz.log2());
        jump(&mut self.q_log2, region.q.log2());
        self.region = region;
        self.section = Section::of(Coeffs::design(region, self.sample_rate_hz));
        self.bank.clear(1);
        self.bank.settle(0, [self.section; 2]);
        self.mix.set(1.0);
    }

    /// The control step, due every [`CONTROL_FRAMES`] before the frames that follow.
    pub(super) fn control(&mut self, asked: Option<(usize, Band)>) {
        let before = self.section;
        match asked {
            Some((index, band)) if self.is_off() => return self.adopt(index, band),
            Some((index, band)) if (index, band.target) == self.place => {
                self.mix.set(1.0);
                let region = band.region();
                self.freq_log2.set(region.freq_hz.log2());
                self.q_log2.set(region.q.log2());
                let [freq_log2, q_log2] = [&mut self.freq_log2, &mut self.q_log2].map(|ramp| ramp.skip(CONTROL_FRAMES));
                let due = Prototype { freq_hz: freq_log2.exp2(), q: q_log2.exp2(), ..region };
                if due != self.region {
                    self.region = due;
                    self.section = Section::of(Coeffs::design(due, self.sample_rate_hz));
                }
            }
            _ => self.mix.set(0.0),
        }
        if before == self.section {
            self.bank.settle(0, [before; 2]);
        } else {
            self.bank.glide(0, [before; 2], [self.section; 2]);
        }
    }

    /// Fades from the output to the region of the input, up to the next control step.
    pub(super) fn run(&mut self, input: &[Frame], output: &mut [Frame], phase: usize) {
        let mut region = [[0.0; 2]; CONTROL_FRAMES];
        let region = &mut region[..output.len()];
        for (region, &input) in region.iter_mut().zip(input) {
            *region = only(self.place.1, input);
        }
        self.bank.run(0, 1, region, phase);
        crossfade(&mut self.mix, output, region);
        output.copy_from_slice(region);
    }
}

/// The part of a frame that a target selects, and silence for the rest.
fn only(target: Target, [l, r]: Frame) -> Frame {
    let [m, s] = to_mid_side([l, r]);
    match target {
        Target::Stereo => [l, r],
        Target::Left => [l, 0.0],
        Target::Right => [0.0, r],
        Target::Mid => from_mid_side([m, 0.0]),
        Target::Side => from_mid_side([0.0, s]),
    }
}

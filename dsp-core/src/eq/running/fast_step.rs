//! The control step of a band whose frequency or gain ramps and that has nothing else to decide: what the whole step
//! ([`super`]) would do, to the bit, at less cost.

use super::{DesignQuality, MAX_GAIN_DB, RunningBand};
use crate::filter::matched::{Part, SectionSpec};
use crate::filter::prototype::Prototype;
use crate::smooth::{CONTROL_FRAMES, Smoothed};

impl RunningBand {
    /// Takes the step if the band is in its wanted form, with no dynamics, morph or new Q, in as many filters as before,
    /// and will not have arrived at the step's end; returns whether it did.
    pub(super) fn fast_step(&mut self, scale: &Smoothed, rescaled: bool) -> bool {
        let (form, Some((placed_form, freq_log2, q_log2))) = (self.wanted_form(), self.place) else { return false };
        let same_form = form.is_some() && form == self.form && form == Some(placed_form);
        let others_settled = self.morph.is_settled() && self.q_log2.is_settled() && self.q_log2.value() == q_log2;
        if !(self.running && !self.fresh && same_form && others_settled) || self.is_dynamic() || self.len == 0 {
            return false;
        }
        let goes_on = |ramp: &Smoothed| ramp.frames_left() > CONTROL_FRAMES;
        let gain_moves = self.wanted.shape.has_gain() && (rescaled || goes_on(&self.gain_db));
        let is_flat = self.specs[0].is_none_or(|spec| spec.prototype.gain_db == 0.0);
        if !(gain_moves || goes_on(&self.freq_log2)) || (self.wanted.shape.has_gain() && is_flat) {
            return false;
        }
        let freq_moves = !self.freq_log2.is_settled() || self.freq_log2.value() != freq_log2;
        let mut freq_now = self.freq_log2;
        let freq_hz = freq_moves.then(|| freq_now.skip(CONTROL_FRAMES).exp2());
        if !self.is_divided_as(freq_hz) {
            return false;
        }
        self.freq_log2 = freq_now;
        let gain_db = (scale.value() * self.gain_db.skip(CONTROL_FRAMES)).clamp(-MAX_GAIN_DB, MAX_GAIN_DB);
        for i in 0..self.len {
            self.now[i] = self.next[i];
            let Some(before) = self.specs[i] else { continue };
            let prototype = Prototype {
                gain_db: if before.prototype.shape.has_gain() { gain_db } else { 0.0 },
                freq_hz: freq_hz.unwrap_or(before.prototype.freq_hz),
                ..before.prototype
            };
            let spec = SectionSpec { prototype, ..before };
            if spec != before || self.quality[i] != DesignQuality::Approximate {
                (self.specs[i], self.quality[i]) = (Some(spec), DesignQuality::Approximate);
                self.goal[i] = self.approximate.section(i, spec, Some(before));
            }
            self.next[i] = self.goal[i];
        }
        self.place = Some((placed_form, self.freq_log2.value(), q_log2));
        self.moving = self.now[..self.len] != self.next[..self.len];
        true
    }

    /// Whether every section in use has its spec, and at another frequency the same parts of the one prototype.
    fn is_divided_as(&self, freq_hz: Option<f64>) -> bool {
        let specs = &self.specs[..self.len];
        match (specs.first(), freq_hz) {
            (Some(Some(first)), Some(freq_hz)) => {
                let parts = Prototype { freq_hz, ..first.prototype }.parts(self.sample_rate_hz, false);
                let same = |(spec, part): (&Option<SectionSpec>, &Part)| spec.is_some_and(|spec| spec.part == *part);
                parts.len() == specs.len() && specs.iter().zip(parts).all(same)
            }
            _ => specs.iter().all(Option::is_some),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::eq::band::{Band, Shape};
    use crate::eq::running::RunningBand;
    use crate::eq::slope::Slope;
    use crate::smooth::Smoothed;
    use plumb_signals::Noise;

    /// Shapes that differ in the step: one filter or two, with a gain or without, one prototype or several.
    fn bands() -> Vec<Band> {
        let (shelf, cut) = (Band::flat(Shape::HighShelf, 8000.0), Band::flat(Shape::LowCut, 30.0));
        vec![
            Band { gain_db: 3.0, ..Band::flat(Shape::Bell, 1000.0) },
            Band { gain_db: -4.0, ..Band::flat(Shape::LowShelf, 100.0) },
            Band { gain_db: 2.0, q: 2.0, ..shelf },
            Band { gain_db: 2.0, ..Band::flat(Shape::Bell, 19_000.0) },
            Band { slope: Slope::Db24, ..cut },
            Band { slope: Slope::Db6, ..cut },
            cut,
            Band::flat(Shape::Notch, 2000.0),
        ]
    }

    #[test]
    fn is_the_whole_step_to_the_bit() {
        let (mut noise, scale, mut fast) = (Noise::new(8), Smoothed::new(1.0), 0);
        for band in bands() {
            let mut quick = RunningBand::new(band);
            quick.prepare(48_000.0);
            quick.reset(&scale);
            let (mut whole, mut wanted) = (quick.clone(), band);
            for step in 0..4_000 {
                // Now the gain, now the frequency, now both, or all at once; with pauses.
                let (kind, moves) = (step / 200 % 5, step % 200 < 120 && step % 7 == 0);
                if moves && kind != 1 {
                    wanted.gain_db = (band.gain_db + 6.0 * noise.tick()).clamp(-30.0, 30.0);
                }
                if moves && kind > 0 {
                    wanted.freq_hz = (band.freq_hz * (3.0 * noise.tick()).exp2()).clamp(10.0, 30_000.0);
                }
                if moves && kind == 4 {
                    (wanted.q, wanted.on) = (band.q * noise.tick().exp2(), noise.tick() > -0.5);
                }
                quick.set(wanted);
                whole.set(wanted);
                let mut probe = quick.clone();
                fast += usize::from(!probe.settled && probe.fast_step(&scale, false));
                let changed =
                    [quick.control_with(&scale, false, &mut 1, true), whole.control_with(&scale, false, &mut 1, false)];
                assert_eq!(changed[0], changed[1], "{band:?} at step {step}");
                // As the bank's layout does.
                (quick.fresh, whole.fresh) = (false, false);
                assert_eq!((quick.len, quick.moving, quick.settled), (whole.len, whole.moving, whole.settled));
                assert_eq!(quick.now[..quick.len], whole.now[..whole.len], "{band:?} at step {step}");
                assert_eq!(quick.next[..quick.len], whole.next[..whole.len], "{band:?} at step {step}");
            }
        }
        eprintln!("{fast} of 32000 steps are fast");
        assert!(fast > 4_000);
    }
}

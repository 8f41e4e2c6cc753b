//! The control step of a band that is under way to another frequency or gain and has nothing else to decide: what the
//! whole step ([`super`]) would do there, to the bit, without asking all that it asks.

use super::{Care, MAX_GAIN_DB, RunningBand};
use crate::filter::matched::{Part, Stage};
use crate::filter::prototype::Prototype;
use crate::smooth::{CONTROL_FRAMES, Smoothed};

impl RunningBand {
    /// Goes on for a control step, if it is so: runs as what it is asked to be, without dynamics, a fade or another Q,
    /// made of as many filters as before, and will not have arrived at the step's end.
    pub(super) fn glide(&mut self, scale: &Smoothed, rescaled: bool) -> bool {
        let (form, Some((asked_form, freq_log2, q_log2))) = (self.wanted_form(), self.asked_for) else { return false };
        let same_form = form.is_some() && form == self.form && form == Some(asked_form);
        let calm = self.morph.is_settled() && self.q_log2.is_settled() && self.q_log2.value() == q_log2;
        if !(self.running && !self.fresh && same_form && calm) || self.is_dynamic() || self.len == 0 {
            return false;
        }
        let goes_on = |ramp: &Smoothed| ramp.frames_left() > CONTROL_FRAMES;
        let gain_moves = self.wanted.shape.has_gain() && (rescaled || goes_on(&self.gain_db));
        let asked_is_flat = self.asked[0].is_none_or(|asked| asked.prototype.gain_db == 0.0);
        if !(gain_moves || goes_on(&self.freq_log2)) || (self.wanted.shape.has_gain() && asked_is_flat) {
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
            let Some(asked) = self.asked[i] else { continue };
            let prototype = Prototype {
                gain_db: if asked.prototype.shape.has_gain() { gain_db } else { 0.0 },
                freq_hz: freq_hz.unwrap_or(asked.prototype.freq_hz),
                ..asked.prototype
            };
            let stage = Stage { prototype, ..asked };
            if stage != asked || self.care[i] != Care::Sketched {
                (self.asked[i], self.care[i]) = (Some(stage), Care::Sketched);
                self.goal[i] = self.sketches.section(i, stage, Some(asked));
            }
            self.next[i] = self.goal[i];
        }
        self.asked_for = Some((asked_form, self.freq_log2.value(), q_log2));
        self.moving = self.now[..self.len] != self.next[..self.len];
        true
    }

    /// Whether every section in use has its stage, and at another frequency the same parts of the one prototype.
    fn is_divided_as(&self, freq_hz: Option<f64>) -> bool {
        let asked = &self.asked[..self.len];
        match (asked.first(), freq_hz) {
            (Some(Some(first)), Some(freq_hz)) => {
                let parts = Prototype { freq_hz, ..first.prototype }.parts(self.sample_rate_hz, false);
                let same = |(asked, part): (&Option<Stage>, &Part)| asked.is_some_and(|asked| asked.part == *part);
                parts.len() == asked.len() && asked.iter().zip(parts).all(same)
            }
            _ => asked.iter().all(Option::is_some),
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

    /// The shapes whose ways differ: one filter or two, with a gain or without, one prototype or several.
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
        let (mut noise, scale, mut glided) = (Noise::new(8), Smoothed::new(1.0), 0);
        for band in bands() {
            let mut quick = RunningBand::new(band);
            quick.prepare(48_000.0);
            quick.reset(&scale);
            let (mut whole, mut wanted) = (quick.clone(), band);
            for step in 0..4_000 {
                // Now the gain, now the frequency, now both, or all at once; with rests in between.
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
                glided += usize::from(!probe.settled && probe.glide(&scale, false));
                let changed =
                    [quick.control_with(&scale, false, &mut 1, true), whole.control_with(&scale, false, &mut 1, false)];
                assert_eq!(changed[0], changed[1], "{band:?} at step {step}");
                // As who gives them their places does.
                (quick.fresh, whole.fresh) = (false, false);
                assert_eq!((quick.len, quick.moving, quick.settled), (whole.len, whole.moving, whole.settled));
                assert_eq!(quick.now[..quick.len], whole.now[..whole.len], "{band:?} at step {step}");
                assert_eq!(quick.next[..quick.len], whole.next[..whole.len], "{band:?} at step {step}");
            }
        }
        eprintln!("{glided} of 32000 steps are glides");
        assert!(glided > 4_000);
    }
}

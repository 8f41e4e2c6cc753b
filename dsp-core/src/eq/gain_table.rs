//! Designs of one filter over its gain, for bands whose gain never rests.
//!
//! A design is dear and a dynamic band would need one per control step. While frequency, Q and shape rest, it takes
//! what lies between two neighbouring designs instead; each is made when it is first needed and kept. A place is kept
//! for each of the last 32 dB, which is further than a band's range reaches; one that moves further designs again.

use crate::filter::matched::Stage;
use crate::filter::prototype::Prototype;
use crate::filter::section::{NUMBERS, Section};

/// Largest magnitude of a gain, in dB: further than any sum of gain and range, scaled.
pub(super) const MAX_GAIN_DB: f64 = 60.0;
/// Distance of two designs. Narrow shelves move their resonance with their gain, and deep cuts are small differences
/// of large numbers: with 0.5 dB a straight line would be up to 0.25 dB off.
const STEP_DB: f64 = 0.125;
const ENTRIES: usize = (2.0 * MAX_GAIN_DB / STEP_DB) as usize + 1;
/// Designs that are kept: 32 dB of neighbours.
const KEPT: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct GainTable {
    /// What the designs have in common; nothing yet.
    common: Option<Stage>,
    /// Which entry each place holds, counted from 1; 0 for none.
    held: Vec<u16>,
    /// Numbers of the sections. Zeros until needed: of a band that never moves the system gives no memory.
    sections: Vec<[f64; NUMBERS]>,
}

impl GainTable {
    /// Empty. Allocates.
    pub(super) fn new() -> Self {
        Self { common: None, held: vec![0; KEPT], sections: vec![[0.0; NUMBERS]; KEPT] }
    }

    /// Forgets its designs, as the sample rate has changed.
    pub(super) fn forget(&mut self) {
        if self.common.take().is_some() {
            self.held.fill(0);
        }
    }

    /// What is asked, within 0.02 dB; none while it would take more designs than there are left to make. What is made is
    /// kept for the next time.
    pub(super) fn section(&mut self, asked: Stage, sample_rate_hz: f64, designs: &mut usize) -> Option<Section> {
        let with_gain = |gain_db| Stage { prototype: Prototype { gain_db, ..asked.prototype }, ..asked };
        let common = Some(with_gain(0.0));
        if common != self.common {
            self.forget();
            self.common = common;
        }
        let at = ((asked.prototype.gain_db + MAX_GAIN_DB) / STEP_DB).clamp(0.0, (ENTRIES - 1) as f64);
        let below = (at as usize).min(ENTRIES - 2);
        for entry in [below, below + 1] {
            let place = entry % KEPT;
            if usize::from(self.held[place]) != entry + 1 {
                *designs = designs.checked_sub(1)?;
                let stage = with_gain(entry as f64 * STEP_DB - MAX_GAIN_DB);
                self.sections[place] = Section::of(stage.design(sample_rate_hz)).0;
                self.held[place] = (entry + 1) as u16;
            }
        }
        let [from, to] = [below, below + 1].map(|entry| Section(self.sections[entry % KEPT]));
        Some(from.lerp(to, at - below as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::prototype::Shape;
    use crate::filter::response::Response;
    use core::f64::consts::PI;

    /// The transfer function of six numbers: c·(zI − A)⁻¹·b + d at z on the unit circle, solved by Cramer's rule.
    fn level_db(section: Section, freq_hz: f64, sample_rate_hz: f64) -> f64 {
        let [a, b1, b2, c1, c2, d] = section.0;
        let (sin, cos) = (2.0 * PI * freq_hz / sample_rate_hz).sin_cos();
        let times = |x: [f64; 2], y: [f64; 2]| [x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0]];
        let (p, q) = ([cos - a, sin], [cos - 1.0 + b2, sin]); // the diagonal of zI − A; off it, b1 and −b1
        let pq = times(p, q);
        let den = [pq[0] + b1 * b1, pq[1]];
        let s1 = [b1 * q[0] - b1 * b2, b1 * q[1]];
        let s2 = [b2 * p[0] + b1 * b1, b2 * p[1]];
        let num = [c1 * s1[0] + c2 * s2[0] + d * den[0], c1 * s1[1] + c2 * s2[1] + d * den[1]];
        Response::ratio(num, den).gain_db()
    }

    #[test]
    fn between_designs_it_is_the_design_within_a_fiftieth_of_a_db() {
        let (rate, mut tables, mut worst) = (48_000.0, [GainTable::new(), GainTable::new()], 0.0_f64);
        for shape in [Shape::Bell, Shape::LowShelf, Shape::HighShelf, Shape::Tilt] {
            for (freq_hz, q) in [(30.0, 0.707), (1000.0, 0.1), (1000.0, 25.0), (18_000.0, 2.0)] {
                for step in -97..=97 {
                    let asked = Prototype { shape, freq_hz, gain_db: f64::from(step) * 0.617, q };
                    for at in [0.25, 0.9, 0.99, 1.0, 1.01, 1.1, 3.0] {
                        let at = (freq_hz * at).min(23_000.0);
                        let error: f64 = (tables.iter_mut().zip(asked.stages(rate, false)))
                            .map(|(table, stage)| {
                                let near = table.section(stage, rate, &mut 2).unwrap();
                                let exact = Section::of(stage.design(rate));
                                level_db(near, at, rate) - level_db(exact, at, rate)
                            })
                            .sum();
                        worst = worst.max(error.abs());
                    }
                }
            }
        }
        eprintln!("table of designs: {worst:.4} dB from the design at most");
        assert!(worst < 0.02, "{worst} dB");
    }
}

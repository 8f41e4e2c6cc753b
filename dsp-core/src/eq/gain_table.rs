//! A table of exact designs over the gain, for dynamic bands.
//!
//! A design is expensive, and a dynamic band would need one per control step. While its frequency, Q and shape stay, it
//! interpolates between two neighbouring designs instead; each is made when first needed and kept. The table holds 32 dB,
//! more than most bands move; one that moves further designs again.

use crate::filter::matched::SectionSpec;
use crate::filter::prototype::Prototype;
use crate::filter::section::{NUMBERS, Section};

/// Largest magnitude of a band's gain, in dB: scaled, with its dynamics.
pub(super) const MAX_GAIN_DB: f64 = 60.0;
/// Distance of two designs. Narrow shelves move their resonance with their gain, and deep cuts are small differences
/// of large numbers: at 0.5 dB interpolation would be up to 0.25 dB off.
const STEP_DB: f64 = 0.125;
const ENTRIES: usize = (2.0 * MAX_GAIN_DB / STEP_DB) as usize + 1;
/// Designs kept: 32 dB of neighbours.
const KEPT: usize = 256;

#[derive(Clone, Debug)]
pub(super) struct GainTable {
    /// What the designs have in common; none yet.
    common: Option<SectionSpec>,
    /// Which entry each place holds, counted from 1; 0 for none.
    held: Vec<u16>,
    /// The sections' numbers. Zeros until needed: a static band's pages are never touched.
    sections: Vec<[f64; NUMBERS]>,
}

impl GainTable {
    /// Empty. Allocates.
    pub(super) fn new() -> Self {
        Self { common: None, held: vec![0; KEPT], sections: vec![[0.0; NUMBERS]; KEPT] }
    }

    /// Drops its designs, as the sample rate has changed.
    pub(super) fn clear(&mut self) {
        if self.common.take().is_some() {
            self.held.fill(0);
        }
    }

    /// The section for a spec, within 0.02 dB; none if it would take more designs than are left to make. Designs are kept.
    pub(super) fn section(&mut self, spec: SectionSpec, sample_rate_hz: f64, designs: &mut usize) -> Option<Section> {
        let with_gain = |gain_db| SectionSpec { prototype: Prototype { gain_db, ..spec.prototype }, ..spec };
        let common = Some(with_gain(0.0));
        if common != self.common {
            self.clear();
            self.common = common;
        }
        let at = ((spec.prototype.gain_db + MAX_GAIN_DB) / STEP_DB).clamp(0.0, (ENTRIES - 1) as f64);
        let below = (at as usize).min(ENTRIES - 2);
        for entry in [below, below + 1] {
            let place = entry % KEPT;
            if usize::from(self.held[place]) != entry + 1 {
                *designs = designs.checked_sub(1)?;
                let neighbour = with_gain(entry as f64 * STEP_DB - MAX_GAIN_DB);
                self.sections[place] = Section::of(neighbour.design(sample_rate_hz)).0;
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
                    let asked = Prototype { gain_db: f64::from(step) * 0.617, ..Prototype::new(shape, freq_hz, q) };
                    for at in [0.25, 0.9, 0.99, 1.0, 1.01, 1.1, 3.0] {
                        let at = (freq_hz * at).min(23_000.0);
                        let error: f64 = (tables.iter_mut().zip(asked.sections(rate, false)))
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

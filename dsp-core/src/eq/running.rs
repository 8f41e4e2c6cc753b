//! One band while it runs: its ramps and its sections, and when it is skipped.
//!
//! Every [`CONTROL_FRAMES`] it decides its sections at the end of the control step, and the filters ramp there.
//! Frequency, gain and Q have their own ramps. What has no in-between (shape, slope, on or off) morphs from the old
//! sections to the new ones along one ramp; any mixture of two sections is stable, see [`crate::filter::section`]. A
//! band that has faded out, or is settled at 0 dB, is skipped: its input passes bit for bit. It starts again at its
//! settings with empty filters and fades in, so whatever moved meanwhile is not heard. A new target fades out and in.

mod detection;
mod fast_step;

use super::approximate::ApproximateSections;
use super::band::{Band, MAX_SECTIONS, Shape, Target};
use super::dynamic::{self, BandDynamics};
use super::gain_table::{GainTable, MAX_GAIN_DB};
use super::slope::Slope;
use crate::filter::bank::Memory;
use crate::filter::matched::SectionSpec;
use crate::filter::prototype::Prototype;
use crate::filter::section::Section;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;

/// A band with its ramps and its sections.
#[derive(Clone, Debug)]
pub(super) struct RunningBand {
    /// The settings, within their ranges.
    wanted: Band,
    /// What it acts on; not yet the wanted target while it fades out.
    target: Target,
    /// What it is or morphs to; none while it fades out.
    form: Option<(Shape, Slope)>,
    freq_log2: Smoothed,
    gain_db: Smoothed,
    q_log2: Smoothed,
    /// Progress from one form to the next, 0 to 1.
    morph: Smoothed,
    /// Where the morph starts.
    from: [Section; MAX_SECTIONS],
    /// Where it ends: sections for these specs, of this quality.
    goal: [Section; MAX_SECTIONS],
    specs: [Option<SectionSpec>; MAX_SECTIONS],
    quality: [DesignQuality; MAX_SECTIONS],
    /// Form, frequency and Q of the specs: while they stay, a new gain changes nothing else.
    place: Option<Place>,
    /// At the start of this control step, and at its end.
    pub(super) now: [Section; MAX_SECTIONS],
    pub(super) next: [Section; MAX_SECTIONS],
    /// Sections in use.
    pub(super) len: usize,
    /// The sections' states while they have no place in the bank.
    pub(super) memory: [Memory; MAX_SECTIONS],
    /// Whether its filters start empty.
    pub(super) fresh: bool,
    /// Whether it has sections. Decided at control steps only: in between it would depend on where blocks end.
    pub(super) running: bool,
    /// Whether any section moves in this control step.
    pub(super) moving: bool,
    /// Whether the next control steps have nothing to do until something is set.
    pub(super) settled: bool,
    /// Moves its gain with the level.
    dynamics: BandDynamics,
    /// What that adds to its gain in this control step, in dB.
    offset_db: f64,
    /// For each section of a shape with a gain.
    tables: [GainTable; 2],
    approximate: ApproximateSections,
    sample_rate_hz: f64,
}

impl RunningBand {
    /// A band settled on its settings.
    pub(super) fn new(band: Band) -> Self {
        let wanted = band.clamped();
        Self {
            wanted,
            target: wanted.target,
            form: None,
            freq_log2: Smoothed::new(wanted.freq_hz.log2()),
            gain_db: Smoothed::new(wanted.gain_db),
            q_log2: Smoothed::new(wanted.q.log2()),
            morph: Smoothed::new(1.0),
            from: [Section::IDLE; MAX_SECTIONS],
            goal: [Section::IDLE; MAX_SECTIONS],
            specs: [None; MAX_SECTIONS],
            quality: [DesignQuality::Exact; MAX_SECTIONS],
            place: None,
            now: [Section::IDLE; MAX_SECTIONS],
            next: [Section::IDLE; MAX_SECTIONS],
            len: 0,
            memory: [Memory::default(); MAX_SECTIONS],
            fresh: true,
            running: false,
            moving: false,
            settled: false,
            dynamics: BandDynamics::new(dynamics_of(wanted), wanted.region()),
            offset_db: 0.0,
            tables: [GainTable::new(), GainTable::new()],
            approximate: ApproximateSections::new(UNPREPARED_RATE_HZ),
            sample_rate_hz: UNPREPARED_RATE_HZ,
        }
    }

    /// Learns the sample rate; to be followed by a reset.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.dynamics.prepare(sample_rate_hz);
        for ramp in [&mut self.freq_log2, &mut self.gain_db, &mut self.q_log2, &mut self.morph] {
            ramp.prepare(sample_rate_hz);
        }
        self.tables.iter_mut().for_each(GainTable::clear);
        self.approximate = ApproximateSections::new(sample_rate_hz);
    }

    /// Forgets the past and settles on the settings, the gain multiplied by `scale`.
    pub(super) fn reset(&mut self, scale: &Smoothed) {
        self.dynamics.reset();
        self.offset_db = 0.0;
        self.specs = [None; MAX_SECTIONS];
        self.place = None;
        self.running = self.wanted.on && !self.is_flat_at(self.wanted, scale);
        self.adopt();
        self.morph.reset();
        if self.running {
            self.design(scale.value(), false, &mut { usize::MAX });
        } else {
            self.form = None;
        }
        (self.now, self.next) = (self.goal, self.goal);
        (self.moving, self.settled) = (false, true);
    }

    /// New targets.
    pub(super) fn set(&mut self, band: Band) {
        let wanted = band.clamped();
        if wanted == self.wanted {
            return;
        }
        let aimed = self.wanted_form().is_some();
        let before = core::mem::replace(&mut self.wanted, wanted);
        self.settled = false;
        // The static gain does not matter to the dynamics.
        if (Band { gain_db: before.gain_db, ..wanted }) != before {
            self.dynamics.set(dynamics_of(wanted), wanted.region());
        }
        // A form that fades out keeps its numbers.
        if self.wanted_form().is_some() {
            self.gain_db.set(wanted.gain_db);
            if !aimed || wanted.freq_hz != before.freq_hz {
                self.freq_log2.set(wanted.freq_hz.log2());
            }
            if !aimed || wanted.q != before.q {
                self.q_log2.set(wanted.q.log2());
            }
        }
    }

    /// What it acts on while it runs.
    pub(super) fn target(&self) -> Target {
        self.target
    }

    /// What the level adds to the gain, in dB; 0 for a static band.
    pub(super) fn offset_db(&self) -> f64 {
        self.offset_db
    }

    /// The form that the settings ask of a band on this target.
    fn wanted_form(&self) -> Option<(Shape, Slope)> {
        let Band { on, shape, slope, target, .. } = self.wanted;
        (on && target == self.target).then_some((shape, slope))
    }

    /// Whether a band with these settings would do nothing.
    fn is_flat_at(&self, wanted: Band, scale: &Smoothed) -> bool {
        let unscaled = scale.value() == 0.0 && scale.target() == 0.0;
        wanted.shape.has_gain() && !self.is_dynamic() && (wanted.gain_db == 0.0 || unscaled)
    }

    /// Jumps to the settings with empty filters, and starts to fade in. Only for a band that is silent.
    fn adopt(&mut self) {
        let wanted = self.wanted;
        self.target = wanted.target;
        self.form = self.wanted_form();
        jump(&mut self.freq_log2, wanted.freq_hz.log2());
        jump(&mut self.gain_db, wanted.gain_db);
        jump(&mut self.q_log2, wanted.q.log2());
        jump(&mut self.morph, 0.0);
        self.morph.set(1.0);
        self.len = 0;
        self.fresh = true;
    }

    /// The control step, due every [`CONTROL_FRAMES`] before the frames that follow. Returns whether the bank's layout
    /// changes. `rescaled`: the scale has changed since the last step. `designs`: how many exact designs may be made; a
    /// section beyond that is approximate until a later step.
    pub(super) fn control(&mut self, scale: &Smoothed, rescaled: bool, designs: &mut usize) -> bool {
        self.control_with(scale, rescaled, designs, true)
    }

    /// The same, with or without [`Self::fast_step`] where that will do.
    fn control_with(&mut self, scale: &Smoothed, rescaled: bool, designs: &mut usize, may_be_fast: bool) -> bool {
        self.offset_db = 0.0;
        if self.is_dynamic() {
            self.offset_db = self.dynamics.step();
            self.settled = false;
        }
        if self.settled && !rescaled {
            self.moving = false;
            return false;
        }
        if may_be_fast && self.fast_step(scale, rescaled) {
            return false;
        }
        let before = (self.running, self.len, self.target);
        // Sections beyond those in use are designed before they are read.
        self.now[..self.len].copy_from_slice(&self.next[..self.len]);
        if self.running {
            let settled = self.morph.is_settled() && self.wanted_form() == self.form;
            let arrived_flat = self.specs[0].is_some_and(|spec| spec.prototype.gain_db == 0.0);
            let flat = settled && arrived_flat && self.is_flat_at(self.wanted, scale);
            let faded_out = self.form.is_none() && self.morph.is_settled();
            self.running = !flat && !faded_out;
        }
        if !self.running && self.wanted.on && !self.is_flat_at(self.wanted, scale) {
            self.running = true;
            self.adopt();
        }
        if !self.running {
            (self.moving, self.settled) = (false, true);
            return before.0;
        }
        let (morphs, form) = (!self.morph.is_settled(), self.wanted_form());
        if form != self.form {
            self.form = form;
            self.start_morph();
        }
        for ramp in [&mut self.freq_log2, &mut self.gain_db, &mut self.q_log2, &mut self.morph] {
            ramp.skip(CONTROL_FRAMES);
        }
        let gain_moves = self.wanted.shape.has_gain() && (rescaled || !self.gain_db.is_settled());
        let moves = gain_moves || !self.freq_log2.is_settled() || !self.q_log2.is_settled();
        if self.design(scale.value(), moves, designs) {
            // The same curve from one filter where it was two, or the other way round: at once it would click.
            self.start_morph();
            self.morph.skip(CONTROL_FRAMES);
        }
        let t = self.morph.value();
        for i in 0..self.len {
            self.next[i] = self.from[i].lerp(self.goal[i], t);
        }
        self.moving = self.now[..self.len] != self.next[..self.len];
        let ramps = [&self.freq_log2, &self.gain_db, &self.q_log2, &self.morph];
        let exact = !self.quality[..self.len].contains(&DesignQuality::Approximate);
        self.settled = !self.moving && !morphs && exact && ramps.iter().all(|ramp| ramp.is_settled());
        self.fresh || before != (self.running, self.len, self.target)
    }

    /// Starts to morph from the sections as they are now.
    fn start_morph(&mut self) {
        self.from[..self.len].copy_from_slice(&self.now[..self.len]);
        jump(&mut self.morph, 0.0);
        self.morph.set(1.0);
    }

    /// Designs the goal where it has changed, approximately while the band moves. Returns whether the curve is now
    /// divided among the sections otherwise than before.
    fn design(&mut self, scale: f64, moves: bool, designs: &mut usize) -> bool {
        let gain_db = (scale * (self.gain_db.value() + self.offset_db)).clamp(-MAX_GAIN_DB, MAX_GAIN_DB);
        let place = self.form.map(|form| (form, self.freq_log2.value(), self.q_log2.value()));
        let mut divided = false;
        let mut len = 0;
        let quality = if self.offset_db != 0.0 && (place == self.place || !moves) {
            DesignQuality::Interpolated
        } else if moves {
            DesignQuality::Approximate
        } else {
            DesignQuality::Exact
        };
        if place.is_some() && place == self.place {
            while let Some(spec) = self.specs.get(len).copied().flatten() {
                let gain_db = if spec.prototype.shape.has_gain() { gain_db } else { 0.0 };
                let prototype = Prototype { gain_db, ..spec.prototype };
                self.set_goal(len, SectionSpec { prototype, ..spec }, quality, designs);
                len += 1;
            }
        } else if let Some(((shape, slope), freq_log2, q_log2)) = place {
            let gain_db = if shape.has_gain() { gain_db } else { 0.0 };
            let due = Band { shape, slope, freq_hz: freq_log2.exp2(), gain_db, q: q_log2.exp2(), ..self.wanted };
            for (i, spec) in due.prototypes().sections(self.sample_rate_hz).enumerate() {
                len = i + 1;
                divided |= self.specs[i].map(|spec| spec.part) != Some(spec.part);
                self.set_goal(i, spec, quality, designs);
            }
        }
        self.place = place;
        // Sections that the new form lacks pass more and more of their input until the morph has ended.
        for i in len..self.len {
            divided |= self.specs[i].is_some();
            self.goal[i] = self.from[i].unheard();
            self.specs[i] = None;
        }
        let arrived = self.form.is_some() && self.morph.is_settled() && self.now[..self.len] == self.goal[..self.len];
        self.len = if arrived { len } else { self.len.max(len) };
        divided
    }

    /// Makes a spec the goal of a section, of this quality as far as there are designs left to make.
    fn set_goal(&mut self, i: usize, spec: SectionSpec, quality: DesignQuality, designs: &mut usize) {
        let before = self.specs[i].replace(spec);
        let is_new = before != Some(spec);
        if is_new || self.quality[i] != quality {
            let rate = self.sample_rate_hz;
            let made = match (quality, self.tables.get_mut(i)) {
                (DesignQuality::Approximate, _) => None,
                (DesignQuality::Interpolated, Some(table)) => table.section(spec, rate, designs),
                _ => designs.checked_sub(1).map(|left| {
                    *designs = left;
                    Section::of(spec.design(rate))
                }),
            };
            if let Some(made) = made {
                (self.goal[i], self.quality[i]) = (made, quality);
            } else if is_new || self.quality[i] != DesignQuality::Approximate {
                self.goal[i] = self.approximate.section(i, spec, before);
                self.quality[i] = DesignQuality::Approximate;
            }
        }
        if i >= self.len {
            (self.from[i], self.now[i]) = (self.goal[i].unheard(), self.goal[i].unheard());
            self.memory[i] = Memory::default();
        }
    }
}

/// How a section is found: an exact design is expensive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DesignQuality {
    /// Fitted, as every settled band is.
    Exact,
    /// Between two exact designs, while the level moves the gain and nothing else moves.
    Interpolated,
    /// In closed form, while frequency, gain or Q move.
    Approximate,
}

/// Form, and binary logarithms of frequency and Q.
type Place = ((Shape, Slope), f64, f64);

/// How the level moves a band's gain: not at all when it is off or has none.
fn dynamics_of(band: Band) -> dynamic::Settings {
    dynamic::Settings { on: band.on && band.shape.has_gain() && band.dynamic.on, ..band.dynamic }
}

/// Settles a ramp on a value at once.
pub(super) fn jump(smoothed: &mut Smoothed, value: f64) {
    smoothed.set(value);
    smoothed.reset();
}

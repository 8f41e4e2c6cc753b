//! One band while it runs: its ramps, its sections, and when it may be left out.
//!
//! Once per [`CONTROL_FRAMES`] it says which sections it is to have at the end of the control step, and the filters
//! glide there. Frequency, gain and Q have their own ramps. What has no in-between (the shape, the slope, on or off)
//! goes from the old sections to the new ones on one ramp; any mixture of two sections is stable, see
//! [`crate::filter::section`]. A band that is faded out, or rests at 0 dB, is left out: its input stays as it is to the
//! last bit. It wakes with empty filters, at its settings, and is faded in; so whatever moved while it was not heard
//! is not heard either. Another target is such a fade out and in.

mod glide;
mod hearing;

use super::band::{Band, MAX_SECTIONS, Shape, Target};
use super::dynamic::{self, Follower};
use super::gain_table::{GainTable, MAX_GAIN_DB};
use super::sketches::Sketches;
use super::slope::Slope;
use crate::filter::bank::Memory;
use crate::filter::matched::Stage;
use crate::filter::prototype::Prototype;
use crate::filter::section::Section;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::spec::UNPREPARED_RATE_HZ;

/// A band with its ramps and its sections.
#[derive(Clone, Debug)]
pub(super) struct RunningBand {
    /// What is asked, within ranges.
    wanted: Band,
    /// What it acts on; differs from what is asked while it is being faded out.
    target: Target,
    /// What it is becoming; none while it is being faded out.
    form: Option<(Shape, Slope)>,
    freq_log2: Smoothed,
    gain_db: Smoothed,
    q_log2: Smoothed,
    /// Share of the way from one form to the next.
    morph: Smoothed,
    /// What the morph comes from.
    from: [Section; MAX_SECTIONS],
    /// What the goal was designed for.
    asked: [Option<Stage>; MAX_SECTIONS],
    /// How it was.
    care: [Care; MAX_SECTIONS],
    /// Form, frequency and Q of what was asked: while they rest, another gain leaves the rest of it as it is.
    asked_for: Option<Place>,
    goal: [Section; MAX_SECTIONS],
    /// At the start of this control step, and at its end.
    pub(super) now: [Section; MAX_SECTIONS],
    pub(super) next: [Section; MAX_SECTIONS],
    /// Sections in use.
    pub(super) len: usize,
    /// What the sections remember while they have no place in the bank.
    pub(super) memory: [Memory; MAX_SECTIONS],
    /// Whether its memory is to begin empty.
    pub(super) fresh: bool,
    /// Whether it has sections. Decided at control steps only: in between it would depend on where blocks end.
    pub(super) running: bool,
    /// Whether any section moves in this control step.
    pub(super) moving: bool,
    /// Whether the next control steps will find nothing to do until something is set.
    pub(super) settled: bool,
    /// What moves its gain with the level.
    follower: Follower,
    /// What that adds to its gain in this control step, in dB.
    offset_db: f64,
    /// Of each stage of a shape with a gain.
    tables: [GainTable; 2],
    sketches: Sketches,
    sample_rate_hz: f64,
}

impl RunningBand {
    /// A band at rest.
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
            asked: [None; MAX_SECTIONS],
            care: [Care::Designed; MAX_SECTIONS],
            asked_for: None,
            goal: [Section::IDLE; MAX_SECTIONS],
            now: [Section::IDLE; MAX_SECTIONS],
            next: [Section::IDLE; MAX_SECTIONS],
            len: 0,
            memory: [Memory::default(); MAX_SECTIONS],
            fresh: true,
            running: false,
            moving: false,
            settled: false,
            follower: Follower::new(movement(wanted), wanted.region()),
            offset_db: 0.0,
            tables: [GainTable::new(), GainTable::new()],
            sketches: Sketches::new(UNPREPARED_RATE_HZ),
            sample_rate_hz: UNPREPARED_RATE_HZ,
        }
    }

    /// Learns the sample rate; to be followed by a reset.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.follower.prepare(sample_rate_hz);
        for ramp in [&mut self.freq_log2, &mut self.gain_db, &mut self.q_log2, &mut self.morph] {
            ramp.prepare(sample_rate_hz);
        }
        self.tables.iter_mut().for_each(GainTable::forget);
        self.sketches = Sketches::new(sample_rate_hz);
    }

    /// Forgets the past and rests on what is asked, its gain multiplied by `scale`.
    pub(super) fn reset(&mut self, scale: &Smoothed) {
        self.follower.reset();
        self.offset_db = 0.0;
        self.asked = [None; MAX_SECTIONS];
        self.asked_for = None;
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
        // Where the gain rests is none of its business.
        if (Band { gain_db: before.gain_db, ..wanted }) != before {
            self.follower.set(movement(wanted), wanted.region());
        }
        // The outgoing form keeps its own numbers to its end.
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

    /// What the gain is moved by, in dB; 0 when it stands still.
    pub(super) fn offset_db(&self) -> f64 {
        self.offset_db
    }

    /// What a band that acts where this one does is to become.
    fn wanted_form(&self) -> Option<(Shape, Slope)> {
        let Band { on, shape, slope, target, .. } = self.wanted;
        (on && target == self.target).then_some((shape, slope))
    }

    /// Whether a band that does what is asked would do nothing.
    fn is_flat_at(&self, wanted: Band, scale: &Smoothed) -> bool {
        let unscaled = scale.value() == 0.0 && scale.target() == 0.0;
        wanted.shape.has_gain() && !self.is_dynamic() && (wanted.gain_db == 0.0 || unscaled)
    }

    /// Takes over all that is asked at once, with empty filters, and sets out to fade in. Only for a band that is not
    /// heard.
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

    /// What is due every [`CONTROL_FRAMES`], before the frames that follow: whether other bands' places change.
    /// `rescaled` says that the scale is another than at the last step, `designs` how many may be made: what would take
    /// more waits for another step, and is sketched until then.
    pub(super) fn control(&mut self, scale: &Smoothed, rescaled: bool, designs: &mut usize) -> bool {
        self.control_with(scale, rescaled, designs, true)
    }

    /// The same, with [`Self::glide`] where it will do or without.
    fn control_with(&mut self, scale: &Smoothed, rescaled: bool, designs: &mut usize, may_glide: bool) -> bool {
        self.offset_db = 0.0;
        if self.is_dynamic() {
            self.offset_db = self.follower.step();
            self.settled = false;
        }
        if self.settled && !rescaled {
            self.moving = false;
            return false;
        }
        if may_glide && self.glide(scale, rescaled) {
            return false;
        }
        let before = (self.running, self.len, self.target);
        // Beyond those in use none is looked at before it is designed anew.
        self.now[..self.len].copy_from_slice(&self.next[..self.len]);
        if self.running {
            let at_rest = self.morph.is_settled() && self.wanted_form() == self.form;
            let arrived_flat = self.asked[0].is_some_and(|asked| asked.prototype.gain_db == 0.0);
            let flat = at_rest && arrived_flat && self.is_flat_at(self.wanted, scale);
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
        let on_its_way = gain_moves || !self.freq_log2.is_settled() || !self.q_log2.is_settled();
        if self.design(scale.value(), on_its_way, designs) {
            // The same curve from one filter where it was two, or the other way round: quick is a click.
            self.start_morph();
            self.morph.skip(CONTROL_FRAMES);
        }
        let t = self.morph.value();
        for i in 0..self.len {
            self.next[i] = self.from[i].lerp(self.goal[i], t);
        }
        self.moving = self.now[..self.len] != self.next[..self.len];
        let ramps = [&self.freq_log2, &self.gain_db, &self.q_log2, &self.morph];
        let rests = !self.care[..self.len].contains(&Care::Sketched) && ramps.iter().all(|ramp| ramp.is_settled());
        self.settled = !self.moving && !morphs && rests;
        self.fresh || before != (self.running, self.len, self.target)
    }

    /// Sets out from the sections as they are now.
    fn start_morph(&mut self) {
        self.from[..self.len].copy_from_slice(&self.now[..self.len]);
        jump(&mut self.morph, 0.0);
        self.morph.set(1.0);
    }

    /// Designs what the sections are to become, as far as it is not known yet; only sketches it if the band is on its
    /// way. Says whether they divide the curve among themselves otherwise than before.
    fn design(&mut self, scale: f64, on_its_way: bool, designs: &mut usize) -> bool {
        let gain_db = (scale * (self.gain_db.value() + self.offset_db)).clamp(-MAX_GAIN_DB, MAX_GAIN_DB);
        let place = self.form.map(|form| (form, self.freq_log2.value(), self.q_log2.value()));
        let mut divided = false;
        let mut len = 0;
        let care = if self.offset_db != 0.0 && (place == self.asked_for || !on_its_way) {
            Care::Between
        } else if on_its_way {
            Care::Sketched
        } else {
            Care::Designed
        };
        if place.is_some() && place == self.asked_for {
            while let Some(asked) = self.asked.get(len).copied().flatten() {
                let gain_db = if asked.prototype.shape.has_gain() { gain_db } else { 0.0 };
                self.ask(len, Stage { prototype: Prototype { gain_db, ..asked.prototype }, ..asked }, care, designs);
                len += 1;
            }
        } else if let Some(((shape, slope), freq_log2, q_log2)) = place {
            let due = Band {
                shape,
                slope,
                freq_hz: freq_log2.exp2(),
                gain_db: if shape.has_gain() { gain_db } else { 0.0 },
                q: q_log2.exp2(),
                ..self.wanted
            };
            for (i, stage) in due.sections().stages(self.sample_rate_hz).enumerate() {
                len = i + 1;
                divided |= self.asked[i].map(|asked| asked.part) != Some(stage.part);
                self.ask(i, stage, care, designs);
            }
        }
        self.asked_for = place;
        // Those that the new form does not have: until the morph has ended they pass more and more of their input.
        for i in len..self.len {
            divided |= self.asked[i].is_some();
            self.goal[i] = self.from[i].unheard();
            self.asked[i] = None;
        }
        let heard_out = self.form.is_some() && self.morph.is_settled() && self.now[..self.len] == self.goal[..self.len];
        self.len = if heard_out { len } else { self.len.max(len) };
        divided
    }

    /// Makes a stage the goal of a section, with this care as far as there are designs left to make.
    fn ask(&mut self, i: usize, stage: Stage, care: Care, designs: &mut usize) {
        let before = self.asked[i].replace(stage);
        let is_other = before != Some(stage);
        if is_other || self.care[i] != care {
            let rate = self.sample_rate_hz;
            let made = match (care, self.tables.get_mut(i)) {
                (Care::Sketched, _) => None,
                (Care::Between, Some(table)) => table.section(stage, rate, designs),
                _ => designs.checked_sub(1).map(|left| {
                    *designs = left;
                    Section::of(stage.design(rate))
                }),
            };
            if let Some(made) = made {
                (self.goal[i], self.care[i]) = (made, care);
            } else if is_other || self.care[i] != Care::Sketched {
                (self.goal[i], self.care[i]) = (self.sketches.section(i, stage, before), Care::Sketched);
            }
        }
        if i >= self.len {
            (self.from[i], self.now[i]) = (self.goal[i].unheard(), self.goal[i].unheard());
            self.memory[i] = Memory::default();
        }
    }
}

/// How the sections are found: a design is dear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// Designed, as every band is that rests.
    Designed,
    /// Between two designs, while the level moves the gain and nothing else moves.
    Between,
    /// Sketched, on the way to another frequency, gain or Q.
    Sketched,
}

/// Form, and binary logarithms of frequency and Q.
type Place = ((Shape, Slope), f64, f64);

/// How a band's gain moves: not at all when it is off or has none.
fn movement(band: Band) -> dynamic::Settings {
    dynamic::Settings { on: band.on && band.shape.has_gain() && band.dynamic.on, ..band.dynamic }
}

/// Rests a ramp on a value at once.
pub(super) fn jump(smoothed: &mut Smoothed, value: f64) {
    smoothed.set(value);
    smoothed.reset();
}

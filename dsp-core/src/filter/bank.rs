//! Second-order sections in series, run as a skewed (software-pipelined) cascade.
//!
//! A section needs its own last result before it can go on, so run one after the other, sections mostly wait. In a skewed
//! cascade four lanes are \[section 0 left, 0 right, section 1 left, 1 right\], and section 1 works one frame behind
//! section 0; the next four lanes work on the two frames before those. So up to [`PASS_SECTIONS`] sections step together,
//! each on its own frame, and none waits. At both ends of a block, sections without a frame keep their states: every
//! frame passes all sections within its own block, by the same operations in the same order wherever blocks are cut.
//! There is no latency.

use super::section::{NUMBERS, Section};
use crate::Frame;
use crate::frame::sanitise;
use crate::simd::{F64x4, Isa, Kernel, Simd};
use crate::smooth::CONTROL_FRAMES;

/// Most sections that step together.
pub const PASS_SECTIONS: usize = 2 * PASS_GROUPS;
/// Groups of four lanes in a pass: their states fill the registers.
const PASS_GROUPS: usize = 4;

/// The step of a settled coefficient: adding it changes no bit, not even the sign of a zero.
const STILL: f64 = -0.0;

/// The state of a section, per channel: ic1eq and ic2eq.
pub type Memory = [Frame; 2];

/// Two sections, two lanes each: \[first left, first right, second left, second right\].
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Group {
    /// The sections' coefficients, while they move those at the start of the control step.
    numbers: [[f64; 4]; NUMBERS],
    /// What each frame of this control step adds to them; [`STILL`] where nothing moves.
    steps: [[f64; 4]; NUMBERS],
    /// Whether any step is not [`STILL`].
    moving: bool,
    memory: [[f64; 4]; 2],
}

impl Group {
    const IDLE: Self = {
        let Section([a, b1, b2, c1, c2, d]) = Section::IDLE;
        Self {
            numbers: [[a; 4], [b1; 4], [b2; 4], [c1; 4], [c2; 4], [d; 4]],
            steps: [[STILL; 4]; NUMBERS],
            moving: false,
            memory: [[0.0; 4]; 2],
        }
    };
}

/// Sections in series with their states, in places filled from 0 on. Left and right may have different sections.
#[derive(Clone, Debug)]
pub struct Bank {
    groups: Vec<Group>,
    /// Groups in use.
    len: usize,
    isa: Isa,
}

impl Bank {
    /// Empty, with places for `sections`.
    #[must_use]
    pub fn new(sections: usize) -> Self {
        Self { groups: vec![Group::IDLE; sections.div_ceil(2)], len: 0, isa: Isa::detect() }
    }

    /// Opens `sections` places, all idle, with cleared states.
    pub fn clear(&mut self, sections: usize) {
        self.len = sections.div_ceil(2).min(self.groups.len());
        self.groups[..self.len].fill(Group::IDLE);
    }

    /// Sets the sections of a place, left and right; they do not move.
    pub fn settle(&mut self, place: usize, lanes: [Section; 2]) {
        let group = &mut self.groups[place / 2];
        for (lane, section) in lanes.into_iter().enumerate() {
            for (number, steps) in group.numbers.iter_mut().zip(&mut group.steps).enumerate() {
                let (numbers, steps) = steps;
                numbers[place % 2 * 2 + lane] = section.0[number];
                steps[place % 2 * 2 + lane] = STILL;
            }
        }
        group.moving = group.steps.iter().flatten().any(|step| *step != 0.0);
    }

    /// Moves a place from one section to another, left and right, over the control step that begins.
    pub fn glide(&mut self, place: usize, from: [Section; 2], to: [Section; 2]) {
        let group = &mut self.groups[place / 2];
        for (number, (numbers, steps)) in group.numbers.iter_mut().zip(&mut group.steps).enumerate() {
            for lane in 0..2 {
                let (from, to) = (from[lane].0[number], to[lane].0[number]);
                numbers[place % 2 * 2 + lane] = from;
                steps[place % 2 * 2 + lane] = (to - from) * (1.0 / CONTROL_FRAMES as f64);
            }
        }
        group.moving = true;
    }

    /// State of the section in a place.
    #[must_use]
    pub fn memory(&self, place: usize) -> Memory {
        let (group, at) = (&self.groups[place / 2], place % 2 * 2);
        group.memory.map(|state| [state[at], state[at + 1]])
    }

    /// Sets the state of the section in a place.
    pub fn set_memory(&mut self, place: usize, memory: Memory) {
        let (group, at) = (&mut self.groups[place / 2], place % 2 * 2);
        for (state, memory) in group.memory.iter_mut().zip(memory) {
            state[at..at + 2].copy_from_slice(&memory);
        }
    }

    /// Sanitises a block, see [`sanitise`].
    pub fn sanitise(&self, block: &mut [Frame]) {
        self.isa.run(Sanitise(block));
    }

    /// Filters in place through the places from `from` to before `to`; `from` is even. `phase` is the number of frames
    /// since the last control step; where a section moves, the block ends before the next one.
    pub fn run(&mut self, from: usize, to: usize, block: &mut [Frame], phase: usize) {
        let mut groups = &mut self.groups[from / 2..to.div_ceil(2)];
        if block.is_empty() {
            return;
        }
        while !groups.is_empty() {
            // As even as possible: the shorter a pass, the longer its sections wait.
            let passes = groups.len().div_ceil(PASS_GROUPS);
            let (pass, rest) = groups.split_at_mut(groups.len().div_ceil(passes));
            self.isa.run(Pass { groups: pass, block, phase });
            groups = rest;
        }
    }
}

/// [`run_groups`], one pass over the block.
struct Pass<'a> {
    groups: &'a mut [Group],
    block: &'a mut [Frame],
    phase: usize,
}

impl Kernel for Pass<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        run_groups::<S::F64>(self.groups, self.block, self.phase);
    }
}

/// [`sanitise_all`].
struct Sanitise<'a>(&'a mut [Frame]);

impl Kernel for Sanitise<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self) {
        sanitise_all(self.0);
    }
}

#[inline(always)]
fn sanitise_all(block: &mut [Frame]) {
    // Four at a time: a frame is two.
    let (pairs, last) = block.as_chunks_mut::<2>();
    for [a, b] in pairs {
        (*a, *b) = (sanitise(*a), sanitise(*b));
    }
    for frame in last {
        *frame = sanitise(*frame);
    }
}

#[inline(always)]
fn run_groups<V: F64x4>(groups: &mut [Group], block: &mut [Frame], phase: usize) {
    match groups.len() {
        1 => run_some::<V, 1>(groups, block, phase),
        2 => run_some::<V, 2>(groups, block, phase),
        3 => run_some::<V, 3>(groups, block, phase),
        _ => run_some::<V, PASS_GROUPS>(groups, block, phase),
    }
}

#[inline(always)]
fn run_some<V: F64x4, const G: usize>(groups: &mut [Group], block: &mut [Frame], phase: usize) {
    let Some(groups) = groups.first_chunk_mut::<G>() else { return };
    if groups.iter().any(|group| group.moving) {
        run_pass_of::<V, G, true>(groups, block, phase);
    } else {
        run_pass_of::<V, G, false>(groups, block, phase);
    }
}

/// One step of a group: see [`super::section`].
#[inline(always)]
fn step<V: F64x4>([a, b1, b2, c1, c2, d]: [V; NUMBERS], [ic1eq, ic2eq]: [V; 2], x: V) -> ([V; 2], V) {
    let u = x.sub(ic2eq);
    let memory = [a.mul_add(ic1eq, b1.mul(u)), b1.mul_add(ic1eq, b2.mul_add(u, ic2eq))];
    (memory, d.mul_add(x, c1.mul_add(ic1eq, c2.mul(ic2eq))))
}

/// The sections' coefficients `at` frames into the control step, counting this one, for each lane its own. For a section
/// without a frame that may lie before the control step: nothing uses it.
///
/// Loops, not closures, here and below: a closure is a function of its own, compiled for any processor.
#[inline(always)]
fn numbers<V: F64x4, const MOVING: bool>(group: &Group, at: V) -> [V; NUMBERS] {
    let mut now = [at; NUMBERS];
    for ((now, number), step) in now.iter_mut().zip(&group.numbers).zip(&group.steps) {
        // Adding the steps of a settled group costs less than asking whether it moves.
        *now = if MOVING { V::load(step).mul_add(at, V::load(number)) } else { V::load(number) };
    }
    now
}

/// A pass while it runs.
struct Running<'a, V, const G: usize> {
    groups: &'a mut [Group; G],
    memory: [[V; 2]; G],
    /// What each group put out in the last step.
    out: [V; G],
    /// Frames since the control step, counting the next one, for each lane of the first group.
    at: V,
}

/// One step of all groups: group g works on the frames t − 2g and t − 2g − 1. At the ends of a block, where some of those
/// do not exist, only sections that have a frame step.
#[inline(always)]
fn step_all<V: F64x4, const G: usize, const MOVING: bool, const END: bool>(
    pass: &mut Running<'_, V, G>,
    [l, r]: Frame,
    t: usize,
    frames: usize,
) -> Frame {
    let now = pass.at;
    if MOVING {
        let one = V::splat(1.0);
        pass.at = one.mul_add(one, now);
    }
    let mut before = V::load(&[0.0, 0.0, l, r]);
    for g in 0..G {
        let x = pass.out[g].delayed(before);
        before = pass.out[g];
        let has = [t >= 2 * g && t < frames + 2 * g, t > 2 * g && t <= frames + 2 * g];
        if END && !(has[0] || has[1]) {
            continue;
        }
        let (next, y) =
            step(numbers::<V, MOVING>(&pass.groups[g], now.sub(V::splat((2 * g) as f64))), pass.memory[g], x);
        pass.out[g] = y;
        pass.memory[g] =
            if END { [next[0].or(pass.memory[g][0], has), next[1].or(pass.memory[g][1], has)] } else { next };
    }
    let [_, _, l, r] = pass.out[G - 1].to_array();
    [l, r]
}

/// Runs the whole block through `G` groups, skewed.
#[inline(always)]
fn run_pass_of<V: F64x4, const G: usize, const MOVING: bool>(
    groups: &mut [Group; G],
    block: &mut [Frame],
    phase: usize,
) {
    let zero = V::splat(0.0);
    let mut pass = Running { groups, memory: [[zero; 2]; G], out: [zero; G], at: zero };
    for g in 0..G {
        for i in 0..2 {
            pass.memory[g][i] = V::load(&pass.groups[g].memory[i]);
        }
    }
    let first = (phase + 1) as f64;
    pass.at = V::load(&[first, first, first - 1.0, first - 1.0]);
    let (frames, lag) = (block.len(), 2 * G - 1);
    for (t, &frame) in block.iter().enumerate().take(lag) {
        step_all::<V, G, MOVING, true>(&mut pass, frame, t, frames);
    }
    for t in lag..frames {
        block[t - lag] = step_all::<V, G, MOVING, false>(&mut pass, block[t], t, frames);
    }
    for t in frames..frames + lag {
        let y = step_all::<V, G, MOVING, true>(&mut pass, [0.0; 2], t, frames);
        if t >= lag {
            block[t - lag] = y;
        }
    }
    for g in 0..G {
        for i in 0..2 {
            pass.memory[g][i].store(&mut pass.groups[g].memory[i]);
        }
    }
}

#[cfg(test)]
mod tests;

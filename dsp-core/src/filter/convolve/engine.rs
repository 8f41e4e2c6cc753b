//! The running convolution.

use super::complex::{Split, View, ViewMut};
use super::fft::{Plan, passes};
use super::kernel::{Geometry, Kernel, SLOT_FRAMES};
use super::multiply::multiply;
use super::schedule::{Schedule, Step};
use crate::Frame;
use crate::delay::Delay;
use crate::frame::sanitise;
use crate::smooth::RAMP_MS;
use crate::units::ms_to_frames;
use std::sync::Arc;

/// Most kernels held at once. There is room for all of them among the spent ones, so none is ever freed here.
const MOST_KERNELS: usize = 4;

/// Added to each array's length: arrays a power of two apart compete for the same cache lines.
const APART: usize = 72;

/// Tables of one geometry.
#[derive(Clone, Debug)]
struct Works {
    geometry: Geometry,
    plan: Plan,
    /// For no kernel, the current one, the next one, both.
    schedules: [Schedule; 4],
}

/// Tables of some geometries, shared by all convolvers that run them.
#[derive(Clone, Debug)]
pub struct Plans(Arc<[Works]>);

impl Plans {
    /// Allocates.
    #[must_use]
    pub fn new(geometries: &[Geometry]) -> Self {
        let works = geometries.iter().map(|&geometry| Works {
            geometry,
            plan: Plan::new(geometry.transform()),
            schedules: [&[][..], &[0], &[1], &[0, 1]].map(|lanes| Schedule::new(geometry, lanes)),
        });
        Self(works.collect())
    }
}

/// Length of a fade.
fn fade_frames(sample_rate_hz: f64) -> usize {
    ms_to_frames(RAMP_MS, sample_rate_hz).ceil().max(1.0) as usize
}

/// How a partition is processed.
#[derive(Clone, Copy, Debug, Default)]
struct Job {
    /// Whether the current and the next kernel run; without a kernel the signal passes as it is.
    lanes: [bool; 2],
    /// Frames of the fade already done, if there is one.
    fade: Option<usize>,
}

/// Convolves both channels. Without a kernel it is a bit-exact delay.
#[derive(Clone, Debug)]
pub struct Convolver {
    works: Arc<[Works]>,
    active: usize,
    fade_frames: usize,
    current: Option<Box<Kernel>>,
    /// What it fades to: a kernel, or none.
    coming: Option<Option<Box<Kernel>>>,
    spent: [Option<Box<Kernel>>; MOST_KERNELS],
    /// The input: one array in work and two filling. A partition is the second half of one and the first of the next.
    time: [Split; 3],
    filling: usize,
    /// Spectra of the last partitions: a ring.
    spectra: Split,
    newest: usize,
    sum: Split,
    scratch: Split,
    /// Output of both kernels: the one that plays and the one in work.
    out: [[Split; 2]; 2],
    heard: usize,
    working: Job,
    playing: Job,
    dry: Delay,
    /// Frame of the partition.
    frame: usize,
    /// Whether it has processed anything since the last reset.
    is_used: bool,
}

impl Convolver {
    /// Without a kernel, in the first geometry, with room for all of them. Allocates.
    #[must_use]
    pub fn new(geometries: &[Geometry], sample_rate_hz: f64) -> Self {
        Self::with(&Plans::new(geometries), sample_rate_hz)
    }

    /// The same with shared plans. Allocates zeros, which take no memory until they are used.
    #[must_use]
    pub fn with(plans: &Plans, sample_rate_hz: f64) -> Self {
        let most = |size: fn(&Geometry) -> usize| plans.0.iter().map(|works| size(&works.geometry)).max().unwrap_or(0);
        let room = || Split::zeros(most(Geometry::transform) + APART);
        let mut new = Self {
            works: Arc::clone(&plans.0),
            active: 0,
            fade_frames: fade_frames(sample_rate_hz),
            current: None,
            coming: None,
            spent: Default::default(),
            time: [room(), room(), room()],
            filling: 0,
            spectra: Split::zeros(most(|geometry| geometry.partitions * geometry.stride())),
            newest: 0,
            sum: room(),
            scratch: room(),
            out: [[room(), room()], [room(), room()]],
            heard: 0,
            working: Job::default(),
            playing: Job::default(),
            dry: Delay::new(most(Geometry::latency_frames)),
            frame: 0,
            is_used: false,
        };
        new.reset(0);
        new
    }

    /// Sets the sample rate; only the length of fades depends on it.
    pub fn set_rate(&mut self, sample_rate_hz: f64) {
        self.fade_frames = fade_frames(sample_rate_hz);
    }

    /// Clears the state and settles on the kernel it was fading to, in the geometry at that index; a kernel of another
    /// geometry is put aside.
    pub fn reset(&mut self, geometry: usize) {
        self.active = geometry.min(self.works.len() - 1);
        if let Some(kernel) = self.coming.take() {
            self.replace(kernel);
        }
        if self.current.as_ref().is_some_and(|kernel| kernel.geometry() != self.geometry()) {
            self.replace(None);
        }
        if core::mem::take(&mut self.is_used) {
            self.time.iter_mut().for_each(Split::clear);
            self.spectra.clear();
            self.out.iter_mut().flatten().for_each(Split::clear);
        }
        (self.filling, self.newest, self.heard, self.frame) = (0, 0, 0, 0);
        (self.working, self.playing) = (Job::default(), Job::default());
        self.dry.set_frames(self.geometry().latency_frames());
        self.dry.reset();
    }

    /// The active geometry.
    #[must_use]
    pub fn geometry(&self) -> Geometry {
        self.works[self.active].geometry
    }

    /// Whether the next frame begins a partition: the only place where a fade begins or ends.
    #[must_use]
    pub fn at_boundary(&self) -> bool {
        self.frame == 0
    }

    /// Frames until the next partition begins, at least 1.
    #[must_use]
    pub fn frames_to_boundary(&self) -> usize {
        self.geometry().partition - self.frame
    }

    /// Whether a new kernel would fade in: no other is fading in and all old ones have been taken.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        self.coming.is_none() && self.spent.iter().all(Option::is_none)
    }

    /// Whether it takes another kernel.
    #[must_use]
    pub fn has_room(&self) -> bool {
        let active = [self.current.is_some(), self.coming.as_ref().is_some_and(Option::is_some)];
        let held = active.into_iter().chain(self.spent.iter().map(Option::is_some));
        held.filter(|is_held| *is_held).count() < MOST_KERNELS
    }

    /// Fades to another kernel, or to none, from the next partition on. One of another geometry, or one that arrives
    /// during a fade, is put aside. Returns it if there is no room.
    #[must_use = "a kernel that is returned is freed where it is dropped"]
    pub fn fade_to(&mut self, kernel: Option<Box<Kernel>>) -> Option<Box<Kernel>> {
        let fits = kernel.as_ref().is_none_or(|kernel| kernel.geometry() == self.geometry());
        if !fits || self.coming.is_some() || (kernel.is_some() && !self.has_room()) {
            return kernel.and_then(|kernel| self.put_aside(kernel));
        }
        self.coming = Some(kernel);
        None
    }

    /// Takes out a kernel that is no longer used.
    pub fn take_spent(&mut self) -> Option<Box<Kernel>> {
        self.spent.iter_mut().find_map(Option::take)
    }

    /// Puts a kernel among those no longer used; returns it if there is no room.
    #[must_use = "a kernel that is returned is freed where it is dropped"]
    pub fn put_aside(&mut self, kernel: Box<Kernel>) -> Option<Box<Kernel>> {
        if !self.has_room() {
            return Some(kernel);
        }
        self.spend(kernel);
        None
    }

    /// Puts aside a kernel that was held: there is a place for it.
    fn spend(&mut self, kernel: Box<Kernel>) {
        if let Some(place) = self.spent.iter_mut().find(|place| place.is_none()) {
            *place = Some(kernel);
        }
    }

    fn replace(&mut self, kernel: Option<Box<Kernel>>) {
        if let Some(old) = core::mem::replace(&mut self.current, kernel) {
            self.spend(old);
        }
    }

    /// Convolves in place.
    pub fn process(&mut self, block: &mut [Frame]) {
        self.is_used = true;
        let mut rest = block;
        while !rest.is_empty() {
            if self.frame == 0 {
                self.turn();
            }
            if self.frame.is_multiple_of(SLOT_FRAMES) {
                self.run_slot(self.frame / SLOT_FRAMES);
            }
            let (chunk, later) = rest.split_at_mut(rest.len().min(SLOT_FRAMES - self.frame % SLOT_FRAMES));
            self.exchange(chunk);
            self.frame = (self.frame + chunk.len()) % self.geometry().partition;
            rest = later;
        }
    }

    /// A partition is complete: the output of the one before plays, and this one is processed next.
    fn turn(&mut self) {
        self.playing = self.working;
        self.heard = 1 - self.heard;
        self.filling = (self.filling + 1) % self.time.len();
        self.newest = (self.newest + 1) % self.geometry().partitions;
        let behind = self.working.fade.map(|behind| behind + self.geometry().partition);
        if behind.is_some_and(|behind| behind >= self.fade_frames)
            && let Some(kernel) = self.coming.take()
        {
            self.replace(kernel);
        }
        let fade = self.coming.is_some().then(|| behind.unwrap_or(0));
        let coming = self.coming.as_ref().is_some_and(Option::is_some);
        self.working = Job { lanes: [self.current.is_some(), coming], fade };
    }

    /// Does one slot's work on the last complete partition.
    fn run_slot(&mut self, slot: usize) {
        let Works { geometry, plan, schedules } = &self.works[self.active];
        let len = plan.len();
        let lanes = self.working.lanes.map(usize::from);
        let schedule = &schedules[lanes[0] + 2 * lanes[1]];
        let time = &mut self.time[(self.filling + 2) % 3];
        for step in schedule.slot(slot) {
            match schedule.step(step).clone() {
                Step::Forward { pass, butterflies } => {
                    let out = self.spectra.at_mut(self.newest * geometry.stride(), len);
                    let (from, to) = route(pass, len, time, &mut self.scratch, out);
                    plan.pass(pass, butterflies, from, to);
                }
                Step::Multiply { lane, bins } => {
                    let coming = self.coming.as_ref().and_then(Option::as_ref);
                    if let Some(kernel) = [self.current.as_ref(), coming][lane] {
                        multiply(kernel, &self.spectra, self.newest, bins, self.sum.at_mut(0, len));
                    }
                }
                Step::Backward { lane, pass, butterflies } => {
                    let out = self.out[1 - self.heard][lane].at_mut(0, len).exchanged();
                    let (from, to) = route(pass, len, &mut self.sum, &mut self.scratch, out);
                    plan.pass(pass, butterflies, if pass == 0 { from.exchanged() } else { from }, to);
                }
            }
        }
    }

    /// Takes in frames and puts out as many.
    fn exchange(&mut self, chunk: &mut [Frame]) {
        let half = self.geometry().partition;
        let (at, later) = (self.frame, (self.filling + 1) % 3);
        chunk.iter_mut().for_each(|frame| *frame = sanitise(*frame));
        for (array, place) in [(self.filling, half + at), (later, at)] {
            let to = self.time[array].at_mut(place, chunk.len());
            for ((re, im), frame) in to.re.iter_mut().zip(to.im).zip(chunk.iter()) {
                (*re, *im) = (frame[0], frame[1]);
            }
        }
        for frame in chunk.iter_mut() {
            *frame = self.dry.tick(*frame);
        }
        let (Job { lanes, fade }, len) = (self.playing, chunk.len());
        let made = |lane: usize| {
            let View { re, im } = self.out[self.heard][lane].at(half + at, len);
            re.iter().zip(im).map(|(l, r)| [*l, *r])
        };
        let Some(behind) = fade else {
            if lanes[0] {
                chunk.iter_mut().zip(made(0)).for_each(|(frame, made)| *frame = made);
            }
            return;
        };
        let total = self.fade_frames.next_multiple_of(half) as f64;
        for (n, (frame, (from, to))) in chunk.iter_mut().zip(made(0).zip(made(1))).enumerate() {
            let (from, to) = (if lanes[0] { from } else { *frame }, if lanes[1] { to } else { *frame });
            let share = ease((behind + at + n + 1) as f64 / total);
            *frame = if share < 1.0 { [0, 1].map(|lane| from[lane] + share * (to[lane] - from[lane])) } else { to };
        }
    }
}

/// From 0 to 1, both derivatives zero at the ends: the fade adds no frequencies far from the signal's.
fn ease(t: f64) -> f64 {
    t * t * t * (10.0 + t * (6.0 * t - 15.0))
}

/// Where a pass reads and writes: back and forth between two arrays, the last into `out`.
fn route<'a>(
    pass: usize,
    len: usize,
    first: &'a mut Split,
    second: &'a mut Split,
    out: ViewMut<'a>,
) -> (View<'a>, ViewMut<'a>) {
    let (from, to) = if pass.is_multiple_of(2) { (first, second) } else { (second, first) };
    let to = if pass + 1 == passes(len) { out } else { to.at_mut(0, len) };
    (from.at(0, len), to)
}

#[cfg(test)]
mod tests;

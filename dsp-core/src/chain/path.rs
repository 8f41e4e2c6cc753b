//! The way of the signal through a chain's stages: in their order, each with the sidechain and the settings that belong to
//! the sound that reaches it.

use super::bypass::Bypass;
use super::io::{self, CHUNK};
use super::key_history::KeyHistory;
use super::order::{Order, Section};
use super::reorder::Reorder;
use super::slot::{AnySlot, Slot};
use super::stage::Stage;
use crate::meter::taps::{SignalTaps, TapPoint};
use crate::{Frame, Spec};
use core::ops::Range;
use std::sync::Arc;

/// Most stages of a chain.
const MAX_SLOTS: usize = 16;

/// The slots of a chain, by number: those in front of its sections, the sections by their index, those behind.
pub(super) trait Slots {
    /// Number of slots in front of the sections.
    const IN_FRONT: usize;
    /// Number of all slots.
    const COUNT: usize;

    /// The slot of a number below [`Self::COUNT`].
    fn slot(&mut self, index: usize) -> &mut dyn AnySlot;
}

/// The meters of a chain.
pub(super) trait Meters {
    /// Takes what goes into the chain.
    fn input(&mut self, _block: &[Frame]) {}
    /// Takes what comes out of a slot.
    fn after(&mut self, _index: usize, _block: &[Frame]) {}
    /// Takes what leaves the chain.
    fn output(&mut self, block: &[Frame]);
}

/// The way through the slots of a chain with `N` sections.
#[derive(Clone, Debug)]
pub(super) struct Path<S, const N: usize> {
    order: Reorder<S, N>,
    keys: KeyHistory,
    bypass: Bypass,
    /// Frames since the last reset, at the chain's input.
    now: u64,
    /// Latency in front of each slot.
    delays: [usize; MAX_SLOTS],
    /// Slots with settings on their way, a bit each.
    pending: u32,
    latency_frames: usize,
    pending_latency_frames: usize,
    /// Taps for displays, and the slot that they are around.
    taps: Option<Arc<SignalTaps>>,
    tapped: usize,
    /// Whether every slot is idle, and how many frames they have not been told of.
    idle: bool,
    skipped: usize,
}

impl<S: Section, const N: usize> Path<S, N> {
    /// Settled; displays are shown the signal around the slot `tapped`.
    pub(super) fn new(order: Order<S, N>, bypassed: bool, tapped: usize) -> Self {
        Self {
            order: Reorder::new(order),
            keys: KeyHistory::new(),
            bypass: Bypass::new(bypassed),
            now: 0,
            delays: [0; MAX_SLOTS],
            pending: 0,
            latency_frames: 0,
            pending_latency_frames: 0,
            taps: None,
            tapped,
            idle: false,
            skipped: 0,
        }
    }

    /// Lets displays read the signal around the slot that was given to [`Self::new`], and at the output.
    pub(super) fn attach_taps(&mut self, taps: Arc<SignalTaps>) {
        self.taps = Some(taps);
    }

    /// The taps, if there are any.
    pub(super) fn taps(&self) -> Option<&SignalTaps> {
        self.taps.as_deref()
    }

    /// Prepares every stage with its newest settings, then resets. Allocates.
    pub(super) fn prepare<C: Slots>(&mut self, slots: &mut C, spec: Spec) {
        let mut most = 0;
        let mut sections = 0;
        for index in 0..C::COUNT {
            let slot = slots.slot(index);
            slot.prepare(spec);
            most += slot.max_latency_frames();
            if (C::IN_FRONT..C::IN_FRONT + N).contains(&index) {
                sections += slot.max_latency_frames();
            }
        }
        self.order.prepare(spec.sample_rate_hz, sections);
        self.keys.prepare(most);
        self.bypass.prepare(spec.sample_rate_hz, most);
        self.reset(slots);
        (0..C::COUNT).for_each(|index| slots.slot(index).reserve(self.latency_frames));
        self.bypass.reserve(self.latency_frames);
        if let Some(taps) = &self.taps {
            taps.prepare(spec.sample_rate_hz);
        }
    }

    /// Resets every stage with its newest settings, and adopts the latencies and the order.
    pub(super) fn reset<C: Slots>(&mut self, slots: &mut C) {
        self.order.settle();
        (0..C::COUNT).for_each(|index| slots.slot(index).reset());
        let latency = |slots: &mut C, index: usize| slots.slot(index).latency_frames();
        self.latency_frames = (0..C::COUNT).map(|index| latency(slots, index)).sum();
        self.order.reset((C::IN_FRONT..C::IN_FRONT + N).map(|index| latency(slots, index)).sum());
        self.keys.reset(self.latency_frames);
        self.bypass.reset(self.latency_frames);
        (self.now, self.pending, self.idle, self.skipped) = (0, 0, false, 0);
        self.align(slots);
        self.note_pending_latency(slots);
    }

    /// Tells every slot the latency in front of it.
    fn align<C: Slots>(&mut self, slots: &mut C) {
        let mut delay = 0;
        for place in 0..C::COUNT {
            let index = self.index_at::<C>(place);
            let slot = slots.slot(index);
            slot.set_delay(delay);
            self.delays[index] = delay;
            delay += slot.latency_frames();
        }
    }

    /// The slot at a place of the order.
    fn index_at<C: Slots>(&self, place: usize) -> usize {
        match place.checked_sub(C::IN_FRONT).and_then(|place| self.order.active().get(place)) {
            Some(section) => C::IN_FRONT + section.index(),
            None => place,
        }
    }

    /// To be called before slots are set: what they have skipped while all were idle is counted.
    pub(super) fn wake<C: Slots>(&mut self, slots: &mut C) {
        if self.skipped > 0 {
            (0..C::COUNT).for_each(|index| slots.slot(index).skip(self.skipped));
        }
        (self.idle, self.skipped) = (false, 0);
    }

    /// Sets one slot.
    pub(super) fn set<T: Stage>(&mut self, index: usize, slot: &mut Slot<T>, settings: T::Settings) {
        if slot.set(settings, self.now) {
            self.pending |= 1 << index;
        }
    }

    /// Sets what concerns the whole.
    pub(super) fn set_whole<C: Slots>(&mut self, slots: &mut C, order: Order<S, N>, bypassed: bool) {
        self.order.set(order);
        self.bypass.set(bypassed, self.now);
        self.note_pending_latency(slots);
    }

    fn note_pending_latency<C: Slots>(&mut self, slots: &mut C) {
        self.pending_latency_frames = (0..C::COUNT).map(|index| slots.slot(index).pending_latency_frames()).sum();
    }

    /// Delay between input and output, constant between two resets.
    pub(super) fn latency_frames(&self) -> usize {
        self.latency_frames
    }

    /// Delay that the next reset will adopt.
    pub(super) fn pending_latency_frames(&self) -> usize {
        self.pending_latency_frames
    }

    /// Whether a block may pass as it is. If so, it counts as processed.
    pub(super) fn skip_idle<C: Slots>(&mut self, slots: &mut C, frames: usize) -> bool {
        if !self.idle {
            self.idle = self.order.is_settled()
                && self.bypass.is_idle()
                && (0..C::COUNT).all(|index| slots.slot(index).is_idle());
        }
        if self.idle {
            self.skipped = self.skipped.wrapping_add(frames);
            self.now += frames as u64;
        }
        self.idle
    }

    /// Runs the chain over the host's channels in place.
    pub(super) fn process<C: Slots, K: AsRef<[f32]>>(
        &mut self,
        slots: &mut C,
        main: &mut [&mut [f32]],
        key: Option<&[K]>,
        meters: &mut impl Meters,
    ) {
        self.wake(slots);
        let is_key_shown = self.taps().is_some_and(|taps| taps.is_open(TapPoint::Key));
        let mut uses = |index| slots.slot(index).uses_sidechain() || (is_key_shown && index == self.tapped);
        let key = if self.keys.is_in_use() || (0..C::COUNT).any(&mut uses) { key } else { None };
        io::run(main, key, |chunk, key| {
            self.bypass.keep(chunk, self.now);
            self.keys.push(key, chunk.len());
            meters.input(chunk);
            self.run(slots, chunk, key, meters);
            self.bypass.mix(chunk, self.now);
            self.now += chunk.len() as u64;
            meters.output(chunk);
            if let Some(taps) = &self.taps {
                taps.push(TapPoint::Out, chunk);
            }
        });
    }

    /// All slots over one chunk.
    fn run<C: Slots>(&mut self, slots: &mut C, chunk: &mut [Frame], key: Option<&[Frame]>, meters: &mut impl Meters) {
        let whole = Piece { at: 0, from_end: chunk.len() };
        self.visit(slots, 0..C::IN_FRONT, chunk, key, whole, meters);
        let sections = C::IN_FRONT..C::IN_FRONT + N;
        if self.order.is_settled() {
            self.visit(slots, sections.clone(), chunk, key, whole, meters);
        } else {
            self.reorder(slots, sections.clone(), chunk, key, meters);
        }
        self.visit(slots, sections.end..C::COUNT, chunk, key, whole, meters);
    }

    /// The sections while their order changes, step by step.
    #[inline(never)]
    fn reorder<C: Slots>(
        &mut self,
        slots: &mut C,
        sections: Range<usize>,
        chunk: &mut [Frame],
        key: Option<&[Frame]>,
        meters: &mut impl Meters,
    ) {
        let mut dry = [[0.0; 2]; CHUNK];
        let (mut at, len) = (0, chunk.len());
        while at < len {
            let end = len.min(at.saturating_add(self.order.frames_to_step()));
            let (piece, dry) = (&mut chunk[at..end], &mut dry[..end - at]);
            dry.copy_from_slice(piece);
            let place = Piece { at, from_end: len - at };
            self.visit(slots, sections.clone(), piece, key.map(|key| &key[at..end]), place, meters);
            if self.order.mix(piece, dry) {
                self.align(slots);
            }
            at = end;
        }
    }

    /// The slots at some places of the order, over a piece of a chunk.
    #[inline]
    fn visit<C: Slots>(
        &mut self,
        slots: &mut C,
        places: Range<usize>,
        block: &mut [Frame],
        key: Option<&[Frame]>,
        piece: Piece,
        meters: &mut impl Meters,
    ) {
        for place in places {
            let index = self.index_at::<C>(place);
            let (slot, delay) = (slots.slot(index), self.delays[index]);
            let taps = if index == self.tapped { self.taps.as_deref() } else { None };
            let key = if delay == 0 {
                key
            } else if taps.is_some_and(|taps| taps.is_open(TapPoint::Key)) || slot.uses_sidechain() {
                self.keys.read(delay, piece.from_end, block.len())
            } else {
                None
            };
            if let Some(taps) = taps {
                taps.push(TapPoint::Pre, block);
                taps.push(TapPoint::Key, key.unwrap_or_default());
            }
            if self.pending & 1 << index == 0 {
                slot.step(block, key);
            } else if step_by_step(slot, block, key, self.now + piece.at as u64).is_none() {
                self.pending &= !(1 << index);
            }
            if let Some(taps) = taps {
                taps.push(TapPoint::Post, block);
            }
            meters.after(index, block);
        }
    }
}

/// A piece of a chunk: where it begins, counted from the chunk's start and from its end.
#[derive(Clone, Copy, Debug)]
struct Piece {
    at: usize,
    from_end: usize,
}

/// A block that begins at frame `now`, cut where settings are due. Returns when the next ones are.
fn step_by_step(slot: &mut dyn AnySlot, block: &mut [Frame], key: Option<&[Frame]>, now: u64) -> Option<u64> {
    let mut at = 0;
    loop {
        let due = slot.apply_due(now + at as u64);
        if at == block.len() {
            return due;
        }
        let end = due.map_or(block.len(), |due| block.len().min((due - now) as usize));
        slot.step(&mut block[at..end], key.and_then(|key| key.get(at..end)));
        at = end;
    }
}

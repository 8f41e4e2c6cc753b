//! Where each band's sections lie in the filter bank.
//!
//! Bands run in order. Those on the left or right channel need the block as left and right, those on mid or side as mid
//! and side; stereo bands take it either way. So the block is converted only between two neighbours that differ; what
//! lies between two conversions is a segment.

use super::band::{MAX_SECTIONS, Target};
use super::running::RunningBand;
use crate::Frame;
use crate::filter::bank::{Bank, Memory};
use crate::filter::section::Section;
use crate::frame::{from_mid_side, to_mid_side};

/// What the two lanes of a block are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Domain {
    LeftRight,
    MidSide,
}

/// The domain that a target needs; none if either will do.
fn domain(target: Target) -> Option<Domain> {
    match target {
        Target::Stereo => None,
        Target::Left | Target::Right => Some(Domain::LeftRight),
        Target::Mid | Target::Side => Some(Domain::MidSide),
    }
}

/// A section on the lanes of its target.
pub(super) fn lanes(target: Target, section: Section) -> [Section; 2] {
    match target {
        Target::Stereo => [section; 2],
        Target::Left | Target::Mid => [section, Section::IDLE],
        Target::Right | Target::Side => [Section::IDLE, section],
    }
}

/// The state of a filter on both lanes, for the other domain.
fn converted_state(memory: Memory, to: Domain) -> Memory {
    memory.map(if to == Domain::MidSide { to_mid_side } else { from_mid_side })
}

/// Places `from..to` in the bank, in one domain.
#[derive(Clone, Copy, Debug)]
struct Segment {
    from: usize,
    to: usize,
    domain: Domain,
}

/// The places of one band.
#[derive(Clone, Copy, Debug)]
struct Slot {
    place: usize,
    len: usize,
    domain: Domain,
}

/// The bank, and the places of its bands.
#[derive(Clone, Debug)]
pub(super) struct BankLayout<const N: usize> {
    bank: Bank,
    segments: [Segment; N],
    segments_len: usize,
    slots: [Option<Slot>; N],
    /// Bands whose sections moved in the last control step.
    moved: [bool; N],
}

impl<const N: usize> BankLayout<N> {
    /// Empty. Allocates.
    pub(super) fn new() -> Self {
        Self {
            // A segment may start one place after the end of the one before.
            bank: Bank::new(N * (MAX_SECTIONS + 1)),
            segments: [Segment { from: 0, to: 0, domain: Domain::LeftRight }; N],
            segments_len: 0,
            slots: [None; N],
            moved: [false; N],
        }
    }

    /// Frees all places.
    pub(super) fn reset(&mut self) {
        self.slots = [None; N];
    }

    /// Gives places to the bands that run; those that ran before keep their states.
    pub(super) fn arrange(&mut self, bands: &mut [RunningBand; N]) {
        let before = self.slots;
        for (slot, band) in before.iter().zip(bands.iter_mut()) {
            if let Some(slot) = slot {
                for i in 0..slot.len {
                    band.memory[i] = self.bank.memory(slot.place + i);
                }
            }
            if core::mem::take(&mut band.fresh) {
                band.memory = [Memory::default(); MAX_SECTIONS];
            }
        }
        let (mut place, mut now) = (0, Domain::LeftRight);
        self.segments_len = 0;
        for (index, band) in bands.iter().enumerate() {
            self.slots[index] = None;
            if !band.running {
                continue;
            }
            let needed = domain(band.target()).unwrap_or(now);
            if needed != now || self.segments_len == 0 {
                place += place % 2;
                now = needed;
                self.segments[self.segments_len] = Segment { from: place, to: place, domain: needed };
                self.segments_len += 1;
            }
            self.slots[index] = Some(Slot { place, len: band.len, domain: needed });
            place += band.len;
            self.segments[self.segments_len - 1].to = place;
        }
        self.bank.clear(place);
        for ((slot, old), band) in self.slots.iter().zip(&before).zip(bands.iter()) {
            let Some(slot) = slot else { continue };
            // Only a stereo band can change its domain.
            let converts = old.is_some_and(|old| old.domain != slot.domain);
            for i in 0..slot.len {
                let memory = band.memory[i];
                self.bank
                    .set_memory(slot.place + i, if converts { converted_state(memory, slot.domain) } else { memory });
            }
        }
        self.moved = [true; N];
    }

    /// Sets the ramps of the bands' sections over the control step that begins.
    pub(super) fn set_ramps(&mut self, bands: &[RunningBand; N]) {
        for ((slot, moved), band) in self.slots.iter().zip(&mut self.moved).zip(bands) {
            let Some(slot) = slot else { continue };
            if !band.moving && !*moved {
                continue;
            }
            for i in 0..slot.len {
                let to = lanes(band.target(), band.next[i]);
                if band.moving {
                    self.bank.glide(slot.place + i, lanes(band.target(), band.now[i]), to);
                } else {
                    self.bank.settle(slot.place + i, to);
                }
            }
            *moved = band.moving;
        }
    }

    /// Whether no band has a place.
    pub(super) fn is_empty(&self) -> bool {
        self.segments_len == 0
    }

    /// Replaces what is not a number in a block.
    pub(super) fn sanitise(&self, block: &mut [Frame]) {
        self.bank.sanitise(block);
    }

    /// Filters in place, up to the next control step or beyond if nothing moves. `phase` counts the frames since the
    /// last one.
    pub(super) fn run(&mut self, block: &mut [Frame], phase: usize) {
        let mut now = Domain::LeftRight;
        for segment in &self.segments[..self.segments_len] {
            convert(block, &mut now, segment.domain);
            self.bank.run(segment.from, segment.to, block, phase);
        }
        convert(block, &mut now, Domain::LeftRight);
    }
}

/// Converts a block to a domain if it is in the other.
fn convert(block: &mut [Frame], now: &mut Domain, to: Domain) {
    if *now != to {
        *now = to;
        match to {
            Domain::MidSide => block.iter_mut().for_each(|frame| *frame = to_mid_side(*frame)),
            Domain::LeftRight => block.iter_mut().for_each(|frame| *frame = from_mid_side(*frame)),
        }
    }
}

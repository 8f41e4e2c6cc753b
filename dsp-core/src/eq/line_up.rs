//! Which section of which band stands where in the filter bank.
//!
//! Bands run in their order. Those on the left or right channel need the block as left and right, those on mid or
//! side need it as mid and side; those on both take it either way. So the block is turned only between two
//! neighbours that differ, and what stands between two turns is one leg.

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

/// The domain that a target needs; none: either.
fn domain(target: Target) -> Option<Domain> {
    match target {
        Target::Stereo => None,
        Target::Left | Target::Right => Some(Domain::LeftRight),
        Target::Mid | Target::Side => Some(Domain::MidSide),
    }
}

/// A section on the lanes that its target means.
pub(super) fn lanes(target: Target, section: Section) -> [Section; 2] {
    match target {
        Target::Stereo => [section; 2],
        Target::Left | Target::Mid => [section, Section::IDLE],
        Target::Right | Target::Side => [Section::IDLE, section],
    }
}

/// What a filter of both lanes remembers, for the other domain.
fn turned(memory: Memory, to: Domain) -> Memory {
    memory.map(if to == Domain::MidSide { to_mid_side } else { from_mid_side })
}

/// Places in the bank, from `from` to before `to`.
#[derive(Clone, Copy, Debug)]
struct Leg {
    from: usize,
    to: usize,
    domain: Domain,
}

/// Where a band stands.
#[derive(Clone, Copy, Debug)]
struct Seat {
    place: usize,
    len: usize,
    domain: Domain,
}

/// The bank, and who stands where.
#[derive(Clone, Debug)]
pub(super) struct LineUp<const N: usize> {
    bank: Bank,
    legs: [Leg; N],
    legs_len: usize,
    seats: [Option<Seat>; N],
    /// Bands whose sections moved in the last control step.
    moved: [bool; N],
}

impl<const N: usize> LineUp<N> {
    /// Empty. Allocates.
    pub(super) fn new() -> Self {
        Self {
            // A leg may begin one place later than the one before it ends.
            bank: Bank::new(N * (MAX_SECTIONS + 1)),
            legs: [Leg { from: 0, to: 0, domain: Domain::LeftRight }; N],
            legs_len: 0,
            seats: [None; N],
            moved: [false; N],
        }
    }

    /// Forgets who stands where.
    pub(super) fn reset(&mut self) {
        self.seats = [None; N];
    }

    /// Gives places to the bands that run now; those that ran before keep their memories.
    pub(super) fn arrange(&mut self, bands: &mut [RunningBand; N]) {
        let before = self.seats;
        for (seat, band) in before.iter().zip(bands.iter_mut()) {
            if let Some(seat) = seat {
                for i in 0..seat.len {
                    band.memory[i] = self.bank.memory(seat.place + i);
                }
            }
            if core::mem::take(&mut band.fresh) {
                band.memory = [Memory::default(); MAX_SECTIONS];
            }
        }
        let (mut place, mut now) = (0, Domain::LeftRight);
        self.legs_len = 0;
        for (index, band) in bands.iter().enumerate() {
            self.seats[index] = None;
            if !band.running {
                continue;
            }
            let needed = domain(band.target()).unwrap_or(now);
            if needed != now || self.legs_len == 0 {
                place += place % 2;
                now = needed;
                self.legs[self.legs_len] = Leg { from: place, to: place, domain: needed };
                self.legs_len += 1;
            }
            self.seats[index] = Some(Seat { place, len: band.len, domain: needed });
            place += band.len;
            self.legs[self.legs_len - 1].to = place;
        }
        self.bank.clear(place);
        for ((seat, old), band) in self.seats.iter().zip(&before).zip(bands.iter()) {
            let Some(seat) = seat else { continue };
            // Only a band on both lanes can find itself in another domain.
            let turn = old.is_some_and(|old| old.domain != seat.domain);
            for i in 0..seat.len {
                let memory = band.memory[i];
                self.bank.set_memory(seat.place + i, if turn { turned(memory, seat.domain) } else { memory });
            }
        }
        self.moved = [true; N];
    }

    /// Tells the bank where the bands' sections go in the control step that begins.
    pub(super) fn aim(&mut self, bands: &[RunningBand; N]) {
        for ((seat, moved), band) in self.seats.iter().zip(&mut self.moved).zip(bands) {
            let Some(seat) = seat else { continue };
            if !band.moving && !*moved {
                continue;
            }
            for i in 0..seat.len {
                let to = lanes(band.target(), band.next[i]);
                if band.moving {
                    self.bank.glide(seat.place + i, lanes(band.target(), band.now[i]), to);
                } else {
                    self.bank.settle(seat.place + i, to);
                }
            }
            *moved = band.moving;
        }
    }

    /// Whether nobody has a place.
    pub(super) fn is_empty(&self) -> bool {
        self.legs_len == 0
    }

    /// Makes numbers of whatever comes in.
    pub(super) fn sanitise(&self, block: &mut [Frame]) {
        self.bank.sanitise(block);
    }

    /// Filters in place what lies between two control steps, or more if nothing moves. `phase` is the number of
    /// frames since the last one.
    pub(super) fn run(&mut self, block: &mut [Frame], phase: usize) {
        let mut now = Domain::LeftRight;
        for leg in &self.legs[..self.legs_len] {
            turn(block, &mut now, leg.domain);
            self.bank.run(leg.from, leg.to, block, phase);
        }
        turn(block, &mut now, Domain::LeftRight);
    }
}

/// Turns a block into a domain, if it is in the other.
fn turn(block: &mut [Frame], now: &mut Domain, to: Domain) {
    if *now != to {
        *now = to;
        match to {
            Domain::MidSide => block.iter_mut().for_each(|frame| *frame = to_mid_side(*frame)),
            Domain::LeftRight => block.iter_mut().for_each(|frame| *frame = from_mid_side(*frame)),
        }
    }
}

//! A session: two hundred strips into one bus, in one process, 64 frames at 48 kHz, on one core and on two. Every strip
//! plays another part of the programme, all are called with the same buffers, as in a host; the bus plays their sum.
//!
//! With two cores each has its half of the strips, the first one the bus behind them; per cycle both meet twice.

use crate::bundles::Whole;
use crate::clock::{Moment, resident_bytes};
use crate::programme::{Programme, turn_frames};
use crate::turns::median;
use anyhow::{Context, Result};
use dsp_core::flush::FlushGuard;
use plumb_hosts::clap::{Buffers, Plugin};
use std::sync::{Barrier, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Strips in the session.
pub(crate) const STRIPS: usize = 200;
/// Buses that are opened to see how long it takes; one plays.
const BUSES: usize = 15;
const RATE_HZ: f64 = 48_000.0;
const BLOCK: usize = 64;
/// Turns of the programme in a pass, and passes, usually and for a quick look; a second before them warms up.
const TURNS: [usize; 2] = [4, 1];
const PASSES: [usize; 2] = [3, 1];
/// Level of each strip in the sum, so that the bus works at its usual level.
const SHARE: f32 = 0.07;

/// What it took to open a session.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    /// Create, load state and first block of a strip, in ms: the least of all, and the median.
    pub(crate) strip_ms: [f64; 2],
    /// The same of all strips together, in ms.
    pub(crate) all_ms: f64,
    /// The same of the bus.
    pub(crate) bus_ms: [f64; 2],
    /// Memory that a strip and a bus add to the process, in MB of 10⁶ bytes; none where the system does not say.
    pub(crate) strip_mb: Option<f64>,
    pub(crate) bus_mb: Option<f64>,
}

/// Shares of the time that cycles have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loads {
    pub(crate) mean: f64,
    /// Of 99.9 % of the cycles, and of all.
    pub(crate) p999: f64,
    pub(crate) max: f64,
    /// Cycles that took longer than they had.
    pub(crate) late: usize,
    pub(crate) cycles: usize,
}

/// How a session played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Played {
    pub(crate) cores: usize,
    /// The work of each cycle, on the core that has most, in the pass in which it took least: what the machine does in
    /// between hits another cycle each time, what the work costs is the same.
    pub(crate) least: Loads,
    /// The work as it came, in all passes.
    pub(crate) came: Loads,
    /// The same by the clock on the wall: what other programs take is in it.
    pub(crate) wall: Loads,
}

impl Played {
    /// All of it with names.
    pub(crate) fn ways(&self) -> [(&'static str, Loads); 3] {
        [("least of the passes", self.least), ("as it came", self.came), ("by the clock on the wall", self.wall)]
    }
}

/// Opens and plays a session.
pub(crate) fn session(quick: bool) -> Result<(Opening, Vec<Played>)> {
    let (opening, one) = alone(Length::new(quick))?;
    let mut played = vec![one];
    if thread::available_parallelism().is_ok_and(|cores| cores.get() >= 2) {
        played.push(on_two(Length::new(quick))?);
    }
    Ok((opening, played))
}

/// A new instance as a session opens it: created, given its state, activated, one block played.
fn open(whole: Whole, state: &[u8]) -> Result<Plugin> {
    let mut plugin = Plugin::load(&whole.product().built(plumb_hosts::bundles::Format::Clap)?)?;
    plugin.load_state(state)?;
    plugin.activate(RATE_HZ, BLOCK)?;
    plugin.play([&[0.1; BLOCK], &[0.1; BLOCK]], &[])?;
    Ok(plugin)
}

/// Opens many, measuring each. The milliseconds are those of the core.
fn open_many(whole: Whole, state: &[u8], count: usize) -> Result<(Vec<Plugin>, Vec<f64>, Option<f64>)> {
    let before = resident_bytes();
    let (mut plugins, mut times) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let start = Instant::now();
        plugins.push(open(whole, state)?);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let each = resident_bytes().zip(before).map(|(after, before)| (after - before) / count as f64 / 1e6);
    Ok((plugins, times, each))
}

fn least_and_median(times: Vec<f64>) -> [f64; 2] {
    [times.iter().copied().fold(f64::INFINITY, f64::min), median(times)]
}

/// What plays a cycle: strips, and what they sum up to.
struct Desk {
    strips: Vec<Plugin>,
    /// What they are called with, one after the other.
    buffers: Buffers,
    /// Where in the programme each begins.
    offsets: Vec<usize>,
    sum: [Vec<f32>; 2],
}

impl Desk {
    fn new(mut strips: Vec<Plugin>, first: usize) -> Self {
        let turn = turn_frames(RATE_HZ);
        // Co-prime to the blocks of a beat, so that bursts of different strips fall apart.
        let offsets = (first..first + strips.len()).map(|n| n * 37 * BLOCK % turn).collect();
        let mut buffers = Buffers::default();
        if let Some(strip) = strips.first_mut() {
            strip.exchange_buffers(&mut buffers);
        }
        Self { strips, buffers, offsets, sum: [vec![0.0; BLOCK], vec![0.0; BLOCK]] }
    }

    fn play(&mut self, programme: &Programme, cycle: usize) -> Result<()> {
        let turn = turn_frames(RATE_HZ);
        self.sum.iter_mut().for_each(|channel| channel.fill(0.0));
        for (strip, offset) in self.strips.iter_mut().zip(&self.offsets) {
            let piece = programme.piece((offset + cycle * BLOCK) % turn, BLOCK);
            strip.exchange_buffers(&mut self.buffers);
            let output = strip.play([piece.left, piece.right], &[])?;
            for (sum, channel) in self.sum.iter_mut().zip(output) {
                sum.iter_mut().zip(channel).for_each(|(sum, x)| *sum += SHARE * x);
            }
            strip.exchange_buffers(&mut self.buffers);
        }
        Ok(())
    }
}

/// Times of cycles as shares of what they have.
fn loads(ns: impl Iterator<Item = f64>) -> Loads {
    let mut loads: Vec<f64> = ns.map(|ns| ns / (1e9 * BLOCK as f64 / RATE_HZ)).collect();
    loads.sort_by(f64::total_cmp);
    Loads {
        mean: loads.iter().sum::<f64>() / loads.len() as f64,
        p999: loads[(loads.len() - 1) * 999 / 1000],
        max: loads[loads.len() - 1],
        late: loads.iter().filter(|load| **load > 1.0).count(),
        cycles: loads.len(),
    }
}

/// How many cycles are played.
#[derive(Clone, Copy)]
struct Length {
    warm: usize,
    pass: usize,
    passes: usize,
}

impl Length {
    fn new(quick: bool) -> Self {
        let pass = TURNS[usize::from(quick)] * turn_frames(RATE_HZ) / BLOCK;
        Self { warm: (RATE_HZ / BLOCK as f64) as usize, pass, passes: PASSES[usize::from(quick)] }
    }

    fn cycles(self) -> usize {
        self.warm + self.pass * self.passes
    }

    /// What the times of all cycles say.
    fn played(self, cores: usize, work_ns: &[f64], wall_ns: &[f64]) -> Played {
        let (work, wall) = (&work_ns[self.warm..], &wall_ns[self.warm..]);
        let least = |cycle: usize| work.iter().skip(cycle).step_by(self.pass).copied().fold(f64::INFINITY, f64::min);
        Played {
            cores,
            least: loads((0..self.pass).map(least)),
            came: loads(work.iter().copied()),
            wall: loads(wall.iter().copied()),
        }
    }
}

fn states() -> Result<[Vec<u8>; 2]> {
    Ok([Whole::StripBasic.load()?.save()?, Whole::BusFull.load()?.save()?])
}

fn alone(length: Length) -> Result<(Opening, Played)> {
    let [strip_state, bus_state] = states()?;
    // Those that are opened first find the library cold; an open session has one already.
    let _warm = (open(Whole::StripBasic, &strip_state)?, open(Whole::BusFull, &bus_state)?);
    let (strips, strip_times, strip_mb) = open_many(Whole::StripBasic, &strip_state, STRIPS)?;
    let (mut buses, bus_times, bus_mb) = open_many(Whole::BusFull, &bus_state, BUSES)?;
    let opening = Opening {
        all_ms: strip_times.iter().sum(),
        strip_ms: least_and_median(strip_times),
        bus_ms: least_and_median(bus_times),
        strip_mb,
        bus_mb,
    };
    let mut bus = buses.pop().context("no bus")?;
    drop(buses);
    let mut desk = Desk::new(strips, 0);
    let programme = Programme::new(2, RATE_HZ);
    let _flush = FlushGuard::new();
    let (mut work, mut wall) = (Vec::new(), Vec::new());
    for cycle in 0..length.cycles() {
        let (start, clock) = (Moment::now(), Instant::now());
        desk.play(&programme, cycle)?;
        bus.play([&desk.sum[0], &desk.sum[1]], &[])?;
        work.push(start.ns());
        wall.push(clock.elapsed().as_secs_f64() * 1e9);
    }
    Ok((opening, length.played(1, &work, &wall)))
}

fn on_two(length: Length) -> Result<Played> {
    let [strip_state, bus_state] = states()?;
    let programme = Programme::new(2, RATE_HZ);
    let (meet, theirs) = (Barrier::new(2), Mutex::new([vec![0.0_f32; BLOCK], vec![0.0; BLOCK]]));
    let half = STRIPS / 2;
    thread::scope(|scope| {
        let second = scope.spawn(|| -> Result<Vec<f64>> {
            // Both meet even when this one fails, or the other would wait for ever.
            let desk = open_many(Whole::StripBasic, &strip_state, half).map(|(strips, ..)| Desk::new(strips, half));
            let _flush = FlushGuard::new();
            let (mut desk, mut failed) = match desk {
                Ok(desk) => (desk, None),
                Err(error) => (Desk::new(Vec::new(), 0), Some(error)),
            };
            let mut work = Vec::new();
            for cycle in 0..length.cycles() {
                meet.wait();
                let start = Moment::now();
                failed = failed.or(desk.play(&programme, cycle).err());
                theirs.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&desk.sum);
                work.push(start.ns());
                meet.wait();
            }
            failed.map_or(Ok(work), Err)
        });
        let opened = open_many(Whole::StripBasic, &strip_state, half)
            .and_then(|(strips, ..)| Ok((Desk::new(strips, 0), open(Whole::BusFull, &bus_state)?)));
        let _flush = FlushGuard::new();
        let (mut desk, mut bus, mut failed) = match opened {
            Ok((desk, bus)) => (desk, Some(bus), None),
            Err(error) => (Desk::new(Vec::new(), 0), None, Some(error)),
        };
        let (mut before, mut behind, mut wall) = (Vec::new(), Vec::new(), Vec::new());
        for cycle in 0..length.cycles() {
            meet.wait();
            let (start, clock) = (Moment::now(), Instant::now());
            failed = failed.or(desk.play(&programme, cycle).err());
            before.push(start.ns());
            meet.wait();
            let start = Moment::now();
            for (sum, other) in desk.sum.iter_mut().zip(theirs.lock().unwrap_or_else(PoisonError::into_inner).iter()) {
                sum.iter_mut().zip(other).for_each(|(sum, x)| *sum += x);
            }
            if let Some(bus) = &mut bus {
                failed = failed.or(bus.play([&desk.sum[0], &desk.sum[1]], &[]).err());
            }
            behind.push(start.ns());
            wall.push(clock.elapsed().as_secs_f64() * 1e9);
        }
        let second = second.join().ok().context("the second core's thread panicked")??;
        if let Some(error) = failed {
            return Err(error);
        }
        // The bus begins when both are done: the slower half, and the bus.
        let work: Vec<f64> =
            before.iter().zip(&second).zip(&behind).map(|((one, two), bus)| one.max(*two) + bus).collect();
        Ok(length.played(2, &work, &wall))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hits_a_cycle_in_one_pass_only_is_not_its_work() {
        let deadline_ns = 1e9 * BLOCK as f64 / RATE_HZ;
        let length = Length { warm: 2, pass: 3, passes: 2 };
        let work = [9.0, 9.0, 0.5, 2.0, 0.5, 0.25, 0.5, 0.75].map(|share| share * deadline_ns);
        let played = length.played(1, &work, &work);
        assert_eq!((played.least.max, played.least.late, played.least.cycles), (0.5, 0, 3));
        assert_eq!((played.came.max, played.came.late, played.came.cycles), (2.0, 1, 6));
        assert!((played.least.mean - 1.25 / 3.0).abs() < 1e-12);
    }
}

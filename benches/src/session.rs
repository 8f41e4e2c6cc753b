//! A session: 200 strips into one bus, in one process, 64 frames at 48 kHz, on one core and on two. Every strip plays
//! another part of the programme; all share the same buffers, as in a host; the bus plays their sum.
//!
//! On two cores each has half the strips, the first also the bus; they synchronise twice per cycle.

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
/// Buses opened to time the opening; one plays.
const BUSES: usize = 15;
const RATE_HZ: f64 = 48_000.0;
const BLOCK: usize = 64;
/// Turns of the programme per pass, and passes, in the full and the quick run; after one second of warm-up.
const TURNS: [usize; 2] = [4, 1];
const PASSES: [usize; 2] = [3, 1];
/// Gain of each strip into the sum, for a realistic level on the bus.
const SHARE: f32 = 0.07;

/// Cost of opening a session.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    /// Time to create, load the state and play the first block of a strip, in ms: minimum and median.
    pub(crate) strip_ms: [f64; 2],
    /// The same for all strips together, in ms.
    pub(crate) all_ms: f64,
    /// The same for the bus.
    pub(crate) bus_ms: [f64; 2],
    /// Memory per strip and per bus, in MB of 10⁶ bytes; none where the system does not report it.
    pub(crate) strip_mb: Option<f64>,
    pub(crate) bus_mb: Option<f64>,
}

/// CPU load: cycle times relative to the deadline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loads {
    pub(crate) mean: f64,
    /// 99.9th percentile and maximum.
    pub(crate) p999: f64,
    pub(crate) max: f64,
    /// Cycles that missed the deadline.
    pub(crate) late: usize,
    pub(crate) cycles: usize,
}

/// Results of playing a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Played {
    pub(crate) cores: usize,
    /// CPU time of each cycle on the busier core, minimum over the passes: interruptions hit other cycles in each pass.
    pub(crate) least: Loads,
    /// CPU time of all cycles in all passes.
    pub(crate) all: Loads,
    /// The same in wall-clock time, including other programs.
    pub(crate) wall: Loads,
}

impl Played {
    /// All loads with names.
    pub(crate) fn ways(&self) -> [(&'static str, Loads); 3] {
        [("minimum of the passes", self.least), ("all passes", self.all), ("wall-clock time", self.wall)]
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

/// A new instance: created, given its state, activated, one block played.
fn open(whole: Whole, state: &[u8]) -> Result<Plugin> {
    let mut plugin = Plugin::load(&whole.product().built(plumb_hosts::bundles::Format::Clap)?)?;
    plugin.load_state(state)?;
    plugin.activate(RATE_HZ, BLOCK)?;
    plugin.play([&[0.1; BLOCK], &[0.1; BLOCK]], &[])?;
    Ok(plugin)
}

/// Opens instances; returns them, the ms each took and the memory each added.
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

/// Strips and their sum.
struct Mixer {
    strips: Vec<Plugin>,
    /// The buffers they share.
    buffers: Buffers,
    /// Start of each in the programme.
    offsets: Vec<usize>,
    sum: [Vec<f32>; 2],
}

impl Mixer {
    fn new(mut strips: Vec<Plugin>, first: usize) -> Self {
        let turn = turn_frames(RATE_HZ);
        // Co-prime to the blocks of a beat, so that bursts of different strips do not coincide.
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

/// Cycle times as loads.
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

/// Cycles played.
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

    /// Evaluates the times of all cycles.
    fn played(self, cores: usize, work_ns: &[f64], wall_ns: &[f64]) -> Played {
        let (work, wall) = (&work_ns[self.warm..], &wall_ns[self.warm..]);
        let least = |cycle: usize| work.iter().skip(cycle).step_by(self.pass).copied().fold(f64::INFINITY, f64::min);
        Played {
            cores,
            least: loads((0..self.pass).map(least)),
            all: loads(work.iter().copied()),
            wall: loads(wall.iter().copied()),
        }
    }
}

fn states() -> Result<[Vec<u8>; 2]> {
    Ok([Whole::StripBasic.load()?.save()?, Whole::BusFull.load()?.save()?])
}

fn alone(length: Length) -> Result<(Opening, Played)> {
    let [strip_state, bus_state] = states()?;
    // The first instance loads the library; an open session has it loaded already.
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
    let mut mixer = Mixer::new(strips, 0);
    let programme = Programme::new(2, RATE_HZ);
    let _flush = FlushGuard::new();
    let (mut work, mut wall) = (Vec::new(), Vec::new());
    for cycle in 0..length.cycles() {
        let (start, clock) = (Moment::now(), Instant::now());
        mixer.play(&programme, cycle)?;
        bus.play([&mixer.sum[0], &mixer.sum[1]], &[])?;
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
            // Keep synchronising after a failure, or the other thread would wait forever.
            let mixer = open_many(Whole::StripBasic, &strip_state, half).map(|(strips, ..)| Mixer::new(strips, half));
            let _flush = FlushGuard::new();
            let (mut mixer, mut failed) = match mixer {
                Ok(mixer) => (mixer, None),
                Err(error) => (Mixer::new(Vec::new(), 0), Some(error)),
            };
            let mut work = Vec::new();
            for cycle in 0..length.cycles() {
                meet.wait();
                let start = Moment::now();
                failed = failed.or(mixer.play(&programme, cycle).err());
                theirs.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&mixer.sum);
                work.push(start.ns());
                meet.wait();
            }
            failed.map_or(Ok(work), Err)
        });
        let opened = open_many(Whole::StripBasic, &strip_state, half)
            .and_then(|(strips, ..)| Ok((Mixer::new(strips, 0), open(Whole::BusFull, &bus_state)?)));
        let _flush = FlushGuard::new();
        let (mut mixer, mut bus, mut failed) = match opened {
            Ok((mixer, bus)) => (mixer, Some(bus), None),
            Err(error) => (Mixer::new(Vec::new(), 0), None, Some(error)),
        };
        let (mut before, mut behind, mut wall) = (Vec::new(), Vec::new(), Vec::new());
        for cycle in 0..length.cycles() {
            meet.wait();
            let (start, clock) = (Moment::now(), Instant::now());
            failed = failed.or(mixer.play(&programme, cycle).err());
            before.push(start.ns());
            meet.wait();
            let start = Moment::now();
            for (sum, other) in mixer.sum.iter_mut().zip(theirs.lock().unwrap_or_else(PoisonError::into_inner).iter()) {
                sum.iter_mut().zip(other).for_each(|(sum, x)| *sum += x);
            }
            if let Some(bus) = &mut bus {
                failed = failed.or(bus.play([&mixer.sum[0], &mixer.sum[1]], &[]).err());
            }
            behind.push(start.ns());
            wall.push(clock.elapsed().as_secs_f64() * 1e9);
        }
        let second = second.join().ok().context("the second core's thread panicked")??;
        if let Some(error) = failed {
            return Err(error);
        }
        // The bus starts when both halves are done.
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
        assert_eq!((played.all.max, played.all.late, played.all.cycles), (2.0, 1, 6));
        assert!((played.least.mean - 1.25 / 3.0).abs() < 1e-12);
    }
}

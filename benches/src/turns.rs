//! Interleaved timing: all units play the same turn of the programme one after another, over and over, so that load on
//! the machine affects all alike. The minimum counts, and the ratio to the yardstick within a turn.

use crate::clock::Moment;
use crate::programme::{Programme, turn_frames};
use crate::unit::Unit;
use anyhow::Result;
use dsp_core::flush::FlushGuard;

/// Makes a unit for a sample rate and a block size.
pub(crate) type Make = Box<dyn Fn(f64, usize) -> Result<Box<dyn Unit>>>;

/// A job to be timed.
pub(crate) struct Job {
    /// The kind of work, for instance `eq8`.
    pub(crate) job: String,
    /// Who does it: `plumb` or a peer's name.
    pub(crate) unit: String,
    /// Makes the unit.
    pub(crate) make: Make,
}

impl Job {
    /// One of our jobs.
    pub(crate) fn ours(job: &str, make: impl Fn(f64, usize) -> Result<Box<dyn Unit>> + 'static) -> Self {
        Self { job: job.to_owned(), unit: "plumb".to_owned(), make: Box::new(make) }
    }
}

/// A job's cost at one setting.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) job: String,
    pub(crate) unit: String,
    pub(crate) rate_hz: f64,
    pub(crate) block: usize,
    /// Minimum cost of a stereo frame over all turns, in ns.
    pub(crate) ns_min: f64,
    /// Median over all turns, in ns.
    pub(crate) ns_median: f64,
    /// Median over all turns of the ratio to the yardstick in the same turn.
    pub(crate) ratio_to_ref: f64,
}

/// A job that was skipped, and why.
#[derive(Clone, Debug)]
pub(crate) struct Skipped {
    pub(crate) what: String,
    pub(crate) why: String,
}

/// A sample rate and a block size.
pub(crate) type Setting = (f64, usize);

/// Times all jobs in turns; the first is the yardstick. Jobs that cannot run are skipped with a reason.
pub(crate) fn take_turns(jobs: &[Job], (rate_hz, block): Setting, turns: usize) -> (Vec<Figure>, Vec<Skipped>) {
    let _flush = FlushGuard::new();
    let programme = Programme::new(2, rate_hz);
    let mut units: Vec<(&Job, Box<dyn Unit>, Vec<f64>)> = Vec::new();
    let mut skipped = Vec::new();
    for job in jobs {
        match (job.make)(rate_hz, block) {
            Ok(unit) => units.push((job, unit, Vec::new())),
            Err(error) => {
                skipped.push(Skipped { what: format!("{}: {}", job.job, job.unit), why: format!("{error:#}") })
            }
        }
    }
    // The first turn warms up.
    for turn in 0..=turns {
        let piece = programme.turn(turn, rate_hz);
        for (_, unit, times) in &mut units {
            let start = Moment::now();
            let own = unit.play(piece, block);
            let ns = own.unwrap_or_else(|| start.ns());
            if turn > 0 {
                times.push(ns / turn_frames(rate_hz) as f64);
            }
        }
    }
    let reference = units.first().map(|(_, _, times)| times.clone()).unwrap_or_default();
    let figure = |(job, _, times): (&Job, Box<dyn Unit>, Vec<f64>)| Figure {
        job: job.job.clone(),
        unit: job.unit.clone(),
        rate_hz,
        block,
        ns_min: times.iter().copied().fold(f64::INFINITY, f64::min),
        ns_median: median(times.clone()),
        ratio_to_ref: median(times.iter().zip(&reference).map(|(time, reference)| time / reference).collect()),
    };
    (units.into_iter().map(figure).collect(), skipped)
}

/// The median; NaN of no numbers.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Frames;

    fn spin(rounds: usize) -> Job {
        Job::ours("spin", move |_, _| {
            Ok(Box::new(Frames::new(move |block| {
                for frame in block {
                    for _ in 0..rounds {
                        frame[0] = std::hint::black_box(frame[0] * 0.999);
                    }
                }
            })))
        })
    }

    #[test]
    fn twice_the_work_is_twice_the_ratio_and_what_cannot_run_is_named() {
        let broken = Job::ours("broken", |_, _| anyhow::bail!("no such thing"));
        let (figures, skipped) = take_turns(&[spin(10), spin(20), broken], (48_000.0, 64), 3);
        assert_eq!(figures.len(), 2);
        assert!((1.5..2.6).contains(&figures[1].ratio_to_ref), "{figures:?}");
        assert!(figures[0].ns_min <= figures[0].ns_median);
        assert_eq!(skipped[0].why, "no such thing");
    }
}

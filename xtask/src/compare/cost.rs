//! Runs both revisions' `plumb-bench` alternately, job by job, so that load on the machine hits both. Minima count.

use super::options::Options;
use super::tree::Tree;
use crate::run::say;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// Most that a row may cost, relative to before.
const MOST: f64 = 1.03;
/// Most that the sum of all rows may cost, relative to before.
const MOST_IN_ALL: f64 = 1.0;
/// Default number of turns, and additional turns for rows above [`MOST`].
const TURNS: usize = 4;
const MORE_TURNS: usize = 12;

/// A revision's `plumb-bench`.
struct Bench {
    program: PathBuf,
    bundles: PathBuf,
}

/// Minimum cost per row.
type Costs = BTreeMap<Row, f64>;
/// Job, sample rate in Hz, block size, and the quantity.
type Row = (String, u64, u64, &'static str);

/// A row's cost before and after.
struct Pair<'a> {
    row: &'a Row,
    before: f64,
    after: f64,
}

impl Pair<'_> {
    fn ratio(&self) -> f64 {
        self.after / self.before
    }
}

/// Times all jobs with both; returns the rows that cost too much.
pub(super) fn compare(options: &Options, there: &Tree, here: &Tree) -> Result<Vec<String>> {
    let bench = |tree: &Tree| -> Result<Bench> {
        // Without bundles the jobs that need them are skipped.
        let bundles = if options.bundles { tree.bundles()? } else { tree.target.join("no-bundles") };
        Ok(Bench { program: tree.release("plumb-bench", "plumb-bench")?, bundles })
    };
    let benches = [bench(there)?, bench(here)?];
    let mut costs = [Costs::new(), Costs::new()];
    // One run of everything warms up and yields the names of the jobs.
    for (bench, costs) in benches.iter().zip(&mut costs) {
        bench.run(None, false, costs)?;
    }
    let mut jobs: Vec<String> = costs[1].keys().map(|(job, ..)| job.clone()).collect();
    jobs.dedup();
    jobs.retain(|job| options.wants(job) && costs[0].keys().any(|(other, ..)| other == job));
    for turn in 0..options.turns.unwrap_or(TURNS) {
        for job in &jobs {
            in_turn(&benches, job, options.all, turn, &mut costs)?;
        }
    }
    // More turns tell a slow row from an unlucky one.
    for turn in 0..MORE_TURNS {
        let slow = pairs(&costs, options).into_iter().filter(|pair| pair.ratio() > MOST).map(|pair| pair.row.0.clone());
        let mut slow: Vec<String> = slow.collect();
        slow.sort();
        slow.dedup();
        for job in &slow {
            in_turn(&benches, job, options.all, turn, &mut costs)?;
        }
    }
    Ok(report(&pairs(&costs, options)))
}

/// Times a job with both, in alternating order.
fn in_turn(benches: &[Bench; 2], job: &str, all: bool, turn: usize, costs: &mut [Costs; 2]) -> Result<()> {
    for n in [turn % 2, 1 - turn % 2] {
        benches[n].run(Some(job), all, &mut costs[n])?;
    }
    Ok(())
}

/// Rows that both have.
fn pairs<'a>([before, after]: &'a [Costs; 2], options: &Options) -> Vec<Pair<'a>> {
    let pair = |(row, after): (&'a Row, &f64)| Some(Pair { row, before: *before.get(row)?, after: *after });
    after.iter().filter(|((job, ..), _)| options.wants(job)).filter_map(pair).collect()
}

/// Prints the rows, worst first; returns those that cost too much.
fn report(pairs: &[Pair<'_>]) -> Vec<String> {
    let mut sorted: Vec<_> = pairs.iter().collect();
    sorted.sort_by(|a, b| b.ratio().total_cmp(&a.ratio()));
    say(&format!(
        "\n{:26} {:>6} {:>5} {:14} {:>9} {:>9} {:>6}",
        "job", "Hz", "block", "what", "before", "after", "ratio"
    ));
    let mut failed = Vec::new();
    for pair in sorted {
        let (job, rate_hz, block, what) = pair.row;
        let ratio = pair.ratio();
        let row =
            format!("{job:26} {rate_hz:>6} {block:>5} {what:14} {:9.2} {:9.2} {ratio:6.3}", pair.before, pair.after);
        say(&row);
        if ratio > MOST {
            failed.push(row);
        }
    }
    let sum = |cost: fn(&Pair<'_>) -> f64| pairs.iter().filter(|pair| pair.row.3 == NS).map(cost).sum::<f64>();
    let ratio = sum(|pair| pair.after) / sum(|pair| pair.before);
    let row =
        format!("sum of all ns per frame: {:.1} before, {:.1} after, {ratio:.4}", sum(|p| p.before), sum(|p| p.after));
    say(&row);
    // Without rows the ratio is no number.
    if ratio.is_nan() || ratio > MOST_IN_ALL {
        failed.push(row);
    }
    failed
}

/// Quantities: cost per frame, and mean cost per block.
const NS: &str = "ns per frame";
const US_MEAN: &str = "µs per block";

impl Bench {
    /// Times all jobs, or those whose name contains `job`; keeps the minima.
    fn run(&self, job: Option<&str>, all: bool, costs: &mut Costs) -> Result<()> {
        let mut command = Command::new(&self.program);
        command.arg("--json").env("PLUMB_BUNDLES", &self.bundles);
        if !all {
            command.arg("--quick");
        }
        job.into_iter().for_each(|job| _ = command.args(["--only", job]));
        let done = command.output().with_context(|| format!("starting {}", self.program.display()))?;
        ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr).trim());
        for line in String::from_utf8_lossy(&done.stdout).lines() {
            keep_least(&serde_json::from_str(line).with_context(|| format!("not JSON: {line}"))?, costs);
        }
        Ok(())
    }
}

/// Updates the minima with a line of `plumb-bench --json`.
fn keep_least(line: &serde_json::Value, costs: &mut Costs) {
    if line["unit"] != "plumb" {
        return;
    }
    let (Some(job), Some(rate_hz), Some(block)) =
        (line["job"].as_str(), line["rate_hz"].as_f64(), line["block"].as_u64())
    else {
        return;
    };
    for (what, key) in [(NS, "ns_per_frame_min"), (US_MEAN, "block_us_mean")] {
        if let Some(cost) = line[key].as_f64() {
            let least = costs.entry((job.to_owned(), rate_hz as u64, block, what)).or_insert(f64::INFINITY);
            *least = least.min(cost);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_counts_and_what_costs_too_much_is_named() {
        let costs = [(100.0, 90.0), (102.0, 120.0)].map(|(eq, gate)| {
            let mut costs = Costs::new();
            for (job, cost) in [("eq8", eq), ("gate", gate), ("eq8", eq + 5.0)] {
                let line = serde_json::json!({
                    "job": job, "unit": "plumb", "rate_hz": 48_000.0, "block": 64, "ns_per_frame_min": cost,
                });
                keep_least(&line, &mut costs);
            }
            costs
        });
        let pairs = pairs(&costs, &Options::default());
        let failed = report(&pairs);
        assert_eq!(failed.len(), 2, "{failed:?}");
        assert!(failed[0].starts_with("gate") && failed[1].starts_with("sum"));
    }
}

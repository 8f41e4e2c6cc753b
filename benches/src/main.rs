//! `cargo xtask bench`: CPU cost of modules, chains and plugins in a host, next to other makers' plugins; the worst
//! block, a whole session, a scan. Prints a table or, with `--json`, a line per figure; `--page` writes
//! `docs/measurements/speed.md`.

mod bars;
mod bundles;
mod clock;
mod modules;
mod page;
mod peers;
mod programme;
mod report;
mod rows;
mod scan;
mod session;
mod settings;
mod turns;
mod unit;
mod worst;
mod yardstick;

use anyhow::Result;
use clap::Parser;
use report::Report;
use std::path::PathBuf;
use turns::{Job, Setting, Skipped, take_turns};

/// Sample rates and block sizes of the full run.
const RATES_HZ: [f64; 2] = [48_000.0, 96_000.0];
const BLOCKS: [usize; 4] = [32, 64, 128, 512];
/// The same for `--quick` and for the peers, some of which take a microsecond per frame.
const FEW: [Setting; 2] = [(48_000.0, 64), (48_000.0, 512)];
/// Turns in the full and the quick run.
const TURNS: [usize; 2] = [40, 4];

#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", about = "CPU cost of modules, chains and plugins")]
struct Args {
    /// Print a line of JSON per figure instead of a table.
    #[arg(long)]
    json: bool,
    /// Time the open peers too, on the same programme in the same turns.
    #[arg(long)]
    peers: bool,
    /// Time 200 strips and a bus in one process, on one core and on two.
    #[arg(long)]
    session: bool,
    /// Few turns, 48 kHz, blocks of 64 and 512 only; also with `--page`.
    #[arg(long)]
    quick: bool,
    /// Only jobs whose name contains this.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Time everything and write docs/measurements/speed.md.
    #[arg(long)]
    page: bool,
    /// Load and list one bundle; print the µs it took.
    #[arg(long = "scan-only", value_name = "BUNDLE", hide = true)]
    scan_only: Option<PathBuf>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if let Some(bundle) = &args.scan_only {
        report::say(&scan::scan_once(bundle)?);
        return Ok(());
    }
    let report = measure(&args)?;
    if args.page {
        page::write(&report)?;
    }
    report.print(args.json);
    Ok(())
}

fn measure(args: &Args) -> Result<Report> {
    let wanted = |name: &str| args.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    let turns = TURNS[usize::from(args.quick)];
    let mut report = Report::default();

    let mut jobs: Vec<Job> = modules::modules().chain(modules::chains()).chain(bundles::jobs()).collect();
    jobs.retain(|job| wanted(&job.job));
    jobs.insert(0, modules::yardstick());
    let all: Vec<Setting> = RATES_HZ.iter().flat_map(|rate_hz| BLOCKS.map(|block| (*rate_hz, block))).collect();
    let settings = if args.quick { FEW.to_vec() } else { all };
    for setting in settings {
        report.add(take_turns(&jobs, setting, turns));
    }
    report.add_rows(rows::of_figures(&report.figures));

    report.spreads = worst::spreads(48_000.0, wanted);
    report.add_rows(rows::of_spreads(&report.spreads));

    if args.peers || args.page {
        let (groups, skipped) = peers::groups()?;
        report.skipped.extend(skipped);
        for group in groups.iter().filter(|group| group.iter().any(|job| wanted(&job.job))) {
            for setting in FEW {
                report.add_peers(take_turns(group, setting, turns.min(6)));
            }
        }
    }
    if args.session || args.page {
        match session::session(args.quick) {
            Ok((opening, played)) => {
                report.add_rows(rows::of_session(&opening, &played));
                report.session = Some((opening, played));
            }
            Err(error) => report.skipped.push(Skipped { what: "session".to_owned(), why: format!("{error:#}") }),
        }
    }
    if args.only.is_none() {
        match scan::bundles() {
            Ok(bundles) => {
                report.add_rows(rows::of_bundles(&bundles));
                report.bundles = bundles;
            }
            Err(error) => report.skipped.push(Skipped { what: "scan".to_owned(), why: format!("{error:#}") }),
        }
    }
    Ok(report)
}

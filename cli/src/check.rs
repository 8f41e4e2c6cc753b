//! `plumb check`: checks files before delivery.

mod analysis;
mod judge;
mod panel;
mod panels;
mod plot;
mod report;
mod services;
mod text;
mod verdict;

use crate::args::CheckArgs;
use crate::atomic_file;
use crate::error::{Error, Failure, print, print_json, warn};
use crate::parallel::in_order;
use crate::progress::Progress;
use analysis::{Findings, analyse};
use report::Report;
use services::Service;
use std::io::Write;
use std::path::Path;

/// Checks the files and prints all reports, or all errors.
pub(crate) fn run(args: &CheckArgs) -> Result<(), Failure> {
    let services = services::read(args.services.as_deref())?;
    match (&args.plot, args.files.as_slice()) {
        (None, _) => {}
        (Some(plot), [input]) => return run_with_plot(input, plot, args, &services).map_err(Failure::from),
        (Some(plot), files) => {
            let problem = format!("{} files; expected one FILE with --plot", files.len());
            return Err(Error::file(plot, problem).into());
        }
    }
    let (mut reports, mut errors) = (Vec::new(), Vec::new());
    let found = {
        let progress = Progress::new(args.files.len(), args.quiet);
        in_order(&args.files, |file| analyse(file, false, &progress))
    };
    for found in found {
        match found {
            Ok((findings, warnings)) => {
                warnings.iter().for_each(|warning| warn(warning));
                reports.push(Report::new(&findings, &services));
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(Failure(errors));
    }
    show(&reports, args.json).map_err(Failure::from)
}

/// Checks one file and plots it. Creates the picture first, so that an unwritable path fails at once.
fn run_with_plot(input: &Path, path: &Path, args: &CheckArgs, services: &[Service]) -> Result<(), Error> {
    let mut file = atomic_file::create(path, "PNG", &["png"])?;
    let (findings, warnings) = analyse(input, true, &Progress::new(1, args.quiet))?;
    warnings.iter().for_each(|warning| warn(warning));
    let picture = draw(&findings, services).ok_or_else(|| Error::write(path, std::io::Error::other("no picture")))?;
    file.write_all(&picture).map_err(|error| Error::write(path, error))?;
    atomic_file::commit(file, path)?;
    show(&[Report::new(&findings, services)], args.json)
}

fn draw(findings: &Findings, services: &[Service]) -> Option<Vec<u8>> {
    plot::draw(findings, services)?.png()
}

fn show(reports: &[Report], json: bool) -> Result<(), Error> {
    if json { print_json(&reports) } else { print(&reports.iter().map(text::lay_out).collect::<Vec<_>>().join("\n")) }
}

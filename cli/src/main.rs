//! `plumb`: the plugins' chains and meters on the command line.

mod args;
mod atomic_file;
mod audio_in;
mod audio_out;
mod check;
mod error;
mod flac_out;
mod level;
mod measure;
mod ogg_check;
mod parallel;
mod params;
mod pcm;
mod progress;
mod quantise;
mod render;
mod settings;
mod sidechain;
mod source;
mod table;
mod wav_out;

use args::{Args, Command};
use clap::Parser;
use error::{EXIT_INTERNAL, Failure, warn};
use std::panic;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = Args::parse().command;
    panic::set_hook(Box::new(|panic| warn(&format!("internal error: {panic}"))));
    let outcome = panic::catch_unwind(|| match &command {
        Command::Measure(args) => measure::run(args),
        Command::Check(args) => check::run(args),
        Command::Render(args) => render::run(args),
        Command::Params(args) => params::run(args).map_err(Failure::from),
    });
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            failure.lines().iter().for_each(|line| warn(line));
            ExitCode::from(failure.exit_code())
        }
        Err(_) => ExitCode::from(EXIT_INTERNAL),
    }
}

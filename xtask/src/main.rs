//! The project's own commands: `cargo xtask COMMAND`.

mod bench;
mod bundle;
mod install;
mod manual;
mod measure;
mod prove;
mod run;
mod system;
mod test;
mod tidy;
mod uninstall;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  install [--user | --system | --dest DIR]
             build both plugins, put CLAP and VST3 where hosts look for them, and play ten seconds
             of programme through each. --user (the default) is ~/.clap and ~/.vst3; --system is
             /usr/lib/clap and /usr/lib/vst3; --dest is DIR itself
  uninstall [--user | --system | --dest DIR]
             remove what install has put there, and nothing else
  bundle     build both plugins into target/bundled
  prove BUNDLE...
             play ten seconds of programme through bundles and measure
  test       everything that can be tested: format, lints, unit and property tests, documentation,
             and the bundles in hosts
  manual     write docs/controls.md from the plugins' table of controls
  measure    write docs/measurements: curves, errors, noise and times of the product's own code, measured; takes
             a minute
  bench [--session] [--peers] [--json] [--quick] [--only TEXT] [--page]
             what everything costs: modules, chains, both bundles in a host, the worst block, a scan; --session
             is 200 strips and a bus, --peers the open peers of Debian on the same work; --json is a line per
             figure, --page everything, written to docs/measurements/speed.md
  tidy       the rules that no compiler knows: which package may use which, and what a file looks like";

fn main() -> ExitCode {
    match command(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            run::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn command(args: &[String]) -> Result<ExitCode> {
    let (command, args) = args.split_first().map_or(("help", args), |(command, args)| (command.as_str(), args));
    std::env::set_current_dir(plumb_hosts::bundles::workspace())?;
    match command {
        "bundle" => bundle::bundle().map(|()| ExitCode::SUCCESS),
        "install" => install::install(args).map(|()| ExitCode::SUCCESS),
        "uninstall" => uninstall::uninstall(args).map(|()| ExitCode::SUCCESS),
        "prove" => prove::prove(args).map(|()| ExitCode::SUCCESS),
        "manual" => manual::manual().map(|()| ExitCode::SUCCESS),
        "measure" => measure::measure().map(|()| ExitCode::SUCCESS),
        "bench" => bench::bench(args).map(|()| ExitCode::SUCCESS),
        "test" => test::test(),
        "tidy" => tidy::tidy().map(|()| ExitCode::SUCCESS),
        "help" | "-h" | "--help" => {
            run::say(USAGE);
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("unknown command '{other}'\n\n{USAGE}"),
    }
}

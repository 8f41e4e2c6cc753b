//! The project's own commands: `cargo xtask COMMAND`.

mod bench;
mod bundle;
mod compare;
mod figures;
mod install;
mod manual;
mod measure;
mod prove;
mod revision;
mod run;
mod source;
mod system;
mod test;
mod tidy;
mod uninstall;
mod unsafe_list;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  install [--user | --system | --dest DIR]
             build both plugins, install CLAP and VST3 where hosts look for them, and play ten seconds
             through each. --user (the default) is ~/.clap and ~/.vst3; --system is /usr/lib/clap and
             /usr/lib/vst3; --dest is DIR itself
  uninstall [--user | --system | --dest DIR]
             remove what install has installed, and nothing else
  bundle     build both plugins into target/bundled
  prove BUNDLE...
             play ten seconds through bundles and measure loudness, latency and speed
  test       run every test: format, lints, unit and property tests, documentation, bundles in hosts
  manual     write docs/controls.md from the plugins' table of controls
  measure    write the pages of docs/measurements, measured with the product's own code; takes a minute
  bench [--session] [--peers] [--json] [--quick] [--only TEXT] [--page]
             CPU cost of modules, chains and both bundles in a host, the worst block, a scan. --session
             adds 200 strips and a bus, --peers the open peers in Debian on the same work; --json prints
             a line per figure; --page runs everything and writes docs/measurements/speed.md
  compare REVISION [--sound] [--bench] [--only TEXT] [--music DIR]
          [--bundles] [--all] [--turns N] [--built DIR] [--dev]
             compare this tree with a revision: sound, bit for bit over several dozen settings, and cost,
             timed alternately; both unless one is named. --music also renders a directory of music;
             --bundles also times the plugins in a host; --all times every rate and block size; --built
             names a target directory where plumb, plumb-bench and bundles of the revision are built;
             --dev renders with a dev build of this tree
  figures [--base REVISION | --base DIR]
             lines of production code, import cycles and unsafe code, next to those of another revision
  tidy       check what the compiler does not: which package may use which, import cycles, unsafe code,
             first lines of files";

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
        "compare" => compare::compare(args).map(|()| ExitCode::SUCCESS),
        "figures" => figures::figures(args).map(|()| ExitCode::SUCCESS),
        "test" => test::test(),
        "tidy" => tidy::tidy().map(|()| ExitCode::SUCCESS),
        "help" | "-h" | "--help" => {
            run::say(USAGE);
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("unknown command '{other}'\n\n{USAGE}"),
    }
}

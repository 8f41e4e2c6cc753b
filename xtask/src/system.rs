//! System packages that building and testing need, and their installation on Debian.

use crate::run::{output, run, say, succeeds};
use anyhow::{Result, bail};
use std::process::Command;

/// A system package and how to check for it.
pub(crate) struct Need {
    /// Debian's name of the package.
    pub(crate) package: &'static str,
    /// A program of it with arguments that succeed; none to ask the package manager.
    pub(crate) check: Option<(&'static str, &'static [&'static str])>,
}

/// Build requirements: a linker and the C library's headers. X11 and OpenGL are loaded when an editor opens, so their
/// development packages are not needed.
pub(crate) const BUILD: [Need; 2] =
    [Need { package: "gcc", check: Some(("cc", &["--version"])) }, Need { package: "libc6-dev", check: None }];

/// Whether this is Debian or a derivative.
fn is_debian() -> bool {
    succeeds("apt-get", &["--version"]) && succeeds("dpkg-query", &["--version"])
}

fn is_root() -> bool {
    output("id", &["-u"]).is_ok_and(|id| id.trim() == "0")
}

fn is_there(need: &Need) -> bool {
    match need.check {
        Some((program, args)) => succeeds(program, args),
        None if is_debian() => {
            let status = output("dpkg-query", &["--show", "--showformat=${db:Status-Status}", need.package]);
            status.is_ok_and(|status| status == "installed")
        }
        // Elsewhere only the linker's check remains.
        None => true,
    }
}

/// Ensures that packages are installed: installs them as root on Debian, otherwise prints the command to run.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<_> = needs.iter().filter(|need| !is_there(need)).map(|need| need.package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !is_debian() {
        bail!("missing: what Debian calls {list}; install it with this system's package manager, then try again");
    }
    if !is_root() {
        bail!("missing: {list}; run `sudo apt-get update && sudo apt-get install -y {list}`, then try again");
    }
    say(&format!("Installing {list}"));
    apt(&["update", "--quiet=2"])?;
    let mut args = vec!["install", "--yes", "--quiet=2", "--no-install-recommends"];
    args.extend(&missing);
    apt(&args)
}

fn apt(args: &[&str]) -> Result<()> {
    run(Command::new("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive"))
}

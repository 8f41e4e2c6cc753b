//! What has to be on the machine beforehand, and getting it where that can be done unasked.

use crate::run::{output, run, say, succeeds};
use anyhow::{Result, bail};
use std::process::Command;

/// A package, and how to see that what it brings is there already.
pub(crate) struct Need {
    /// Debian's name of the package.
    pub(crate) package: &'static str,
    /// Program that it brings, and arguments with which it shows that it works; none to ask the package manager.
    pub(crate) check: Option<(&'static str, &'static [&'static str])>,
}

/// What building the plugins needs: a linker and the C library's headers. X11 and OpenGL are loaded when an editor
/// opens, so that no development packages of theirs are needed.
pub(crate) const BUILD: [Need; 2] =
    [Need { package: "gcc", check: Some(("cc", &["--version"])) }, Need { package: "libc6-dev", check: None }];

/// Whether this is Debian or made from it.
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
        // Elsewhere the linker's own check has to do.
        None => true,
    }
}

/// Makes sure that the packages are there: installs them as root on Debian, otherwise says what to type.
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

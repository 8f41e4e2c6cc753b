//! Runs programs and prints to the terminal.

use anyhow::{Context, Result, bail};
use std::io::Write;
use std::process::{Command, Stdio};

/// Prints a line.
pub(crate) fn say(line: &str) {
    // A closed pipe is no error.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The cargo that runs this command.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A command line as typed in a shell.
pub(crate) fn shown(command: &Command) -> String {
    let quote = |part: &std::ffi::OsStr| {
        let part = part.to_string_lossy();
        if part.contains(' ') { format!("'{part}'") } else { part.into_owned() }
    };
    let parts: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).map(quote).collect();
    parts.join(" ")
}

/// Runs a command with our own output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let what = shown(command);
    let status = command.status().with_context(|| format!("could not start `{what}`"))?;
    if !status.success() {
        bail!("`{what}` failed ({status})");
    }
    Ok(())
}

/// Whether a command starts and succeeds; its output is dropped.
pub(crate) fn succeeds(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A command's standard output.
pub(crate) fn output(program: &str, args: &[&str]) -> Result<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("could not start `{program}`"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

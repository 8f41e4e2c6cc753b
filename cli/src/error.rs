//! Errors as one-line messages, with exit codes.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

/// Exit code for bad input or usage; clap uses the same.
const EXIT_INPUT: u8 = 2;
/// Exit code for failures outside the input: a full disk, a failing device, a bug.
pub(crate) const EXIT_INTERNAL: u8 = 1;

/// Why a command failed. Printed as `<file or id>: what is wrong; what was expected`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Bad input.
    #[error("{subject}: {problem}")]
    Input {
        /// The file or id.
        subject: String,
        /// What is wrong; what was expected.
        problem: String,
    },
    /// A file could not be written.
    #[error("{subject}: cannot write: {source}")]
    Write {
        /// The file.
        subject: String,
        /// The cause.
        source: io::Error,
    },
    /// The result could not be printed.
    #[error("standard output: cannot write: {0}")]
    Print(io::Error),
}

impl Error {
    /// Bad input, named by file or id.
    pub(crate) fn input(subject: impl Display, problem: impl Into<String>) -> Self {
        Self::Input { subject: subject.to_string(), problem: problem.into() }
    }

    /// A bad file.
    pub(crate) fn file(path: &Path, problem: impl Into<String>) -> Self {
        Self::input(path.display(), problem)
    }

    /// A file could not be written.
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { subject: path.display().to_string(), source }
    }

    /// A closed pipe (`plumb params … | head`) is not an error.
    fn is_quiet(&self) -> bool {
        matches!(self, Self::Print(source) if source.kind() == io::ErrorKind::BrokenPipe)
    }

    fn exit_code(&self) -> u8 {
        match self {
            Self::Input { .. } => EXIT_INPUT,
            Self::Write { .. } | Self::Print(_) => EXIT_INTERNAL,
        }
    }
}

/// All errors of a run, one line each.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Vec<Error>);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl Failure {
    /// Messages for the user.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.iter().filter(|error| !error.is_quiet()).map(ToString::to_string).collect()
    }

    /// The highest exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        self.0.iter().filter(|error| !error.is_quiet()).map(Error::exit_code).max().unwrap_or(0)
    }
}

/// Prints a message to standard error, on one line whatever characters a file name contains.
pub(crate) fn warn(line: &str) {
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // A failure cannot be reported anywhere.
    let _ = writeln!(io::stderr().lock(), "plumb: {line}");
}

/// Prints a result.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Print)
}

/// Prints a result as JSON.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), Error> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| Error::Print(error.into()))?;
    text.push('\n');
    print(&text)
}

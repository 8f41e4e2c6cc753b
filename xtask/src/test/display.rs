//! A virtual X display with a window manager, for the editors.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The X server and its clients; dropping this ends them all.
pub(super) struct Display {
    name: String,
    children: Vec<Child>,
}

impl Display {
    /// Starts a display with a free number.
    pub(super) fn open() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "3200x2200x24",
                "+extension",
                "GLX",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb is not installed")?;
        let mut number = String::new();
        let output = server.stdout.take().context("Xvfb says nothing")?;
        BufReader::new(output).read_line(&mut number)?;
        let mut display = Self { name: format!(":{}", number.trim()), children: vec![server] };
        ensure!(!number.trim().is_empty(), "Xvfb does not start");
        // JUCE needs a settings manager and a window manager; without them it is ended by an X error.
        let settings = plumb_hosts::bundles::target_directory().join("xsettingsd.conf");
        fs::write(&settings, "")?;
        display.start(Command::new("xsettingsd").arg("-c").arg(&settings));
        display.start(&mut Command::new("openbox"));
        Ok(display)
    }

    /// The value for DISPLAY.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Starts a program on it; if it is missing, the tests will tell.
    fn start(&mut self, command: &mut Command) {
        command.env("DISPLAY", &self.name).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Ok(child) = command.spawn() {
            self.children.push(child);
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

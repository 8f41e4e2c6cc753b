//! Progress: one line on standard error if it is a terminal, erased at the end.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Time between two updates.
const PAUSE: Duration = Duration::from_millis(100);
/// Characters in the bar.
const BAR: usize = 20;
/// Most characters shown of a file name: keeps the line within 79.
const NAME: usize = 28;
/// Erases the line.
const ERASE: &str = "\r\x1b[K";

/// Progress of all files of a command.
pub(crate) struct Progress {
    /// `None` if nothing is shown.
    state: Option<Mutex<State>>,
}

struct State {
    files: usize,
    finished: usize,
    /// Files in progress and the fraction done of each, if known.
    running: Vec<(usize, Option<f64>)>,
    next_id: usize,
    /// Seconds of audio processed.
    seconds: f64,
    started: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    /// Progress of so many files; shown only on a terminal and without `quiet`.
    pub(crate) fn new(files: usize, quiet: bool) -> Self {
        Self::shown(files, !quiet && io::stderr().is_terminal())
    }

    fn shown(files: usize, shown: bool) -> Self {
        Self { state: shown.then(|| Mutex::new(State::new(files))) }
    }

    /// Starts a file.
    pub(crate) fn file<'a>(&'a self, path: &Path) -> FileProgress<'a> {
        let id = self.with(|state| {
            let id = state.next_id;
            state.next_id += 1;
            state.running.push((id, None));
            id
        });
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let (rate_hz, frames) = (1.0, None);
        FileProgress { progress: self, id: id.unwrap_or(0), name: short(&name), rate_hz, frames, done: 0 }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> Option<T> {
        self.state.as_ref().map(|state| change(&mut state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.with(|state| {
            if state.drawn.is_some() {
                write(ERASE);
            }
        });
    }
}

/// A file in progress; done when dropped.
pub(crate) struct FileProgress<'a> {
    progress: &'a Progress,
    id: usize,
    name: String,
    rate_hz: f64,
    /// Total frames, if known.
    frames: Option<u64>,
    done: u64,
}

impl FileProgress<'_> {
    /// Sets the file's length.
    pub(crate) fn length(&mut self, sample_rate_hz: u32, frames: Option<u64>) {
        (self.rate_hz, self.frames) = (f64::from(sample_rate_hz), frames.filter(|frames| *frames > 0));
    }

    /// Adds processed frames.
    pub(crate) fn advance(&mut self, frames: usize) {
        self.done += frames as u64;
        self.progress.with(|state| {
            let fraction = self.frames.map(|all| (self.done as f64 / all as f64).min(1.0));
            state.running.iter_mut().filter(|(id, _)| *id == self.id).for_each(|(_, done)| *done = fraction);
            state.seconds += frames as f64 / self.rate_hz;
            if state.drawn.is_none_or(|drawn| drawn.elapsed() >= PAUSE) {
                state.drawn = Some(Instant::now());
                write(&format!("{ERASE}{}", state.line(&self.name)));
            }
        });
    }
}

impl Drop for FileProgress<'_> {
    fn drop(&mut self) {
        self.progress.with(|state| {
            state.running.retain(|(id, _)| *id != self.id);
            state.finished += 1;
        });
    }
}

impl State {
    fn new(files: usize) -> Self {
        let started = Instant::now();
        Self { files, finished: 0, running: Vec::new(), next_id: 0, seconds: 0.0, started, drawn: None }
    }

    /// The line during a file.
    fn line(&self, name: &str) -> String {
        let count = if self.files > 1 { format!(" {}/{}", self.finished + 1, self.files) } else { String::new() };
        let elapsed = self.started.elapsed().as_secs_f64();
        let speed = if elapsed > 0.0 { self.seconds / elapsed } else { 0.0 };
        // Files count equally. A single file of unknown length shows the time processed instead.
        let fractions: f64 = self.running.iter().filter_map(|(_, done)| *done).sum();
        let unknown = self.files == 1 && self.running.iter().all(|(_, done)| done.is_none());
        let fraction = (self.finished as f64 + fractions) / self.files.max(1) as f64;
        if unknown {
            let seconds = self.seconds as u64;
            return format!("{name}{count} {}:{:02} {speed:.0} x real time", seconds / 60, seconds % 60);
        }
        let cells = (fraction * BAR as f64) as usize;
        let bar: String = (0..BAR).map(|cell| if cell < cells { '#' } else { '.' }).collect();
        format!("{name}{count} [{bar}] {:.0} % {speed:.0} x", (100.0 * fraction).floor())
    }
}

/// A name on one line. Long names keep their end, where they usually differ.
fn short(name: &str) -> String {
    let name: Vec<char> = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match name.len().checked_sub(NAME) {
        None | Some(0) => name.into_iter().collect(),
        Some(over) => ['…'].iter().chain(&name[over + 1..]).collect(),
    }
}

fn write(text: &str) {
    let mut out = io::stderr().lock();
    // A failure cannot be reported anywhere.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(files: usize, finished: usize, running: &[Option<f64>]) -> State {
        let running = running.iter().copied().enumerate().collect();
        State { finished, running, seconds: 65.0, ..State::new(files) }
    }

    #[test]
    fn one_file_shows_its_own_fraction() {
        let line = state(1, 0, &[Some(0.5)]).line("mix.wav");
        assert!(line.starts_with("mix.wav [##########..........] 50 % "), "{line}");
        assert!(line.ends_with(" x"), "{line}");
    }

    #[test]
    fn several_files_show_the_fraction_of_all() {
        let line = state(4, 1, &[Some(0.75), Some(0.25)]).line("b.wav");
        assert!(line.starts_with("b.wav 2/4 [##########..........] 50 % "), "{line}");
    }

    #[test]
    fn a_file_of_unknown_length_shows_the_time_processed() {
        let line = state(1, 0, &[None]).line("in.mp3");
        assert!(line.starts_with("in.mp3 1:05 ") && line.ends_with(" x real time"), "{line}");
    }

    #[test]
    fn the_line_fits_a_terminal() {
        let name = short("a very long name of a song, and then\nthe number of its mix 12.wav");
        assert!(name.ends_with("mix 12.wav") && name.starts_with('…') && name.chars().count() == NAME, "{name}");
        let line = state(1000, 999, &[Some(1.0)]).line(&name);
        assert!(line.chars().count() <= 79 && !line.contains('\n'), "{line}");
        assert_eq!(short("mix.wav"), "mix.wav");
    }

    #[test]
    fn a_finished_file_counts_fully() {
        let progress = Progress::shown(2, true);
        {
            let mut file = progress.file(Path::new("a.wav"));
            file.length(48_000, Some(96_000));
            file.advance(24_000);
            assert_eq!(progress.with(|state| state.running.clone()), Some(vec![(0, Some(0.25))]));
        }
        assert_eq!(progress.with(|state| (state.finished, state.running.len(), state.seconds)), Some((1, 0, 0.5)));
    }

    #[test]
    fn without_a_terminal_nothing_is_kept() {
        let progress = Progress::shown(2, false);
        progress.file(Path::new("a.wav")).advance(1);
        assert!(progress.state.is_none());
    }
}

//! Open-source peers: LV2 plugins and libebur128, hosted by a small C library (`benches/peers`) that is built on demand
//! and loaded into this process, so that all play the same programme in the same turns. Missing ones are listed.

use crate::modules::{as_a_peer, yardstick};
use crate::programme::Piece;
use crate::turns::{Job, Skipped};
use crate::unit::Unit;
use anyhow::{Context, Result, bail, ensure};
use libloading::Library;
use std::ffi::{CStr, CString, c_char, c_void};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Capacity of the library's buffers, in frames.
const MAX_BLOCK: usize = 8192;

/// A peer's entry in `jobs.txt`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) job: String,
    pub(crate) unit: String,
    address: String,
    /// Symbols of its control ports, and their values.
    settings: Vec<(String, f64)>,
}

/// Parses the jobs: `[job/unit] ADDRESS`, then any number of `symbol=value`; values in `dB` become linear gains; `#`
/// begins a comment.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        let line = if line.starts_with('#') { "" } else { line.split(" #").next().unwrap_or_default() }.trim();
        if let Some(head) = line.strip_prefix('[') {
            let (names, address) = head.split_once(']').with_context(|| format!("no ] in '{line}'"))?;
            let (job, unit) = names.split_once('/').with_context(|| format!("no job in '{line}'"))?;
            let [job, unit, address] = [job, unit, address.trim()].map(str::to_owned);
            entries.push(Entry { job, unit, address, settings: Vec::new() });
            continue;
        }
        for word in line.split_whitespace() {
            let (symbol, value) = word.split_once('=').with_context(|| format!("no value in '{word}'"))?;
            let value = match value.strip_suffix("dB") {
                Some(db) => dsp_core::units::db_to_gain(db.parse()?),
                None => value.parse()?,
            };
            entries.last_mut().context("settings before any job")?.settings.push((symbol.to_owned(), value));
        }
    }
    Ok(entries)
}

/// Directory of the library and its jobs.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// One list per kind of job: the yardstick, our modules, the peers.
pub(crate) fn groups() -> Result<(Vec<Vec<Job>>, Vec<Skipped>)> {
    let jobs = directory().join("jobs.txt");
    let entries = parse(&std::fs::read_to_string(&jobs).with_context(|| format!("reading {}", jobs.display()))?)?;
    let host = match Host::load() {
        Ok(host) => Arc::new(host),
        Err(error) => {
            let skip = |e: &Entry| Skipped { what: format!("{}: {}", e.job, e.unit), why: format!("{error:#}") };
            return Ok((Vec::new(), entries.iter().map(skip).collect()));
        }
    };
    let mut groups: Vec<(String, Vec<Job>)> = Vec::new();
    for entry in entries {
        if groups.last().is_none_or(|(job, _)| *job != entry.job) {
            let own = ours(&entry.job).iter().filter_map(|name| as_a_peer(name));
            groups.push((entry.job.clone(), std::iter::once(yardstick()).chain(own).collect()));
        }
        let host = Arc::clone(&host);
        let (job, unit) = (entry.job.clone(), entry.unit.clone());
        let make = move |rate_hz, block| Ok(Box::new(Peer::open(&host, &entry, rate_hz, block)?) as Box<dyn Unit>);
        if let Some((_, jobs)) = groups.last_mut() {
            jobs.push(Job { job, unit, make: Box::new(make) });
        }
    }
    Ok((groups.into_iter().map(|(_, jobs)| jobs).collect(), Vec::new()))
}

/// Our modules for a peers' job.
fn ours(job: &str) -> &'static [&'static str] {
    match job {
        "eq8" => &["eq8", "eq8-linear-8k"],
        "compressor" => &["compressor", "compressor-rms"],
        "gate" => &["gate"],
        "multiband4" => &["multiband4"],
        "limiter-tp" => &["limiter-tp"],
        "limiter-sp" => &["limiter-sp"],
        "meter-loudness" => &["meter-loudness"],
        "meter-tp" => &["meter-tp"],
        "meter-full" => &["meter-full"],
        "stereo" => &["stereo"],
        "dither" => &["dither"],
        _ => &[],
    }
}

type Open = unsafe extern "C" fn(*const c_char, f64, u32, *const *const c_char, *const f64, u32) -> *mut c_void;
type Buffers = unsafe extern "C" fn(*mut c_void) -> *mut *mut f32;
type Run = unsafe extern "C" fn(*mut c_void, u32);
type LastError = unsafe extern "C" fn() -> *const c_char;

/// The C library.
struct Host {
    library: Library,
}

impl Host {
    /// Builds and loads it.
    fn load() -> Result<Self> {
        let directory = directory();
        let has = |package: &str| Command::new("pkg-config").args(["--exists", package]).status();
        for (package, debian) in [("lilv-0", "liblilv-dev"), ("lv2", "lv2-dev"), ("libebur128", "libebur128-dev")] {
            let found = has(package).context("pkg-config is not installed")?.success();
            ensure!(found, "{package} is not installed (Debian: apt-get install {debian})");
        }
        let target = plumb_hosts::bundles::target_directory().join("peers");
        std::fs::create_dir_all(&target).with_context(|| format!("making {}", target.display()))?;
        let library = target.join("libpeers.so");
        let mut make = Command::new("make");
        make.arg("--silent").arg("--directory").arg(&directory).arg(format!("OUT={}", library.display()));
        let built = make.output().context("make is not installed")?;
        if !built.status.success() {
            bail!("the peers' host does not build: {}", String::from_utf8_lossy(&built.stderr).trim());
        }
        // SAFETY: Our own library, just built; it has no initialisers.
        let library = unsafe { Library::new(&library) }.context("loading the peers' host")?;
        Ok(Self { library })
    }

    /// Looks up a function.
    fn function<T: Copy>(&self, name: &[u8]) -> Result<T> {
        // SAFETY: The types above match `peers/peers.h`.
        Ok(*unsafe { self.library.get::<T>(name) }?)
    }
}

/// A running peer. It is never closed, because some plugins crash on closing.
struct Peer {
    handle: *mut c_void,
    run: Run,
    /// Left and right in, left and right out.
    buffers: [*mut f32; 4],
    output: [Vec<f32>; 2],
    _host: Arc<Host>,
}

impl Peer {
    fn open(host: &Arc<Host>, entry: &Entry, rate_hz: f64, block: usize) -> Result<Self> {
        let (open, buffers, run, last_error): (Open, Buffers, Run, LastError) = (
            host.function(b"peer_open")?,
            host.function(b"peer_buffers")?,
            host.function(b"peer_run")?,
            host.function(b"peer_last_error")?,
        );
        ensure!(block <= MAX_BLOCK, "blocks of {MAX_BLOCK} frames at most");
        let address = CString::new(entry.address.as_str())?;
        let symbols: Vec<CString> =
            entry.settings.iter().map(|(s, _)| CString::new(s.as_str())).collect::<Result<_, _>>()?;
        let symbols: Vec<*const c_char> = symbols.iter().map(|symbol| symbol.as_ptr()).collect();
        let values: Vec<f64> = entry.settings.iter().map(|(_, value)| *value).collect();
        let count = u32::try_from(values.len())?;
        // SAFETY: All pointers outlive the call, and there are `count` of each.
        let handle =
            unsafe { open(address.as_ptr(), rate_hz, u32::try_from(block)?, symbols.as_ptr(), values.as_ptr(), count) };
        if handle.is_null() {
            // SAFETY: A static string of the library.
            let why = unsafe { CStr::from_ptr(last_error()) };
            bail!("{}", why.to_string_lossy());
        }
        // SAFETY: The handle is live and has four buffers of `MAX_BLOCK` samples.
        let buffers = unsafe { *buffers(handle).cast::<[*mut f32; 4]>() };
        Ok(Self { handle, run, buffers, output: Default::default(), _host: Arc::clone(host) })
    }
}

impl Unit for Peer {
    fn play(&mut self, piece: Piece<'_>, block: usize) -> Option<f64> {
        self.output.iter_mut().for_each(|track| track.resize(piece.left.len(), 0.0));
        let mut at = 0;
        for (left, right) in piece.left.chunks_exact(block).zip(piece.right.chunks_exact(block)) {
            // SAFETY: The buffers hold `MAX_BLOCK` samples and are ours alone; the handle is live.
            unsafe {
                for (from, to) in [left, right].into_iter().zip(&self.buffers[..2]) {
                    to.copy_from_nonoverlapping(from.as_ptr(), block);
                }
                (self.run)(self.handle, block as u32);
                for (track, from) in self.output.iter_mut().zip(&self.buffers[2..]) {
                    track[at..at + block].copy_from_slice(std::slice::from_raw_parts(*from, block));
                }
            }
            at += block;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_read_with_their_gains_and_without_comments() {
        let text = "# nothing\n[gate/a] http://x#y\n  gt=-20dB at=5 # fast\n  rt=100\n[gate/b] builtin:null\n";
        let entries = parse(text).unwrap();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[0].address, "http://x#y");
        let gain = dsp_core::units::db_to_gain(-20.0);
        assert_eq!(entries[0].settings, [("gt".into(), gain), ("at".into(), 5.0), ("rt".into(), 100.0)]);
        assert!(parse("at=5").is_err() && parse("[gate] x").is_err());
    }

    #[test]
    fn the_repositorys_jobs_are_well_formed_and_each_kind_has_ours_beside_it() {
        let entries = parse(&std::fs::read_to_string(directory().join("jobs.txt")).unwrap()).unwrap();
        assert!(entries.len() > 30);
        for entry in entries {
            assert!(!ours(&entry.job).is_empty(), "{}", entry.job);
            assert!(ours(&entry.job).iter().all(|name| as_a_peer(name).is_some()), "{}", entry.job);
        }
    }
}

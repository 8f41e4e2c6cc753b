//! Thread CPU time, which excludes other programs' work, and the memory of the process.

use std::time::Instant;

/// A point in thread CPU time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(f64);

impl Moment {
    /// Now.
    pub(crate) fn now() -> Self {
        Self(thread_ns())
    }

    /// Nanoseconds of CPU time since.
    pub(crate) fn ns(self) -> f64 {
        thread_ns() - self.0
    }
}

/// CPU time of this thread, in ns.
#[cfg(unix)]
fn thread_ns() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: The pointer is to a live `timespec`.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Fallback: wall-clock time.
#[cfg(not(unix))]
fn thread_ns() -> f64 {
    use std::sync::LazyLock;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1e9
}

/// Least cost of reading the clock twice, in ns.
pub(crate) fn ns_of_a_look() -> f64 {
    let look = |_| {
        let start = Instant::now();
        start.elapsed().as_secs_f64() * 1e9
    };
    (0..1000).map(look).fold(f64::INFINITY, f64::min)
}

/// Resident memory in bytes; none where the system does not report it.
pub(crate) fn resident_bytes() -> Option<f64> {
    /// The unit of `statm`.
    const PAGE_BYTES: f64 = 4096.0;
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

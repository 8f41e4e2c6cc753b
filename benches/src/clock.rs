//! Clocks: the time this thread has spent on a core, so that what others do in between does not count, and how much
//! memory the process holds.

use std::time::Instant;

/// A moment on the thread's own clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(f64);

impl Moment {
    /// Now.
    pub(crate) fn now() -> Self {
        Self(thread_ns())
    }

    /// Nanoseconds that the thread has worked since.
    pub(crate) fn ns(self) -> f64 {
        thread_ns() - self.0
    }
}

/// Nanoseconds that this thread has spent on a core.
#[cfg(unix)]
fn thread_ns() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of the type that is asked for.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Without such a clock: the time that has passed.
#[cfg(not(unix))]
fn thread_ns() -> f64 {
    use std::sync::LazyLock;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1e9
}

/// What looking at the clock twice costs, in ns: the least of many.
pub(crate) fn ns_of_a_look() -> f64 {
    let look = |_| {
        let start = Instant::now();
        start.elapsed().as_secs_f64() * 1e9
    };
    (0..1000).map(look).fold(f64::INFINITY, f64::min)
}

/// Bytes of memory that the process holds; none where the system does not say.
pub(crate) fn resident_bytes() -> Option<f64> {
    /// What Linux counts in.
    const PAGE_BYTES: f64 = 4096.0;
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

//! Designs kernels on a thread beside the audio thread.
//!
//! Requests go one way; kernels come back, and used ones return to be freed. Each passes through a slot with room for
//! one. Both sides only try a slot: the audio thread never waits, and as nobody waits, it has nobody to wake.

use super::design;
use super::request::DesignRequest;
use crate::filter::convolve::Kernel;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often the worker looks for work: often enough that moving a band feels immediate.
const POLL: Duration = Duration::from_millis(5);
/// How long the worker backs off when the audio thread is at a slot.
const BACK_OFF: Duration = Duration::from_micros(100);

/// A slot for one thing.
#[derive(Debug)]
struct Slot<T>(Mutex<Option<T>>);

impl<T> Slot<T> {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Takes what is in it, unless the other side is at it.
    fn take(&self) -> Option<T> {
        self.0.try_lock().ok()?.take()
    }

    /// Puts something in; returns it when there is no room or the other side is at it.
    fn put(&self, thing: T) -> Option<T> {
        match self.0.try_lock() {
            Ok(mut slot) if slot.is_none() => {
                *slot = Some(thing);
                None
            }
            _ => Some(thing),
        }
    }
}

/// A kernel and the request it was designed for.
pub(super) type Made<const N: usize> = (DesignRequest<N>, Box<Kernel>);

/// Designs the kernels of one equaliser of `N` bands.
#[derive(Debug)]
pub struct Designer<const N: usize> {
    requests: Slot<DesignRequest<N>>,
    made: Slot<Made<N>>,
    spent: Slot<Box<Kernel>>,
    closed: AtomicBool,
}

impl<const N: usize> Designer<N> {
    pub(super) const fn new() -> Self {
        Self { requests: Slot::new(), made: Slot::new(), spent: Slot::new(), closed: AtomicBool::new(false) }
    }

    /// Does what there is to do; returns whether there was anything. Allocates, and takes some milliseconds.
    #[expect(clippy::disallowed_methods, reason = "the designer has a thread of its own")]
    pub fn run_once(&self) -> bool {
        let freed = self.spent.take().is_some();
        let Some(request) = self.requests.take() else { return freed };
        let mut made = design::kernel(&request).map(|kernel| (request, Box::new(kernel)));
        while let Some(waiting) = made {
            made = self.made.put(waiting);
            if made.is_some() {
                if self.is_closed() {
                    break;
                }
                thread::sleep(BACK_OFF);
            }
        }
        true
    }

    /// Works until the equaliser is gone: the whole life of a thread.
    #[expect(clippy::disallowed_methods, reason = "the designer has a thread of its own")]
    pub fn work_until_closed(&self) {
        while !self.is_closed() {
            if !self.run_once() {
                thread::sleep(POLL);
            }
        }
    }

    /// Whether the equaliser is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Asks for a kernel; returns whether the request was taken.
    pub(super) fn ask(&self, request: DesignRequest<N>) -> bool {
        self.requests.put(request).is_none()
    }

    /// The kernel that is ready, if any.
    pub(super) fn collect(&self) -> Option<Made<N>> {
        self.made.take()
    }

    /// Sends a kernel to be freed; returns it when there is no room yet.
    pub(super) fn send_back(&self, kernel: Box<Kernel>) -> Option<Box<Kernel>> {
        self.spent.put(kernel)
    }
}

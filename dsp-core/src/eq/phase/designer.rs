//! Where kernels are made when the sound must not wait for them: beside the audio thread.
//!
//! Orders go one way; kernels come back, and those that are done with return to be freed. Each passes through a slot
//! with room for one. Both sides only ever try a slot: the audio thread never waits, and since nobody waits, it never
//! has to wake anybody either.

use super::design;
use super::order::Order;
use crate::filter::convolve::Kernel;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often the worker looks for work: often enough that moving a band is felt at once.
const POLL: Duration = Duration::from_millis(5);
/// How long the worker gives way when the audio thread is at a slot.
const GIVE_WAY: Duration = Duration::from_micros(100);

/// A slot for one thing.
#[derive(Debug)]
struct Slot<T>(Mutex<Option<T>>);

impl<T> Slot<T> {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Takes what is in it, if the other side is not just there.
    fn take(&self) -> Option<T> {
        self.0.try_lock().ok()?.take()
    }

    /// Puts something in, or gives it back when there is no room or the other side is just there.
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

/// A kernel and what it was made for.
pub(super) type Made<const N: usize> = (Order<N>, Box<Kernel>);

/// Makes the kernels of one equaliser of `N` bands.
#[derive(Debug)]
pub struct Designer<const N: usize> {
    orders: Slot<Order<N>>,
    made: Slot<Made<N>>,
    spent: Slot<Box<Kernel>>,
    closed: AtomicBool,
}

impl<const N: usize> Designer<N> {
    pub(super) const fn new() -> Self {
        Self { orders: Slot::new(), made: Slot::new(), spent: Slot::new(), closed: AtomicBool::new(false) }
    }

    /// Does what there is to do, if anything; tells whether there was. Allocates, and takes some milliseconds.
    pub fn run_once(&self) -> bool {
        let freed = self.spent.take().is_some();
        let Some(order) = self.orders.take() else { return freed };
        let mut made = design::kernel(&order).map(|kernel| (order, Box::new(kernel)));
        while let Some(waiting) = made {
            made = self.made.put(waiting);
            if made.is_some() {
                if self.is_closed() {
                    break;
                }
                thread::sleep(GIVE_WAY);
            }
        }
        true
    }

    /// Works until the equaliser is gone: the whole life of a thread.
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

    /// Asks for a kernel; tells whether the order was taken.
    pub(super) fn ask(&self, order: Order<N>) -> bool {
        self.orders.put(order).is_none()
    }

    /// What has been made.
    pub(super) fn collect(&self) -> Option<Made<N>> {
        self.made.take()
    }

    /// Sends a kernel to be freed; gives it back when there is no room yet.
    pub(super) fn send_back(&self, kernel: Box<Kernel>) -> Option<Box<Kernel>> {
        self.spent.put(kernel)
    }
}

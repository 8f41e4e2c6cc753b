//! Threads: one that works for a chain beside the audio thread, and one with a large stack to build a chain on.

use dsp_core::chain::product::Work;
use std::io;
use std::panic::resume_unwind;
use std::thread::{Builder, JoinHandle, scope};

/// Stack to build a chain on: its parts are large, and are moved while it is built.
const STACK_BYTES: usize = 16 << 20;

/// A thread, or none. Dropping it waits for its end, as no code may run in a library that the host has unloaded; drop the
/// chain it works for first.
#[derive(Debug, Default)]
pub(crate) struct WorkerThread(pub(crate) Option<JoinHandle<()>>);

impl WorkerThread {
    /// Starts a thread if there is work.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(crate) fn start(name: &str, work: Option<Work>) -> io::Result<Self> {
        let spawn = |work: Work| Builder::new().name(name.to_owned()).spawn(work);
        Ok(Self(work.map(spawn).transpose()?))
    }
}

impl Drop for WorkerThread {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // The thread has reported its panic itself.
            let _ = thread.join();
        }
    }
}

/// Builds something large on a thread with a large stack, as those of hosts may be small. Falls back to this thread if the
/// system offers no other.
pub(crate) fn on_large_stack<T: Send>(build: impl Fn() -> T + Sync) -> T {
    scope(|scope| match Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, &build) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => build(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_larger_than_the_callers_stack_is_built() {
        let small = Builder::new().stack_size(64 << 10).spawn(|| on_large_stack(|| Box::new([1_u8; 4 << 20]))).unwrap();
        assert_eq!(small.join().unwrap().len(), 4 << 20);
    }
}

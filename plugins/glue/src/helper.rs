//! Threads: one that works beside the audio thread for a chain, and one with room to build a chain on.

use dsp_core::chain::product::Work;
use std::io;
use std::panic::resume_unwind;
use std::thread::{Builder, JoinHandle, scope};

/// Stack to build a chain on: its parts are moved about until they are in their place.
const ROOM_BYTES: usize = 16 << 20;

/// A thread, or none. Waits for its end when dropped: code must not run on in a library that the host unloads. What it
/// works for is to be dropped first.
#[derive(Debug, Default)]
pub(crate) struct Helper(pub(crate) Option<JoinHandle<()>>);

impl Helper {
    /// Starts a thread if there is work.
    ///
    /// # Errors
    /// The system has no thread to give.
    pub(crate) fn start(name: &str, work: Option<Work>) -> io::Result<Self> {
        let spawn = |work: Work| Builder::new().name(name.to_owned()).spawn(work);
        Ok(Self(work.map(spawn).transpose()?))
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            // A panic over there has been reported there.
            let _ = thread.join();
        }
    }
}

/// Builds something large: hosts activate plugins on threads whose stacks may be small. On this thread only if the system
/// has no other to give.
pub(crate) fn roomy<T: Send>(build: impl Fn() -> T + Sync) -> T {
    scope(|scope| match Builder::new().stack_size(ROOM_BYTES).spawn_scoped(scope, &build) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => build(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_larger_than_the_stack_is_built_all_the_same() {
        let small = Builder::new().stack_size(64 << 10).spawn(|| roomy(|| Box::new([1_u8; 4 << 20]))).unwrap();
        assert_eq!(small.join().unwrap().len(), 4 << 20);
    }
}

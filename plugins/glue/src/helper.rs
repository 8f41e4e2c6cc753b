//! The thread that works beside the audio thread for one chain.

use crate::chain::Work;
use std::io;
use std::thread::{Builder, JoinHandle};

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

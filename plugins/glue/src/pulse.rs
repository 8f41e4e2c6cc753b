//! What wakes an open editor, from its first picture on.
//!
//! On X11 baseview 0.4 forgets a window for good that is asked to paint before it is shown: it asks the server for the
//! moment of the next picture before it listens for the answer. So nobody asks until the window has painted by itself,
//! which it does as soon as it is on the screen; until then the framework's own timer must not run either.

use egui::Context;
use nice_plug_egui::baseview::WindowWaker;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Time between two looks at whether the meters or the host ask for a picture.
const EVERY: Duration = Duration::from_micros(16_667);
/// For the framework's own timer, which starts too early.
pub(crate) const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// The pulse of one window. Ends with it.
pub(crate) struct Pulse {
    waker: WindowWaker,
    /// Whether the window has painted.
    alive: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Pulse {
    /// Of a window that is not shown yet. What egui asks for reaches it once it has painted.
    pub(crate) fn new(waker: WindowWaker, ctx: &Context) -> Self {
        let alive = Arc::new(AtomicBool::new(false));
        let (asked, window) = (Arc::clone(&alive), waker.clone());
        ctx.set_request_repaint_callback(move |request| {
            if asked.load(Relaxed) {
                window.request_redraw_after(request.delay);
            }
        });
        Self { waker, alive, thread: None }
    }

    /// The window paints. From the first time on it is woken, and `look` is called as often.
    pub(crate) fn painted(&mut self, look: impl Fn() + Send + 'static) {
        if self.thread.is_some() {
            return;
        }
        self.alive.store(true, Relaxed);
        let (alive, waker) = (Arc::clone(&self.alive), self.waker.clone());
        let beat = move || {
            while alive.load(Relaxed) {
                look();
                waker.request_poll();
                thread::park_timeout(EVERY);
            }
        };
        self.thread = thread::Builder::new().name("plumb editor".into()).spawn(beat).ok();
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.alive.store(false, Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

//! Wakes an open editor, from its first frame on.
//!
//! On X11, baseview 0.4 never again repaints a window that is asked to paint before it is shown: it requests the time of
//! the next frame from the server before it listens for the answer. So nothing asks until the window has painted by
//! itself, which it does once it is on the screen; until then the framework's own timer must not run either.

use egui::Context;
use nice_plug_egui::baseview::WindowWaker;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Time between two checks whether the meters or the host ask for a frame.
const EVERY: Duration = Duration::from_micros(16_667);
/// Interval of the framework's own timer, which would start too early.
pub(crate) const NEVER: Duration = Duration::from_secs(24 * 60 * 60);

/// The timer of one window. Ends with it.
pub(crate) struct EditorWaker {
    waker: WindowWaker,
    /// Whether the window has painted.
    running: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl EditorWaker {
    /// The timer of a window that is not shown yet. egui's requests reach the window once it has painted.
    pub(crate) fn new(waker: WindowWaker, ctx: &Context) -> Self {
        let running = Arc::new(AtomicBool::new(false));
        let (asked, window) = (Arc::clone(&running), waker.clone());
        ctx.set_request_repaint_callback(move |request| {
            if asked.load(Relaxed) {
                window.request_redraw_after(request.delay);
            }
        });
        Self { waker, running, thread: None }
    }

    /// Call in every frame. From the first one on, wakes the window and calls `tick`, 60 times a second.
    #[expect(clippy::disallowed_methods, reason = "on a thread of its own")]
    pub(crate) fn painted(&mut self, tick: impl Fn() + Send + 'static) {
        if self.thread.is_some() {
            return;
        }
        self.running.store(true, Relaxed);
        let (running, waker) = (Arc::clone(&self.running), self.waker.clone());
        let run = move || {
            while running.load(Relaxed) {
                tick();
                waker.request_poll();
                thread::park_timeout(EVERY);
            }
        };
        self.thread = thread::Builder::new().name("plumb editor".into()).spawn(run).ok();
    }
}

impl Drop for EditorWaker {
    fn drop(&mut self) {
        self.running.store(false, Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

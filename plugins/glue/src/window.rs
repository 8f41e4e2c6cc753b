//! The editor's window: opens a product's editor at the size the session remembers.

use crate::editor_host::EditorHost;
use crate::editor_waker::{EditorWaker, NEVER};
use crate::meters::Meters;
use crate::params::HostParams;
use crate::product::Product;
use dsp_core::Chain;
use dsp_core::meter::readings::Readings;
use egui::{Context, Ui};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize};
use nice_plug::editor::{Editor, HostMethods, ParentWindowHandle, ResizeHint, SpawnedEditor};
use nice_plug::prelude::ParamPtr;
use nice_plug_egui::baseview::{HandlerError, WindowSize};
use nice_plug_egui::{EguiEditorHandle, EguiEditorState, EguiNiceSettings, NiceEguiApp, create_egui_editor};
use plumb_panels::{EditorUi as _, PanelContext, failed_window_ui, prepare_window, window_ui};
use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Without a reading for so long, the host does not process: the meters show silence.
const STALE_AFTER: Duration = Duration::from_millis(500);
/// Largest size a session may restore, in logical pixels: a 4K screen.
const MAX_SIZE: (f32, f32) = (3840.0, 2160.0);

type Params<P> = Arc<HostParams<<<P as Product>::Chain as Chain>::Settings>>;
type Bus<P> = Arc<Meters<<<P as Product>::Chain as Chain>::Readings>>;

/// Opens a product's editor.
pub struct Window<P: Product> {
    params: Params<P>,
    meters: Bus<P>,
    /// Of the window that is, or was last, open.
    state: Mutex<Arc<EguiEditorState>>,
}

impl<P: Product> fmt::Debug for Window<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window").finish_non_exhaustive()
    }
}

impl<P: Product> Window<P> {
    pub(crate) fn new(params: Params<P>, meters: Bus<P>) -> Self {
        let state = Mutex::new(EguiEditorState::from_size(size::<P>(&params), 1.0));
        Self { params, meters, state }
    }

    fn hint() -> ResizeHint {
        let (width, height) = P::Editor::MIN_SIZE;
        ResizeHint::RESIZABLE.with_min_logical_size(LogicalSize::new(width, height))
    }
}

/// The size that the session remembers, within bounds.
fn size<P: Product>(params: &Params<P>) -> LogicalSize<f32> {
    let (width, height) = params.fields.editor_size();
    let min = P::Editor::MIN_SIZE;
    LogicalSize::new(width.clamp(min.0, MAX_SIZE.0), height.clamp(min.1, MAX_SIZE.1))
}

impl<P: Product> Editor for Window<P> {
    type Handle = EguiEditorHandle;

    /// Makes a new window each time: the framework's own keeps the size of the first, whatever the session says.
    #[expect(clippy::disallowed_methods, reason = "the editor's thread")]
    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        gui: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Self::Handle>, Box<dyn Error>> {
        let state = EguiEditorState::from_size(size::<P>(&self.params), 1.0);
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&state);
        let app = App::<P>::new(Arc::clone(&self.params), Arc::clone(&self.meters));
        let settings = EguiNiceSettings::new().with_tile(P::NAME).with_resize_hint(Self::hint());
        let settings = settings.with_repaint_poll_interval(NEVER);
        create_egui_editor(state, self.meters.notifier.clone(), settings, app).ok_or("no editor")?.spawn(
            parent,
            wait_for_parent,
            fallback_scale_factor,
            gui,
            host,
        )
    }

    #[expect(clippy::disallowed_methods, reason = "the editor's thread")]
    fn size(&self) -> NativeSize<u32> {
        let state = Arc::clone(&self.state.lock().unwrap_or_else(PoisonError::into_inner));
        if state.is_open() {
            let physical = state.physical_size();
            let logical = state.logical_size();
            let scale = f64::from(physical.width) / f64::from(logical.width.max(1.0));
            NativeSize::from_size(logical.into(), scale)
        } else {
            NativeSize::from_size(size::<P>(&self.params).into(), 1.0)
        }
    }

    fn resize_hint(&self) -> ResizeHint {
        Self::hint()
    }
}

/// One open window.
struct App<P: Product> {
    params: Params<P>,
    meters: Bus<P>,
    editor: P::Editor,
    gui: Option<GuiContext>,
    waker: Option<EditorWaker>,
    open: OpenGestures,
    /// Number of readings at the last frame, and the time of the latest new one.
    last: (u32, f64),
    failed: bool,
}

/// Parameters the user holds.
#[derive(Default)]
struct OpenGestures(RefCell<Vec<ParamPtr>>);

// SAFETY: the pointers are into parameters that are `Sync` and that the app keeps alive; the cell is only used through
// the app, which the framework keeps behind a mutex.
unsafe impl Send for OpenGestures {}

impl<P: Product> App<P> {
    fn new(params: Params<P>, meters: Bus<P>) -> Self {
        Self {
            params,
            meters,
            editor: P::Editor::default(),
            gui: None,
            waker: None,
            open: OpenGestures::default(),
            last: (0, 0.0),
            failed: false,
        }
    }

    fn frame(&mut self, ui: &mut Ui) {
        let Some(gui) = &self.gui else { return };
        let now_s = ui.input(|input| input.time);
        let (readings, count) = self.meters.look();
        if count != self.last.0 {
            self.last = (count, now_s);
        }
        let stale = now_s - self.last.1 > STALE_AFTER.as_secs_f64();
        let readings = if stale { readings.stopped() } else { readings };
        if readings != readings.stopped() {
            ui.ctx().request_repaint_after(STALE_AFTER);
        }
        let host = EditorHost { params: &*self.params, meters: &*self.meters, gui, open: &self.open.0 };
        let context = PanelContext::new(self.params.controls(), &host, self.params.settings(), readings);
        window_ui(ui, &mut self.editor, &context);
    }
}

impl<P: Product> NiceEguiApp for App<P> {
    fn build(&mut self, ctx: Context, gui: GuiContext, frame: &mut nice_plug_egui::Frame) -> Result<(), HandlerError> {
        // Before anything requests a frame.
        self.waker = Some(EditorWaker::new(frame.baseview_window().waker(), &ctx));
        prepare_window(&ctx);
        self.gui = Some(gui);
        Ok(())
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut nice_plug_egui::Frame) {
        if let Some(waker) = &mut self.waker {
            let meters = Arc::clone(&self.meters);
            waker.painted(move || meters.keep_looking());
        }
        if !self.failed {
            self.failed = catch_unwind(AssertUnwindSafe(|| self.frame(ui))).is_err();
        }
        if self.failed {
            failed_window_ui(ui);
        }
    }

    fn resized(&mut self, size: WindowSize) {
        self.params.fields.set_editor_size((size.logical.width as f32, size.logical.height as f32));
    }
}

impl<P: Product> Drop for App<P> {
    /// Ends the gesture of a knob that is held while the window closes.
    fn drop(&mut self) {
        let Some(gui) = &self.gui else { return };
        for ptr in self.open.0.borrow_mut().drain(..) {
            // The framework panics if the plugin is gone before its window: then there is nothing left to tell.
            // SAFETY: the parameters live as long as the app.
            let _ = catch_unwind(AssertUnwindSafe(|| unsafe { gui.raw_end_set_parameter(ptr) }));
        }
    }
}

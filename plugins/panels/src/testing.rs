//! A host for tests that does at once what the editor asks, and records it; and a window without a screen, to check
//! layouts.

use crate::context::{PanelContext, ShownControl};
use crate::editor_ui::{EditorUi, prepare_window};
use crate::host::PanelHost;
use dsp_core::meter::taps::SignalTaps;
use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, Shape, Ui, Vec2, pos2};
use plumb_controls::{ControlTable, Controls};
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

/// What reached the host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    /// The user took hold of the control at this place of the table.
    Begin(usize),
    /// The user moved it there, 0 to 1.
    Set(usize, f32),
    /// The user let go.
    End(usize),
}

/// A host of a product with settings `S` and readings `R` that obeys and takes notes.
pub struct TestHost<S: ControlTable, R> {
    /// The product's controls.
    pub controls: Controls<S>,
    /// What the meters show.
    pub readings: R,
    /// Where each parameter stands, 0 to 1.
    normalized: RefCell<Vec<f32>>,
    calls: RefCell<Vec<Call>>,
    taps: SignalTaps,
}

impl<S: ControlTable, R> fmt::Debug for TestHost<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestHost").field("calls", &self.calls).finish_non_exhaustive()
    }
}

impl<S: ControlTable, R: Copy> TestHost<S, R> {
    /// A host with every control at its default.
    #[must_use]
    pub fn new(readings: R) -> Self {
        let controls = Controls::new();
        let defaults = controls.list().iter().map(|control| control.normalized_at(control.stored(control.default)));
        let normalized = RefCell::new(defaults.collect());
        Self { controls, readings, normalized, calls: RefCell::default(), taps: SignalTaps::default() }
    }

    /// Sets a control, as automation does. Unknown ids do nothing.
    pub fn set(&self, id: &str, value: f64) {
        let Some(index) = self.controls.index(id) else { return };
        let control = &self.controls.list()[index];
        self.normalized.borrow_mut()[index] = control.normalized_at(control.stored(value));
    }

    /// The current settings.
    #[must_use]
    pub fn settings(&self) -> S {
        let mut settings = S::default();
        for (control, normalized) in self.controls.list().iter().zip(self.normalized.borrow().iter()) {
            control.set(&mut settings, control.from_stored(control.stored_at(*normalized)));
        }
        settings
    }

    /// What reached it since the last call.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        self.calls.take()
    }

    /// One frame of an editor.
    fn paint<E: EditorUi<Settings = S, Readings = R>>(
        &self,
        window: &Context,
        input: RawInput,
        editor: &mut E,
    ) -> Page<S::Id> {
        let mut page =
            Page { shown: Vec::new(), texts: Vec::new(), window: input.screen_rect.unwrap_or(Rect::NOTHING) };
        let mut output = window.run_ui(input, |ui| {
            let context = PanelContext::new(&self.controls, self, self.settings(), self.readings);
            editor.ui(ui, &context);
            page.shown = context.shown();
        });
        // Nothing draws the glyphs; egui insists that they are taken.
        output.textures_delta.clear();
        for clipped in &output.shapes {
            collect_texts(&clipped.shape, clipped.clip_rect, &mut page.texts);
        }
        page
    }
}

impl<S: ControlTable, R> PanelHost for TestHost<S, R> {
    fn normalized(&self, index: usize) -> f32 {
        self.normalized.borrow()[index]
    }

    fn begin_gesture(&self, index: usize) {
        self.calls.borrow_mut().push(Call::Begin(index));
    }

    fn set_normalized(&self, index: usize, value: f32) {
        self.calls.borrow_mut().push(Call::Set(index, value));
        self.normalized.borrow_mut()[index] = value;
    }

    fn end_gesture(&self, index: usize) {
        self.calls.borrow_mut().push(Call::End(index));
    }

    fn sample_rate_hz(&self) -> f64 {
        48_000.0
    }

    fn taps(&self) -> &SignalTaps {
        &self.taps
    }

    fn reset_measurement(&self) {}
}

/// An editor that shows nothing.
pub struct NoEditor<S, R>(PhantomData<fn() -> (S, R)>);

impl<S, R> fmt::Debug for NoEditor<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoEditor")
    }
}

impl<S, R> Default for NoEditor<S, R> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<S: ControlTable, R: 'static> EditorUi for NoEditor<S, R> {
    type Settings = S;
    type Readings = R;
    const SIZE: (f32, f32) = (1.0, 1.0);
    const MIN_SIZE: (f32, f32) = (1.0, 1.0);

    fn ui(&mut self, _ui: &mut Ui, _context: &PanelContext<'_, S, R>) {}
}

/// A text on a page.
#[derive(Clone, Debug)]
pub struct Text {
    /// The whole of it.
    pub text: String,
    /// Its ink.
    pub place: Rect,
    /// Clip rectangle.
    pub clip: Rect,
    /// Whether it was truncated.
    pub cut: bool,
}

/// A frame of an editor without a window.
#[derive(Clone, Debug)]
pub struct Page<Id> {
    /// Every control drawn, in order.
    pub shown: Vec<ShownControl<Id>>,
    /// Every text painted.
    pub texts: Vec<Text>,
    /// The window.
    pub window: Rect,
}

/// Lays an editor out in a window of a size. Layout settles in the second frame; the third is returned.
#[must_use]
pub fn lay_out<E>(
    editor: &mut E,
    host: &TestHost<E::Settings, E::Readings>,
    size: (f32, f32),
) -> Page<<E::Settings as ControlTable>::Id>
where
    E: EditorUi<Readings: Copy>,
{
    let mut window = TestWindow::new(host, size);
    window.frame(editor, Vec::new());
    window.settle(editor)
}

/// A window that stays, in which something can be clicked and dragged. A frame takes 20 ms.
pub struct TestWindow<'a, S: ControlTable, R> {
    host: &'a TestHost<S, R>,
    egui: Context,
    rect: Rect,
    frames: u32,
}

impl<S: ControlTable, R> fmt::Debug for TestWindow<'_, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestWindow").field("rect", &self.rect).field("frames", &self.frames).finish_non_exhaustive()
    }
}

impl<'a, S: ControlTable, R: Copy> TestWindow<'a, S, R> {
    /// An empty one of a size.
    #[must_use]
    pub fn new(host: &'a TestHost<S, R>, size: (f32, f32)) -> Self {
        let egui = Context::default();
        prepare_window(&egui);
        Self { host, egui, rect: Rect::from_min_size(pos2(0.0, 0.0), size.into()), frames: 0 }
    }

    /// One frame of an editor, with what the mouse does in it.
    pub fn frame<E: EditorUi<Settings = S, Readings = R>>(
        &mut self,
        editor: &mut E,
        events: Vec<Event>,
    ) -> Page<S::Id> {
        self.frames += 1;
        let time = Some(f64::from(self.frames) * 0.02);
        let input = RawInput { screen_rect: Some(self.rect), time, events, ..RawInput::default() };
        self.host.paint(&self.egui, input, editor)
    }

    /// Lets the layout settle, and egui forget the last click.
    fn settle<E: EditorUi<Settings = S, Readings = R>>(&mut self, editor: &mut E) -> Page<S::Id> {
        self.frames += 100;
        self.frame(editor, Vec::new());
        self.frame(editor, Vec::new())
    }

    /// Centre of the last such text that is drawn.
    pub fn text<E: EditorUi<Settings = S, Readings = R>>(&mut self, editor: &mut E, text: &str) -> Option<Pos2> {
        self.settle(editor).texts.iter().rev().find(|found| found.text == text).map(|found| found.place.center())
    }

    /// Place of a control.
    pub fn shown<E: EditorUi<Settings = S, Readings = R>>(
        &mut self,
        editor: &mut E,
        id: impl Into<S::Id>,
    ) -> Option<Rect> {
        let id = id.into();
        self.settle(editor).shown.iter().find(|shown| shown.id == id).map(|shown| shown.rect)
    }

    /// A click.
    pub fn click<E: EditorUi<Settings = S, Readings = R>>(&mut self, editor: &mut E, at: Pos2) {
        self.drag(editor, at, Vec2::ZERO);
    }

    /// A drag in four steps.
    pub fn drag<E: EditorUi<Settings = S, Readings = R>>(&mut self, editor: &mut E, from: Pos2, by: Vec2) {
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.settle(editor);
        self.frame(editor, vec![Event::PointerMoved(from)]);
        self.frame(editor, vec![button(from, true)]);
        if by != Vec2::ZERO {
            for step in 1..=4 {
                self.frame(editor, vec![Event::PointerMoved(from + by * (step as f32 / 4.0))]);
            }
        }
        self.frame(editor, vec![button(from + by, false)]);
        self.settle(editor);
    }
}

fn collect_texts(shape: &Shape, clip: Rect, texts: &mut Vec<Text>) {
    match shape {
        Shape::Text(shape) if !shape.galley.text().is_empty() => {
            let galley = &shape.galley;
            // Ink, not line height: two lines may share the air between them.
            let place = galley.mesh_bounds.translate(shape.pos.to_vec2());
            texts.push(Text { text: galley.text().to_owned(), place, clip, cut: galley.elided });
        }
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect_texts(shape, clip, texts)),
        _ => {}
    }
}

impl<Id: fmt::Debug> Page<Id> {
    /// What is wrong with the page: controls or texts that overlap, or that the window cuts. Half a point of slack, for
    /// edges that round differently.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut apart = |kind: &str, places: &[(&str, Rect)]| {
            for (index, (name, rect)) in places.iter().enumerate() {
                for (other, other_rect) in &places[..index] {
                    if rect.shrink(0.5).intersects(other_rect.shrink(0.5)) {
                        faults.push(format!("{kind} '{name}' {rect:?} lies over '{other}' {other_rect:?}"));
                    }
                }
                if !self.window.expand(0.5).contains_rect(*rect) {
                    faults.push(format!("{kind} '{name}' {rect:?} leaves the window {:?}", self.window));
                }
            }
        };
        let names: Vec<String> = self.shown.iter().map(|shown| format!("{:?}", shown.id)).collect();
        let controls: Vec<_> = names.iter().zip(&self.shown).map(|(name, shown)| (name.as_str(), shown.rect)).collect();
        apart("control", &controls);
        let texts: Vec<_> = self.texts.iter().map(|text| (text.text.as_str(), text.place)).collect();
        apart("text", &texts);
        for Text { text, place, clip, cut } in &self.texts {
            if *cut || !clip.expand(0.5).contains_rect(*place) {
                faults.push(format!("text '{text}' at {place:?} is cut"));
            }
        }
        faults
    }
}

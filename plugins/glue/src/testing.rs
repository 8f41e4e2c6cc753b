//! A host for tests: it does at once what the editor asks, and writes down that it was asked. And a window without a
//! screen, to see where everything comes to lie.

use crate::desk::{Desk, Shown};
use crate::meters::Meters;
use crate::params::{HostParam, HostParams};
use crate::product::Face;
use crate::state;
use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, Shape, Vec2, pos2};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::params::InternalParamMut;
use nice_plug::plugin::PluginState;
use nice_plug::prelude::ParamPtr;
use plumb_controls::Controlled;
use plumb_widgets::Theme;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What reached the host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    /// The user took hold.
    Begin(ParamPtr),
    /// The user moved it there.
    Set(ParamPtr, f32),
    /// The user let go.
    End(ParamPtr),
}

// SAFETY: the pointers in it are only compared.
unsafe impl Send for Call {}

/// A host that obeys and takes notes.
#[derive(Debug, Default)]
pub struct TestHost {
    calls: Mutex<Vec<Call>>,
}

impl TestHost {
    /// One with the context the editor gets.
    #[must_use]
    pub fn with_context() -> (Arc<Self>, GuiContext) {
        let host = Arc::new(Self::default());
        (Arc::clone(&host), GuiContext::new(host))
    }

    /// What reached it since the last call.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        self.calls.lock().map(|mut calls| std::mem::take(&mut *calls)).unwrap_or_default()
    }

    fn note(&self, call: Call) {
        if let Ok(mut calls) = self.calls.lock() {
            calls.push(call);
        }
    }
}

impl GuiContextInner for TestHost {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.note(Call::Begin(param));
    }
    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        self.note(Call::Set(param, normalized));
        // SAFETY: the caller keeps the parameters alive while its editor is open.
        unsafe { param._internal_set_normalized_value(normalized) };
    }
    unsafe fn raw_end_set_parameter(&self, param: ParamPtr) {
        self.note(Call::End(param));
    }
    fn get_state(&self) -> PluginState {
        PluginState { version: String::new(), params: BTreeMap::new(), fields: BTreeMap::new() }
    }
    fn set_state(&self, _state: PluginState) {}
    fn request_restart(&self) {}
}

/// Sets a parameter as a host would. Unknown ids do nothing.
pub fn set<S: Default + Copy + 'static>(params: &HostParams<S>, id: &str, value: f64) {
    let Some((_, control, param)) = params.find(id) else { return };
    let stored = control.stored(value);
    // SAFETY: this is what the framework does when a host sends a value; nothing else runs in a test.
    unsafe {
        match param {
            HostParam::Number(param) => param._internal_set_plain_value(stored),
            HostParam::Choice(param) => param._internal_set_plain_value(stored as i32),
            HostParam::Switch(param) => param._internal_set_plain_value(stored >= 0.5),
        };
    }
}

/// A text on a page.
#[derive(Clone, Debug)]
pub struct Text {
    /// The whole of it.
    pub text: String,
    /// Its ink.
    pub place: Rect,
    /// What may be seen.
    pub clip: Rect,
    /// Whether its end was left off for want of room.
    pub cut: bool,
}

/// A frame of an editor without a window.
#[derive(Clone, Debug)]
pub struct Page {
    /// Every control drawn, in order.
    pub shown: Vec<Shown>,
    /// Every text painted.
    pub texts: Vec<Text>,
    /// The window.
    pub window: Rect,
}

/// Lays an editor out in a window of a size. Layout settles in the second frame; the third is returned.
#[must_use]
pub fn lay_out<C: Controlled, F: Face<C>>(face: &mut F, params: &HostParams<C::Settings>, size: (f32, f32)) -> Page {
    let (_host, gui) = TestHost::with_context();
    let meters = Meters::<C::Readings>::default();
    let open = RefCell::default();
    let ctx = Context::default();
    let theme = Theme::default();
    theme.apply(&ctx);
    let window = Rect::from_min_size(pos2(0.0, 0.0), size.into());
    let mut page = Page { shown: Vec::new(), texts: Vec::new(), window };
    for _ in 0..3 {
        let input = RawInput { screen_rect: Some(window), ..RawInput::default() };
        let mut output = ctx.run_ui(input, |ui| {
            let desk = Desk::<C>::new(theme, params, &gui, &meters, meters.look().0, &open);
            face.ui(ui, &desk);
            page.shown = desk.shown();
        });
        // Nobody will draw the glyphs; egui insists on being told.
        output.textures_delta.clear();
        page.texts.clear();
        for clipped in &output.shapes {
            collect_texts(&clipped.shape, clipped.clip_rect, &mut page.texts);
        }
    }
    page
}

/// A window that stays, in which something can be clicked and dragged. A frame takes 20 ms.
pub struct Window<'a, S> {
    params: &'a HostParams<S>,
    host: Arc<TestHost>,
    gui: GuiContext,
    ctx: Context,
    rect: Rect,
    frames: u32,
}

impl<S> std::fmt::Debug for Window<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Window").field("rect", &self.rect).field("frames", &self.frames).finish_non_exhaustive()
    }
}

impl<'a, S: Default + Copy + 'static> Window<'a, S> {
    /// An empty one of a size.
    #[must_use]
    pub fn new(params: &'a HostParams<S>, size: (f32, f32)) -> Self {
        let (host, gui) = TestHost::with_context();
        let ctx = Context::default();
        Theme::default().apply(&ctx);
        Self { params, host, gui, ctx, rect: Rect::from_min_size(pos2(0.0, 0.0), size.into()), frames: 0 }
    }

    /// One frame of an editor, with what the mouse does in it.
    pub fn frame<C: Controlled<Settings = S>, F: Face<C>>(&mut self, face: &mut F, events: Vec<Event>) -> Page {
        let meters = Meters::<C::Readings>::default();
        let open = RefCell::default();
        let mut page = Page { shown: Vec::new(), texts: Vec::new(), window: self.rect };
        self.frames += 1;
        let time = Some(f64::from(self.frames) * 0.02);
        let input = RawInput { screen_rect: Some(self.rect), time, events, ..RawInput::default() };
        let mut output = self.ctx.run_ui(input, |ui| {
            let desk = Desk::<C>::new(Theme::default(), self.params, &self.gui, &meters, meters.look().0, &open);
            face.ui(ui, &desk);
            page.shown = desk.shown();
        });
        output.textures_delta.clear();
        for clipped in &output.shapes {
            collect_texts(&clipped.shape, clipped.clip_rect, &mut page.texts);
        }
        page
    }

    /// Layout settled, and the double click of what came before forgotten.
    fn settle<C: Controlled<Settings = S>, F: Face<C>>(&mut self, face: &mut F) -> Page {
        self.frames += 100;
        self.frame(face, Vec::new());
        self.frame(face, Vec::new())
    }

    /// The middle of the first text that reads so.
    pub fn text<C: Controlled<Settings = S>, F: Face<C>>(&mut self, face: &mut F, text: &str) -> Option<Pos2> {
        self.settle(face).texts.iter().find(|found| found.text == text).map(|found| found.place.center())
    }

    /// Place of a control.
    pub fn shown<C: Controlled<Settings = S>, F: Face<C>>(&mut self, face: &mut F, id: &str) -> Option<Rect> {
        self.settle(face).shown.iter().find(|shown| shown.id == id).map(|shown| shown.rect)
    }

    /// A click.
    pub fn click<C: Controlled<Settings = S>, F: Face<C>>(&mut self, face: &mut F, at: Pos2) {
        self.drag(face, at, Vec2::ZERO);
    }

    /// A drag in four steps.
    pub fn drag<C: Controlled<Settings = S>, F: Face<C>>(&mut self, face: &mut F, from: Pos2, by: Vec2) {
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.settle(face);
        self.frame(face, vec![Event::PointerMoved(from)]);
        self.frame(face, vec![button(from, true)]);
        if by != Vec2::ZERO {
            for step in 1..=4 {
                self.frame(face, vec![Event::PointerMoved(from + by * (step as f32 / 4.0))]);
            }
        }
        self.frame(face, vec![button(from + by, false)]);
        self.settle(face);
    }

    /// What reached the host since the last call.
    #[must_use]
    pub fn take_calls(&self) -> Vec<Call> {
        self.host.take_calls()
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

impl Page {
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
        let controls: Vec<_> = self.shown.iter().map(|shown| (shown.id.as_str(), shown.rect)).collect();
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

/// What a chain is set to after a session gave it some bytes; `None` where the framework refuses them, which leaves
/// everything as it was.
#[must_use]
pub fn load<C: Controlled>(bytes: &[u8]) -> Option<C::Settings> {
    let mut state = serde_json::from_slice(bytes).ok()?;
    state::filter::<C>(&mut state);
    Some(state::settings(&HostParams::new(C::controls(), (1.0, 1.0)), &state))
}

/// Ids in a stored state that are no control's, which [`load`] drops; `None` where the framework refuses it.
#[must_use]
pub fn unknown_ids<C: Controlled>(bytes: &[u8]) -> Option<Vec<String>> {
    let controls = C::controls();
    let state: PluginState = serde_json::from_slice(bytes).ok()?;
    Some(state.params.into_keys().filter(|id| controls.index(id).is_none()).collect())
}

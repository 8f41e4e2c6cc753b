//! A parameter without a host, and a window without a screen.

use crate::{ParamHandle, Theme};
use egui::epaint::TextShape;
use egui::{Event, Modifiers, MouseWheelUnit, Pos2, Rect, Shape, TouchPhase, Ui, Vec2, vec2};
use egui_kittest::Harness;
use std::cell::{Cell, RefCell};

/// An event that reached the host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Call {
    Begin,
    Set(f32),
    End,
}

/// A parameter that records its events.
pub(crate) struct FakeParam {
    pub(crate) name: String,
    pub(crate) min: f32,
    pub(crate) max: f32,
    pub(crate) default: f32,
    pub(crate) unit: &'static str,
    pub(crate) choices: Vec<&'static str>,
    help: &'static str,
    /// Whether the host returns requested values.
    pub(crate) echo: Cell<bool>,
    pub(crate) value: Cell<f32>,
    calls: RefCell<Vec<Call>>,
}

impl FakeParam {
    pub(crate) fn continuous(name: &str, min: f32, max: f32, default: f32, unit: &'static str) -> Self {
        Self {
            name: name.to_owned(),
            min,
            max,
            default,
            unit,
            choices: Vec::new(),
            help: "",
            echo: Cell::new(true),
            value: Cell::new(default),
            calls: RefCell::default(),
        }
    }

    /// −60 to 0 dB, −18 dB (0.7) at first.
    pub(crate) fn threshold() -> Self {
        Self::continuous("Threshold", -60.0, 0.0, 0.7, " dB")
    }

    /// The first choice at first.
    pub(crate) fn choice(name: &str, choices: &[&'static str]) -> Self {
        Self { choices: choices.to_vec(), ..Self::continuous(name, 0.0, 1.0, 0.0, "") }
    }

    /// Off at first.
    pub(crate) fn switch(name: &str) -> Self {
        Self::choice(name, &["Off", "On"])
    }

    /// With a help text.
    pub(crate) fn with_help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// Events since the last call.
    pub(crate) fn take_calls(&self) -> Vec<Call> {
        let calls = self.calls.take();
        assert_paired(&calls);
        calls
    }

    /// The last value since the last call; `None` if there was none.
    pub(crate) fn take_last_set(&self) -> Option<f32> {
        self.take_calls()
            .into_iter()
            .rev()
            .find_map(|call| if let Call::Set(value) = call { Some(value) } else { None })
    }

    fn plain(&self, normalized: f32) -> f32 {
        self.min + normalized * (self.max - self.min)
    }
}

impl ParamHandle for FakeParam {
    fn name(&self) -> &str {
        &self.name
    }
    fn help(&self) -> &str {
        self.help
    }
    fn text(&self) -> String {
        self.text_at(self.value.get())
    }
    fn normalized(&self) -> f32 {
        self.value.get()
    }
    fn default_normalized(&self) -> f32 {
        self.default
    }
    fn steps(&self) -> Option<usize> {
        (!self.choices.is_empty()).then_some(self.choices.len())
    }
    fn text_at(&self, normalized: f32) -> String {
        match self.choices.len().checked_sub(1) {
            Some(last) => self.choices[(normalized * last as f32).round() as usize].to_owned(),
            None => format!("{:.1}{}", self.plain(normalized), self.unit),
        }
    }
    fn parse(&self, text: &str) -> Option<f32> {
        let number: f32 = text.trim().trim_end_matches(self.unit.trim()).trim().parse().ok()?;
        Some(((number - self.min) / (self.max - self.min)).clamp(0.0, 1.0))
    }
    fn begin_gesture(&self) {
        self.calls.borrow_mut().push(Call::Begin);
    }
    fn set_normalized(&self, value: f32) {
        self.calls.borrow_mut().push(Call::Set(value));
        if self.echo.get() {
            self.value.set(value);
        }
    }
    fn end_gesture(&self) {
        self.calls.borrow_mut().push(Call::End);
    }
}

/// Whether events are well-formed gestures: begin, any sets, end; not nested, no set outside. The last may be open.
fn assert_paired(calls: &[Call]) {
    let mut open = matches!(calls.first(), Some(Call::Set(_) | Call::End));
    for call in calls {
        match call {
            Call::Begin => assert!(!std::mem::replace(&mut open, true), "begin inside a gesture: {calls:?}"),
            Call::Set(_) => assert!(open, "set outside a gesture: {calls:?}"),
            Call::End => assert!(std::mem::replace(&mut open, false), "end without begin: {calls:?}"),
        }
    }
}

/// A window that shows widgets in the default theme. A frame takes 10 ms, so that two clicks can be a double click.
pub(crate) fn harness<'a>(mut show: impl FnMut(&mut Ui, &Theme) + 'a) -> Harness<'a> {
    Harness::builder()
        .with_step_dt(0.01)
        .with_size(vec2(800.0, 600.0))
        .with_max_steps(8)
        .with_context_setup(|ctx| Theme::default().apply(ctx))
        .build_ui(move |ui| show(ui, &Theme::default()))
}

/// Lets time pass without input: resets click counts and pending values.
pub(crate) fn wait(harness: &mut Harness<'_>) {
    harness.run_steps(60);
}

/// Presses at `from` and moves by each of `by` in turn, without letting go.
pub(crate) fn drag_and_hold(harness: &mut Harness<'_>, from: Pos2, by: &[Vec2]) -> Pos2 {
    harness.hover_at(from);
    harness.drag_at(from);
    let mut pos = from;
    for step in by {
        pos += *step;
        harness.hover_at(pos);
    }
    harness.run();
    pos
}

/// The same, and lets go.
pub(crate) fn drag(harness: &mut Harness<'_>, from: Pos2, by: &[Vec2]) {
    let to = drag_and_hold(harness, from, by);
    harness.drop_at(to);
    harness.run();
}

/// Two quick clicks at a point.
pub(crate) fn double_click(harness: &mut Harness<'_>, pos: Pos2) {
    harness.hover_at(pos);
    for pressed in [true, false, true, false] {
        let button = egui::PointerButton::Primary;
        harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
    }
    harness.run();
}

/// One event of the wheel at a point, with modifiers held.
pub(crate) fn wheel(harness: &mut Harness<'_>, pos: Pos2, notches: f32, modifiers: Modifiers) {
    harness.hover_at(pos);
    let wheel = Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, notches),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers,
    };
    harness.event_modifiers(wheel, modifiers);
    harness.run_steps(8);
}

/// The texts on the screen, and where they are.
pub(crate) fn texts(harness: &Harness<'_>) -> Vec<(String, Rect)> {
    fn collect(shape: &Shape, clip: Rect, texts: &mut Vec<(String, Rect)>) {
        match shape {
            Shape::Text(text) if !text.galley.is_empty() => {
                let rect = place(text);
                assert!(clip.contains_rect(rect), "{:?} at {rect:?} is clipped by {clip:?}", text.galley.text());
                texts.push((text.galley.text().to_owned(), rect));
            }
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, texts)),
            _ => {}
        }
    }
    fn place(text: &TextShape) -> Rect {
        // Ink, not line height: lines may share the space between them.
        text.galley.mesh_bounds.translate(text.pos.to_vec2())
    }
    let mut texts = Vec::new();
    for clipped in &harness.output().shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut texts);
    }
    texts
}

/// No text covers another, and none is clipped.
pub(crate) fn assert_texts_are_apart(harness: &Harness<'_>) {
    let texts = texts(harness);
    assert!(!texts.is_empty());
    for (i, (a, a_rect)) in texts.iter().enumerate() {
        for (b, b_rect) in &texts[..i] {
            // Touching rects do not overlap; half a point is less than the margin inside a glyph's box.
            let overlap = a_rect.shrink(0.25).intersects(b_rect.shrink(0.25));
            assert!(!overlap, "{a:?} at {a_rect:?} covers {b:?} at {b_rect:?}");
        }
    }
}

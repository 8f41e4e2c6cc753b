//! Gestures, tested with pointer and keys.

use super::*;
use crate::knob_ui;
use crate::testing::{self, Call, FakeParam, double_click, drag, drag_and_hold, wait, wheel};
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

/// f32 positions on the screen, divided by 200.
const TOLERANCE: f32 = 1e-4;

fn knob(param: &FakeParam) -> Harness<'_> {
    testing::harness(|ui, theme| {
        knob_ui(ui, theme, param);
    })
}

fn dial(harness: &Harness<'_>, name: &str) -> Pos2 {
    harness.get_by_label(name).rect().center()
}

fn value(harness: &Harness<'_>, name: &str) -> Pos2 {
    harness.get_by_label(name).rect().center_bottom() - vec2(0.0, 8.0)
}

/// Opens the field by double click.
fn open_entry(harness: &mut Harness<'_>) {
    double_click(harness, value(harness, "Threshold"));
    assert!(harness.query_all_by_label("Threshold").count() == 2, "no field");
}

fn type_text(harness: &mut Harness<'_>, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run();
}

fn field_is_open(harness: &Harness<'_>) -> bool {
    harness.query_all_by_label("Threshold").count() == 2
}

fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < TOLERANCE
}

#[test]
fn a_drag_is_one_gesture_and_moves_by_its_length() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let from = dial(&harness, "Threshold");
    drag(&mut harness, from, &[vec2(0.0, 10.0), vec2(3.0, 10.0)]);
    let calls = param.take_calls();
    assert_eq!(calls.first(), Some(&Call::Begin));
    assert_eq!(calls.last(), Some(&Call::End));
    assert_eq!(calls.len(), 4, "{calls:?}");
    // 20 of 200 points down; sideways does not count.
    assert!(near(param.value.get(), 0.6), "{}", param.value.get());
}

#[test]
fn movement_in_the_frame_of_release_counts() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let from = dial(&harness, "Threshold");
    let to = drag_and_hold(&mut harness, from, &[vec2(0.0, 20.0)]);
    harness.drop_at(to + vec2(0.0, 20.0));
    harness.run();
    assert!(near(param.value.get(), 0.5), "{}", param.value.get());
}

#[test]
fn shift_and_ctrl_make_a_drag_ten_times_finer() {
    for modifiers in [Modifiers::SHIFT, Modifiers::CTRL] {
        let param = FakeParam::threshold();
        let mut harness = knob(&param);
        harness.event(egui::Event::ModifiersChanged(modifiers));
        let from = dial(&harness, "Threshold");
        drag(&mut harness, from, &[vec2(0.0, 20.0)]);
        assert!(near(param.value.get(), 0.69), "{}", param.value.get());
    }
}

#[test]
fn a_drag_stops_at_the_ends_and_reverses_at_once() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let from = dial(&harness, "Threshold");
    drag(&mut harness, from, &[vec2(0.0, -300.0), vec2(0.0, 20.0)]);
    assert!(near(param.value.get(), 0.9), "{}", param.value.get());
}

#[test]
fn a_drag_continues_from_its_own_value_without_an_answer() {
    let param = FakeParam::threshold();
    param.echo.set(false);
    let mut harness = knob(&param);
    let from = dial(&harness, "Threshold");
    let to = drag_and_hold(&mut harness, from, &[vec2(0.0, 20.0), vec2(0.0, 20.0), vec2(0.0, 20.0)]);
    assert!(near(param.take_last_set().unwrap(), 0.4));
    assert_eq!(harness.get_by_label("Threshold").value().as_deref(), Some("-36.0 dB"));
    harness.drop_at(to);
    harness.run();
    assert_eq!(harness.get_by_label("Threshold").value().as_deref(), Some("-36.0 dB"), "no flicker on release");
    wait(&mut harness);
    assert_eq!(harness.get_by_label("Threshold").value().as_deref(), Some("-18.0 dB"), "the host has the last word");
}

#[test]
fn a_double_click_only_resets() {
    let param = FakeParam::threshold();
    param.value.set(0.2);
    let mut harness = knob(&param);
    let at = dial(&harness, "Threshold");
    double_click(&mut harness, at);
    assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.7), Call::End]);
}

#[test]
fn a_shaky_double_click_only_resets() {
    let param = FakeParam::threshold();
    param.value.set(0.2);
    let mut harness = knob(&param);
    let at = dial(&harness, "Threshold");
    for shake in [0.0, 2.0] {
        harness.drag_at(at);
        harness.hover_at(at + vec2(1.0, shake));
        harness.event(egui::Event::PointerButton {
            pos: at + vec2(1.0, shake),
            button: PointerButton::Primary,
            pressed: false,
            modifiers: Modifiers::NONE,
        });
    }
    harness.run();
    assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.7), Call::End]);
}

#[test]
fn one_click_does_nothing_and_alt_click_resets() {
    let param = FakeParam::threshold();
    param.value.set(0.2);
    let mut harness = knob(&param);
    harness.get_by_label("Threshold").click();
    harness.run();
    assert_eq!(param.take_calls(), []);
    wait(&mut harness);
    harness.get_by_label("Threshold").click_modifiers(Modifiers::ALT);
    harness.run();
    assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.7), Call::End]);
}

#[test]
fn the_wheel_steps_and_shift_makes_it_finer() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let at = dial(&harness, "Threshold");
    wheel(&mut harness, at, 1.0, Modifiers::NONE);
    let calls = param.take_calls();
    assert!(matches!(calls[..], [Call::Begin, Call::Set(to), Call::End] if near(to, 0.72)), "{calls:?}");
    wheel(&mut harness, at, -1.0, Modifiers::SHIFT);
    assert!(near(param.take_last_set().unwrap(), 0.718));
}

#[test]
fn notches_add_up_before_the_host_answers() {
    let param = FakeParam::threshold();
    param.echo.set(false);
    let mut harness = knob(&param);
    let at = dial(&harness, "Threshold");
    for _ in 0..3 {
        wheel(&mut harness, at, 1.0, Modifiers::NONE);
    }
    assert!(near(param.take_last_set().unwrap(), 0.76));
}

#[test]
fn the_wheel_at_the_end_of_the_travel_sends_nothing() {
    let param = FakeParam::threshold();
    param.value.set(1.0);
    let mut harness = knob(&param);
    let at = dial(&harness, "Threshold");
    wheel(&mut harness, at, 1.0, Modifiers::NONE);
    assert_eq!(param.take_calls(), []);
}

#[test]
fn a_stepped_parameter_only_takes_its_steps() {
    let param = FakeParam::choice("Slope", &["6", "12", "24", "48", "96"]);
    let mut harness = knob(&param);
    let at = dial(&harness, "Slope");
    wheel(&mut harness, at, 1.0, Modifiers::NONE);
    assert_eq!(param.take_last_set(), Some(0.25));
    for part in [None, None, Some(0.5)] {
        // A touchpad's part of a notch; three of them are one.
        wheel(&mut harness, at, 0.35, Modifiers::NONE);
        assert_eq!(param.take_last_set(), part);
    }
    // 30 points a step, up.
    drag(&mut harness, at, &[vec2(0.0, -20.0), vec2(0.0, -13.0)]);
    let calls = param.take_calls();
    assert_eq!(calls, [Call::Begin, Call::Set(0.75), Call::End]);
}

#[test]
fn a_drag_interrupted_by_escape_ends() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let from = dial(&harness, "Threshold");
    let to = drag_and_hold(&mut harness, from, &[vec2(0.0, 20.0)]);
    harness.key_press(Key::Escape);
    harness.hover_at(to + vec2(0.0, 40.0));
    harness.run();
    assert_eq!(param.take_calls().last(), Some(&Call::End));
    assert!(near(param.value.get(), 0.6));
    harness.drop_at(to);
    harness.run();
    assert_eq!(param.take_calls(), []);
}

#[test]
fn a_drag_ends_when_its_control_is_disabled() {
    let (param, enabled) = (FakeParam::threshold(), std::cell::Cell::new(true));
    let mut harness = testing::harness(|ui, theme| {
        ui.add_enabled_ui(enabled.get(), |ui| knob_ui(ui, theme, &param));
    });
    let from = dial(&harness, "Threshold");
    let to = drag_and_hold(&mut harness, from, &[vec2(0.0, 20.0)]);
    enabled.set(false);
    harness.hover_at(to + vec2(0.0, 40.0));
    harness.run();
    assert_eq!(param.take_calls().last(), Some(&Call::End));
    assert!(near(param.value.get(), 0.6));
}

#[test]
fn a_drag_ends_when_its_control_reappears() {
    let (param, shown) = (FakeParam::threshold(), std::cell::Cell::new(true));
    let mut harness = testing::harness(|ui, theme| {
        if shown.get() {
            knob_ui(ui, theme, &param);
        }
    });
    let from = dial(&harness, "Threshold");
    let to = drag_and_hold(&mut harness, from, &[vec2(0.0, 20.0)]);
    shown.set(false);
    harness.drop_at(to);
    harness.run();
    shown.set(true);
    harness.run();
    assert_eq!(param.take_calls().last(), Some(&Call::End));
}

#[test]
fn the_other_buttons_do_not_drag() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let pos = dial(&harness, "Threshold");
    for (pos, pressed) in [(pos, true), (pos + vec2(0.0, 40.0), false)] {
        harness.hover_at(pos);
        let button = PointerButton::Middle;
        harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
    }
    harness.run();
    assert_eq!(param.take_calls(), []);
}

#[test]
fn a_typed_value_is_committed_by_enter_and_by_tab() {
    for key in [Key::Enter, Key::Tab] {
        let param = FakeParam::threshold();
        let mut harness = knob(&param);
        open_entry(&mut harness);
        assert_eq!(param.take_calls(), [], "a double click on the value does not reset");
        // The old text is selected, so that typing replaces it.
        type_text(&mut harness, "-30 dB");
        harness.key_press(key);
        harness.run();
        assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.5), Call::End], "{key:?}");
        assert!(!field_is_open(&harness));
    }
}

#[test]
fn escape_and_a_click_elsewhere_discard_a_typed_value() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    open_entry(&mut harness);
    type_text(&mut harness, "-30");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!field_is_open(&harness));
    wait(&mut harness);
    open_entry(&mut harness);
    type_text(&mut harness, "-30");
    let elsewhere = egui::pos2(500.0, 500.0);
    harness.hover_at(elsewhere);
    harness.drag_at(elsewhere);
    harness.drop_at(elsewhere);
    harness.run();
    assert!(!field_is_open(&harness));
    assert_eq!(param.take_calls(), []);
}

#[test]
fn an_invalid_text_is_rejected_and_marked_until_changed() {
    let refused = |harness: &Harness<'_>| {
        harness.query_all_by_label("Threshold").any(|node| node.accesskit_node().data().invalid().is_some())
    };
    for key in [Key::Enter, Key::Tab] {
        let param = FakeParam::threshold();
        let mut harness = knob(&param);
        open_entry(&mut harness);
        type_text(&mut harness, "loud");
        assert!(!refused(&harness));
        harness.key_press(key);
        harness.run();
        assert!(field_is_open(&harness) && refused(&harness), "{key:?}");
        assert_eq!(param.take_calls(), []);
        type_text(&mut harness, "er");
        assert!(field_is_open(&harness) && !refused(&harness), "{key:?}");
        for _ in 0.."louder".len() {
            harness.key_press(Key::Backspace);
        }
        harness.run();
        type_text(&mut harness, "-60");
        harness.key_press(key);
        harness.run();
        assert_eq!(param.take_last_set(), Some(0.0), "{key:?}");
    }
}

#[test]
fn the_field_takes_the_place_of_the_value() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let place = |harness: &Harness<'_>| {
        testing::texts(harness).into_iter().find(|(text, _)| text == "-18.0 dB").expect("no value").1
    };
    let before = place(&harness);
    open_entry(&mut harness);
    let off = place(&harness).center() - before.center();
    // Two points: the field's own line height and margins.
    assert!(off.length() <= 2.0, "{off:?}");
}

#[test]
fn the_menu_types_and_resets() {
    let param = FakeParam::threshold();
    param.value.set(0.2);
    let mut harness = knob(&param);
    harness.get_by_label("Threshold").click_secondary();
    harness.run();
    harness.get_by_label("Type value…").click();
    harness.run();
    assert!(field_is_open(&harness));
    type_text(&mut harness, "-30");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(param.take_last_set(), Some(0.5));
    wait(&mut harness);
    harness.get_by_label("Threshold").click_secondary();
    harness.run();
    harness.get_by_label("Reset to default").click();
    harness.run();
    assert_eq!(param.take_calls(), [Call::Begin, Call::Set(0.7), Call::End]);
    assert!(harness.query_by_label("Reset to default").is_none(), "the menu closes");
}

#[test]
fn arrows_and_screen_readers_step() {
    let (param, below) = (FakeParam::threshold(), FakeParam::continuous("Ratio", 1.0, 20.0, 0.3, ":1"));
    let mut harness = testing::harness(|ui, theme| {
        knob_ui(ui, theme, &param);
        knob_ui(ui, theme, &below);
    });
    harness.get_by_label("Threshold").increment_accesskit();
    harness.run();
    assert!(near(param.take_last_set().unwrap(), 0.72));
    harness.get_by_label("Threshold").focus();
    harness.run();
    for to in [0.70, 0.68] {
        harness.key_press(Key::ArrowDown);
        harness.run();
        assert!(near(param.take_last_set().expect("the focus stays"), to));
    }
    assert_eq!(below.take_calls(), []);
}

#[test]
fn an_idle_control_requests_no_repaint() {
    let param = FakeParam::threshold();
    let mut harness = knob(&param);
    let from = dial(&harness, "Threshold");
    drag(&mut harness, from, &[vec2(0.0, 20.0)]);
    wait(&mut harness);
    let viewport = harness.output().viewport_output.values().next().unwrap();
    assert_eq!(viewport.repaint_delay, std::time::Duration::MAX);
}

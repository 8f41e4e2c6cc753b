//! Nodes, tested with pointer and keys.

use super::*;
use crate::plot_ui;
use crate::testing::{self, Call, FakeParam, double_click, drag, drag_and_hold, wheel};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use std::cell::Cell;

/// Three parameters, and the plot they were last shown on.
struct Band {
    freq: FakeParam,
    gain: FakeParam,
    q: FakeParam,
    /// How far the graph reaches up and down.
    span_db: f64,
    plot: Cell<Option<Plot>>,
}

/// 20 Hz to 20 kHz, in octaves.
fn freq_hz(normalized: f32) -> f64 {
    20.0 * 1000_f64.powf(f64::from(normalized))
}

fn freq_normalized(freq_hz: f64) -> f32 {
    ((freq_hz / 20.0).log2() / 1000_f64.log2()).clamp(0.0, 1.0) as f32
}

/// ±12 dB: less than the graph shows at first.
fn gain_db(normalized: f32) -> f64 {
    f64::from(normalized) * 24.0 - 12.0
}

fn gain_normalized(gain_db: f64) -> f32 {
    ((gain_db + 12.0) / 24.0).clamp(0.0, 1.0) as f32
}

impl Band {
    fn new() -> Self {
        Self {
            freq: FakeParam::continuous("Freq", 0.0, 1.0, freq_normalized(1000.0), " Hz"),
            gain: FakeParam::continuous("Gain", -12.0, 12.0, 0.5, " dB"),
            q: FakeParam::continuous("Q", 0.1, 10.0, 0.5, ""),
            span_db: 18.0,
            plot: Cell::new(None),
        }
    }

    fn node(&self, has_gain: bool) -> Node<'_> {
        Node {
            name: "Band 1",
            mark: "1",
            color: Color32::WHITE,
            on: true,
            freq: Axis { param: &self.freq, value_at: &freq_hz, normalized_at: &freq_normalized },
            gain: has_gain.then_some(Axis { param: &self.gain, value_at: &gain_db, normalized_at: &gain_normalized }),
            q: Some(&self.q),
        }
    }

    fn harness(&self, has_gain: bool) -> Harness<'_> {
        testing::harness(move |ui, theme| {
            let (_, plot) = plot_ui(ui, theme, vec2(600.0, 300.0), "EQ", self.span_db);
            self.plot.set(Some(plot));
            node_ui(ui, theme, &plot, &self.node(has_gain));
        })
    }

    fn plot(&self) -> Plot {
        self.plot.get().unwrap()
    }

    fn freq_hz(&self) -> f64 {
        freq_hz(self.freq.value.get())
    }

    fn gain_db(&self) -> f64 {
        gain_db(self.gain.value.get())
    }
}

fn handle(harness: &Harness<'_>) -> Pos2 {
    harness.get_by_label("Band 1").rect().center()
}

#[test]
fn a_node_is_at_its_frequency_and_gain() {
    let band = Band::new();
    band.gain.value.set(gain_normalized(6.0));
    let harness = band.harness(true);
    let plot = band.plot();
    let off = handle(&harness) - pos2(plot.x_at(1000.0), plot.y_at(6.0));
    // f32, twice over.
    assert!(off.length() < 1e-2, "{off:?}");
}

#[test]
fn a_drag_follows_the_scales_of_the_graph_in_one_gesture_each() {
    let band = Band::new();
    let mut harness = band.harness(true);
    let plot = band.plot();
    let to = pos2(plot.x_at(4000.0), plot.y_at(-9.0));
    let from = handle(&harness);
    drag(&mut harness, from, &[(to - from) / 2.0, (to - from) / 2.0]);
    // f32 positions: a ten thousandth of a frequency is far below a pixel.
    assert!((band.freq_hz() / 4000.0 - 1.0).abs() < 1e-3, "{}", band.freq_hz());
    assert!((band.gain_db() + 9.0).abs() < 1e-2, "{}", band.gain_db());
    for param in [&band.freq, &band.gain] {
        let calls = param.take_calls();
        assert!(matches!(calls[..], [Call::Begin, Call::Set(_), Call::Set(_), Call::End]), "{calls:?}");
    }
    assert_eq!(band.q.take_calls(), []);
}

#[test]
fn grabbing_a_node_off_centre_does_not_move_it() {
    let band = Band::new();
    let mut harness = band.harness(true);
    let from = handle(&harness) + vec2(5.0, 4.0);
    drag(&mut harness, from, &[vec2(20.0, 0.0), vec2(-20.0, 0.0)]);
    assert!((band.freq_hz() / 1000.0 - 1.0).abs() < 1e-3, "{}", band.freq_hz());
    assert_eq!(band.gain.take_calls(), [Call::Begin, Call::End], "sideways leaves the gain alone");
}

#[test]
fn a_fine_drag_is_ten_times_finer() {
    let ways = [Modifiers::NONE, Modifiers::SHIFT].map(|modifiers| {
        let band = Band::new();
        let mut harness = band.harness(true);
        harness.event(egui::Event::ModifiersChanged(modifiers));
        let from = handle(&harness);
        drag(&mut harness, from, &[vec2(40.0, -40.0)]);
        [(band.freq_hz() / 1000.0).log2(), band.gain_db()]
    });
    for (coarse, fine) in ways[0].iter().zip(ways[1]) {
        // f32 positions.
        assert!((coarse / fine - 10.0).abs() < 1e-2, "{coarse} {fine}");
    }
}

#[test]
fn beyond_its_range_the_gain_waits_for_the_pointer() {
    let band = Band::new();
    let mut harness = band.harness(true);
    let plot = band.plot();
    let (up, back) = (plot.y_at(16.0) - plot.y_at(0.0), plot.y_at(3.0) - plot.y_at(16.0));
    let from = handle(&harness);
    drag_and_hold(&mut harness, from, &[vec2(0.0, up)]);
    assert_eq!(band.gain_db(), 12.0);
    harness.hover_at(from + vec2(0.0, up + back));
    harness.run();
    assert!((band.gain_db() - 3.0).abs() < 1e-2, "{}", band.gain_db());
}

#[test]
fn a_gain_beyond_the_graph_stays_when_only_the_frequency_moves() {
    let mut band = Band::new();
    band.span_db = 6.0;
    band.gain.value.set(1.0);
    let mut harness = band.harness(true);
    let from = handle(&harness);
    drag(&mut harness, from, &[vec2(30.0, 0.0)]);
    assert!(band.freq.take_last_set().is_some());
    assert_eq!(band.gain_db(), 12.0);
}

#[test]
fn a_double_click_resets_the_gain_only() {
    let band = Band::new();
    band.gain.value.set(0.9);
    band.freq.value.set(0.3);
    let mut harness = band.harness(true);
    let at = handle(&harness);
    double_click(&mut harness, at);
    assert_eq!(band.gain.take_calls(), [Call::Begin, Call::Set(0.5), Call::End]);
    assert_eq!((band.freq.take_calls(), band.q.take_calls()), (vec![], vec![]));
}

#[test]
fn the_wheel_turns_q() {
    let band = Band::new();
    let mut harness = band.harness(true);
    let at = handle(&harness);
    wheel(&mut harness, at, 1.0, Modifiers::NONE);
    let calls = band.q.take_calls();
    assert!(matches!(calls[..], [Call::Begin, Call::Set(to), Call::End] if (to - 0.52).abs() < 1e-6), "{calls:?}");
    assert_eq!((band.freq.take_calls(), band.gain.take_calls()), (vec![], vec![]));
}

#[test]
fn a_node_without_gain_stays_on_the_line() {
    let band = Band::new();
    let mut harness = band.harness(false);
    let plot = band.plot();
    let from = handle(&harness);
    drag(&mut harness, from, &[vec2(30.0, 60.0)]);
    assert!(band.freq_hz() > 1001.0);
    assert_eq!(band.gain.take_calls(), []);
    assert!((handle(&harness).y - plot.y_at(0.0)).abs() < 1e-2);
}

#[test]
fn the_menu_resets_the_whole_band() {
    let band = Band::new();
    for param in [&band.freq, &band.gain, &band.q] {
        param.value.set(0.25);
    }
    let mut harness = band.harness(true);
    harness.get_by_label("Band 1").click_secondary();
    harness.run();
    harness.get_by_label("Reset band").click();
    harness.run();
    for param in [&band.freq, &band.gain, &band.q] {
        assert_eq!(param.take_calls(), [Call::Begin, Call::Set(param.default), Call::End]);
    }
}

#[test]
fn a_hovered_node_shows_its_name_and_values_inside_the_graph() {
    for (freq, gain) in [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5)] {
        let band = Band::new();
        band.freq.value.set(freq);
        band.gain.value.set(gain);
        let mut harness = band.harness(true);
        assert!(!testing::texts(&harness).iter().any(|(text, _)| text == "Band 1"));
        harness.get_by_label("Band 1").hover();
        harness.run();
        let texts = testing::texts(&harness);
        let values = harness.get_by_label("Band 1").value().unwrap();
        for wanted in ["Band 1", &values] {
            let (_, place) = texts.iter().find(|(text, _)| text == wanted).expect(wanted);
            assert!(band.plot().rect.contains_rect(*place), "{wanted} at {place:?}");
        }
    }
}

#[test]
fn a_drag_interrupted_by_escape_ends_for_both() {
    let band = Band::new();
    let mut harness = band.harness(true);
    let from = handle(&harness);
    drag_and_hold(&mut harness, from, &[vec2(30.0, 30.0)]);
    harness.key_press(Key::Escape);
    harness.run();
    for param in [&band.freq, &band.gain] {
        assert_eq!(param.take_calls().last(), Some(&Call::End));
    }
}

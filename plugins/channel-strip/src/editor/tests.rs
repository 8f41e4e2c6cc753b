//! The strip's page: every control on it, nothing over another.

use super::*;
use dsp_core::chain::channel::{self, BANDS};
use dsp_core::meter::readings::Readings as _;
use plumb_controls::channel_strip;
use plumb_controls::strip::{self, Id};
use plumb_panels::testing::{Call, Page, TestHost, TestWindow, lay_out};
use std::collections::BTreeSet;

fn host() -> TestHost<Settings, Readings> {
    TestHost::new(Readings::SILENCE)
}

fn page(size: (f32, f32), band: usize) -> Page<Id> {
    lay_out(&mut Editor { band, ..Editor::default() }, &host(), size)
}

#[test]
fn every_control_is_on_the_page_of_some_band() {
    let pages: Vec<Page<Id>> = (0..BANDS).map(|band| page(Editor::SIZE, band)).collect();
    let shown: BTreeSet<Id> = pages.iter().flat_map(|page| &page.shown).map(|shown| shown.id).collect();
    let controls = channel_strip();
    let all: BTreeSet<Id> = controls.typed_ids().iter().copied().collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), [] as [&Id; 0]);
    // Target and dynamics of each other band are on that band's page.
    assert_eq!(pages[0].shown.len(), all.len() - 9 * (BANDS - 1));
}

#[test]
fn nothing_overlaps_or_is_cut_at_any_size() {
    for size in [Editor::MIN_SIZE, Editor::SIZE, (1600.0, 1000.0)] {
        let faults = page(size, 1).faults();
        assert!(faults.is_empty(), "{size:?}:\n{}", faults.join("\n"));
    }
}

/// Each number at an end of its range, each choice at one of its texts in turn.
#[test]
fn nothing_overlaps_or_is_cut_whatever_is_set() {
    let controls = channel_strip();
    for place in 0..8 {
        let host = host();
        // But not the bands of the equaliser at one frequency: their nodes may lie over one another.
        let apart = |id: &str| id.starts_with("eq_") && id.ends_with("_freq_hz");
        for control in controls.list().iter().filter(|control| !apart(&control.id)) {
            let value = match control.choices().len() {
                0 if place % 2 == 0 => control.min(),
                0 => control.max(),
                texts => (place % texts) as f64,
            };
            host.set(&control.id, value);
        }
        let mut editor = Editor { band: place % BANDS, ..Editor::default() };
        let faults = lay_out(&mut editor, &host, Editor::MIN_SIZE).faults();
        assert!(faults.is_empty(), "{place}:\n{}", faults.join("\n"));
    }
}

#[test]
fn a_page_without_room_is_noticed() {
    let too_small = (Editor::MIN_SIZE.0 - 30.0, Editor::MIN_SIZE.1 - 60.0);
    assert!(!page(too_small, 1).faults().is_empty());
}

#[test]
fn dragging_a_chip_of_the_order_moves_that_section_and_nothing_else() {
    let (host, mut editor) = (host(), Editor::default());
    let mut window = TestWindow::new(&host, Editor::SIZE);
    let line = window.shown(&mut editor, strip::Order::Order).unwrap();
    let step = line.width() / 6.0;
    let chip = |place: f32| line.left_center() + egui::vec2((place + 0.5) * step, 0.0);
    window.drag(&mut editor, chip(3.0), egui::vec2(-3.0 * step, 3.0));
    let expected = Settings { order: channel::Order::of([Section::Eq]), ..Settings::default() };
    assert_eq!(host.settings(), expected);
    let index = host.controls.index("order").unwrap();
    let calls = host.take_calls();
    assert!(
        matches!(calls[..], [Call::Begin(a), Call::Set(b, _), Call::End(c)] if [a, b, c] == [index; 3]),
        "{calls:?}"
    );
}

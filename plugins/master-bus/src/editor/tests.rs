//! The bus's page: every control on one of its views, nothing over another.

use super::upper::View;
use super::*;
use dsp_core::chain::master::BANDS;
use dsp_core::meter::readings::Readings as _;
use dsp_core::multiband::MAX_BANDS;
use plumb_controls::bus::Id;
use plumb_controls::{Compressor, DeEsser, Eq, Multiband, MultibandBand, bus, master_bus};
use plumb_panels::testing::{Call, Page, TestHost, TestWindow, lay_out};
use std::collections::BTreeSet;

/// A bus with as many bands of the multiband as there can be.
fn host() -> TestHost<Settings, Readings> {
    let host = TestHost::new(Readings::SILENCE);
    host.set("mb_bands", 3.0);
    host
}

fn page(size: (f32, f32), editor: Editor) -> Page<Id> {
    lay_out(&mut { editor }, &host(), size)
}

fn view(view: View, band: usize) -> Editor {
    Editor { upper: Upper { view, band, multiband: band, ..Upper::default() } }
}

/// Every view with every band in hand.
fn views() -> impl Iterator<Item = Editor> {
    let eq = (0..BANDS).map(|band| view(View::Eq, band));
    let multiband = (0..MAX_BANDS).map(|band| view(View::Multiband, band));
    eq.chain(multiband).chain([View::DeEsser, View::Clipper, View::Meters].map(|shown| view(shown, 0)))
}

fn ids(page: &Page<Id>) -> BTreeSet<Id> {
    page.shown.iter().map(|shown| shown.id).collect()
}

#[test]
fn every_control_is_on_the_page_of_some_view() {
    let shown: BTreeSet<Id> = views().flat_map(|editor| ids(&page(Editor::SIZE, editor))).collect();
    let controls = master_bus();
    let all: BTreeSet<Id> = controls.typed_ids().iter().copied().collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), [] as [&Id; 0]);
}

#[test]
fn no_control_is_twice_on_a_page_and_what_is_on_shows_on_each() {
    for editor in views() {
        let page = page(Editor::SIZE, editor);
        assert_eq!(ids(&page).len(), page.shown.len());
        for id in [
            Id::from(Eq::On),
            Multiband::On.into(),
            DeEsser::On.into(),
            Compressor::On.into(),
            bus::Limiter::On.into(),
            bus::Main::Bypass.into(),
            bus::Stereo::WidthPct.into(),
            bus::Dither::Depth.into(),
            bus::Dither::Shaping.into(),
        ] {
            assert!(ids(&page).contains(&id), "{id:?}");
        }
    }
}

#[test]
fn nothing_overlaps_or_is_cut_at_any_size() {
    for size in [Editor::MIN_SIZE, Editor::SIZE, (1600.0, 1000.0)] {
        for editor in
            View::ALL.map(|shown| view(shown, if matches!(shown, View::DeEsser | View::Clipper) { 0 } else { 2 }))
        {
            let shown = editor.upper.view;
            let faults = page(size, editor).faults();
            assert!(faults.is_empty(), "{size:?} {shown:?}:\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn a_page_without_room_is_noticed() {
    let too_small = (Editor::MIN_SIZE.0 - 130.0, Editor::MIN_SIZE.1 - 90.0);
    for shown in View::ALL {
        assert!(!page(too_small, view(shown, 2)).faults().is_empty(), "{shown:?}");
    }
}

#[test]
fn tabs_change_the_view_and_switch_nothing() {
    let (host, mut editor) = (host(), Editor::default());
    let mut window = TestWindow::new(&host, Editor::SIZE);
    for (title, shown) in
        [("Multiband", View::Multiband), ("De-esser", View::DeEsser), ("Meters", View::Meters), ("EQ", View::Eq)]
    {
        let at = window.text(&mut editor, title).unwrap();
        window.click(&mut editor, at);
        assert_eq!(editor.upper.view, shown);
    }
    assert_eq!(host.take_calls(), []);
    // The switch in front of a title of another view.
    let at = window.text(&mut editor, "Multiband").unwrap();
    let before = host.settings().multiband.on;
    window.click(&mut editor, at - egui::vec2(50.0, 0.0));
    assert_eq!((editor.upper.view, host.settings().multiband.on), (View::Eq, !before));
}

#[test]
fn dragging_a_crossover_moves_only_that_parameter() {
    let (host, mut editor) = (host(), view(View::Multiband, 0));
    let mut window = TestWindow::new(&host, Editor::SIZE);
    let before = host.settings();
    let tag = window.text(&mut editor, "1000 Hz").unwrap();
    window.drag(&mut editor, tag, egui::vec2(25.0, -9.0));
    let after = host.settings();
    assert!(after.multiband.crossovers_hz[1] > 1100.0, "{:?}", after.multiband.crossovers_hz);
    let mut expected = before;
    expected.multiband.crossovers_hz[1] = after.multiband.crossovers_hz[1];
    assert_eq!(after, expected);
    let index = host.controls.index("mb_crossover_2_hz").unwrap();
    let calls = host.take_calls();
    assert_eq!((calls.first(), calls.last()), (Some(&Call::Begin(index)), Some(&Call::End(index))));
    assert!(calls[1..calls.len() - 1].iter().all(|call| matches!(call, Call::Set(set, _) if *set == index)));
}

#[test]
fn a_click_into_a_region_takes_its_band_in_hand() {
    let (host, mut editor) = (host(), view(View::Multiband, 0));
    let mut window = TestWindow::new(&host, Editor::SIZE);
    // Between the crossovers at 120 Hz and 1 kHz, and above that at 12 kHz, whose tag keeps off the scale at the right;
    // then a button of the strip.
    let (low, high) = (window.text(&mut editor, "120.0 Hz").unwrap(), window.text(&mut editor, "1000 Hz").unwrap());
    let top = egui::vec2(0.0, -150.0);
    window.click(&mut editor, low.lerp(high, 0.5) + top);
    assert_eq!(editor.upper.multiband, 1);
    let highest = window.text(&mut editor, "12000 Hz").unwrap();
    window.click(&mut editor, highest + egui::vec2(50.0, 0.0) + top);
    assert_eq!(editor.upper.multiband, 4);
    assert_eq!(host.take_calls(), []);
    let solo = window.shown(&mut editor, (2, MultibandBand::Solo)).unwrap();
    window.click(&mut editor, solo.left_center() - egui::vec2(solo.width() + 20.0, 0.0));
    assert_eq!(editor.upper.multiband, 2);
    assert_eq!(host.take_calls(), []);
}

#[test]
fn how_much_of_the_past_is_shown_is_the_editors_own() {
    let (host, mut editor) = (host(), view(View::Meters, 0));
    let mut window = TestWindow::new(&host, Editor::SIZE);
    let hour = window.text(&mut editor, "1 h").unwrap();
    window.click(&mut editor, hour);
    assert_eq!(editor.upper.history.span, history::Span::Hour);
    assert!(window.text(&mut editor, "-10 min").is_some(), "the axis follows");
    assert_eq!(host.take_calls(), []);
    let target = window.text(&mut editor, "Target -14.0").unwrap();
    host.set("meter_target_lufs", -23.0);
    let lower = window.text(&mut editor, "Target -23.0").unwrap();
    assert!(lower.y > target.y, "{lower:?} {target:?}");
}

//! The bus's page: every control on one of its views, nothing over another.

use super::*;
use dsp_core::chain::master::BANDS;
use dsp_core::multiband::MAX_BANDS;
use plumb_controls::Controlled;
use plumb_glue::HostParams;
use plumb_glue::testing::{Call, Page, Window, lay_out, set};
use std::collections::BTreeSet;

type Params = HostParams<<MasterBus as dsp_core::Chain>::Settings>;

/// A bus with as many bands of the multiband as there can be.
fn params() -> Params {
    let params = HostParams::new(MasterBus::controls(), Editor::SIZE);
    set(&params, "mb_bands", 3.0);
    params
}

fn page(size: (f32, f32), editor: Editor) -> Page {
    lay_out(&mut { editor }, &params(), size)
}

fn view(view: View, band: usize) -> Editor {
    Editor { view, band, multiband: band, ..Editor::default() }
}

/// Every view with every band in hand.
fn views() -> impl Iterator<Item = Editor> {
    let eq = (0..BANDS).map(|band| view(View::Eq, band));
    let multiband = (0..MAX_BANDS).map(|band| view(View::Multiband, band));
    eq.chain(multiband).chain([view(View::DeEsser, 0), view(View::Meters, 0)])
}

fn ids(page: &Page) -> BTreeSet<String> {
    page.shown.iter().map(|shown| shown.id.clone()).collect()
}

#[test]
fn every_control_is_on_the_page_of_some_view() {
    let shown: BTreeSet<String> = views().flat_map(|editor| ids(&page(Editor::SIZE, editor))).collect();
    let controls = MasterBus::controls();
    let all: BTreeSet<String> = controls.list().iter().map(|control| control.id.clone()).collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn no_control_is_twice_on_a_page_and_what_is_on_shows_on_each() {
    for editor in views() {
        let page = page(Editor::SIZE, editor);
        assert_eq!(ids(&page).len(), page.shown.len());
        for id in [
            "eq_on",
            "mb_on",
            "deess_on",
            "comp_on",
            "limiter_on",
            "bypass",
            "stereo_width_pct",
            "dither_depth",
            "dither_shaping",
        ] {
            assert!(ids(&page).contains(id), "{id}");
        }
    }
}

#[test]
fn nothing_overlaps_or_is_cut_at_any_size() {
    for size in [Editor::MIN_SIZE, Editor::SIZE, (1600.0, 1000.0)] {
        for editor in View::ALL.map(|shown| view(shown, if shown == View::DeEsser { 0 } else { 2 })) {
            let shown = editor.view;
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
    let (params, mut editor) = (params(), Editor::default());
    let mut window = Window::new(&params, Editor::SIZE);
    for (title, shown) in
        [("Multiband", View::Multiband), ("De-esser", View::DeEsser), ("Meters", View::Meters), ("EQ", View::Eq)]
    {
        let at = window.text(&mut editor, title).unwrap();
        window.click(&mut editor, at);
        assert_eq!(editor.view, shown);
    }
    assert_eq!(window.take_calls(), []);
    // The switch in front of a title of another view.
    let at = window.text(&mut editor, "Multiband").unwrap();
    let before = params.settings().multiband.on;
    window.click(&mut editor, at - egui::vec2(50.0, 0.0));
    assert_eq!((editor.view, params.settings().multiband.on), (View::Eq, !before));
}

#[test]
fn dragging_a_crossover_moves_only_that_parameter() {
    let (params, mut editor) = (params(), view(View::Multiband, 0));
    let mut window = Window::new(&params, Editor::SIZE);
    let before = params.settings();
    let tag = window.text(&mut editor, "1000 Hz").unwrap();
    window.drag(&mut editor, tag, egui::vec2(25.0, -9.0));
    let after = params.settings();
    assert!(after.multiband.crossovers_hz[1] > 1100.0, "{:?}", after.multiband.crossovers_hz);
    let mut expected = before;
    expected.multiband.crossovers_hz[1] = after.multiband.crossovers_hz[1];
    assert_eq!(after, expected);
    let ptr = params.find("mb_crossover_2_hz").unwrap().2.as_ptr();
    let calls = window.take_calls();
    assert_eq!((calls.first(), calls.last()), (Some(&Call::Begin(ptr)), Some(&Call::End(ptr))));
    assert!(calls[1..calls.len() - 1].iter().all(|call| matches!(call, Call::Set(set, _) if *set == ptr)));
}

#[test]
fn a_click_into_a_region_takes_its_band_in_hand() {
    let (params, mut editor) = (params(), view(View::Multiband, 0));
    let mut window = Window::new(&params, Editor::SIZE);
    // Between the crossovers at 120 Hz and 1 kHz, and above that at 12 kHz, whose tag keeps off the scale at the right;
    // then a button of the strip.
    let (low, high) = (window.text(&mut editor, "120.0 Hz").unwrap(), window.text(&mut editor, "1000 Hz").unwrap());
    let top = egui::vec2(0.0, -150.0);
    window.click(&mut editor, low.lerp(high, 0.5) + top);
    assert_eq!(editor.multiband, 1);
    let highest = window.text(&mut editor, "12000 Hz").unwrap();
    window.click(&mut editor, highest + egui::vec2(50.0, 0.0) + top);
    assert_eq!(editor.multiband, 4);
    assert_eq!(window.take_calls(), []);
    let solo = window.shown(&mut editor, "mb_3_solo").unwrap();
    window.click(&mut editor, solo.left_center() - egui::vec2(solo.width() + 20.0, 0.0));
    assert_eq!(editor.multiband, 2);
    assert_eq!(window.take_calls(), []);
}

#[test]
fn how_much_of_the_past_is_shown_is_the_editors_own() {
    let (params, mut editor) = (params(), view(View::Meters, 0));
    let mut window = Window::new(&params, Editor::SIZE);
    let hour = window.text(&mut editor, "1 h").unwrap();
    window.click(&mut editor, hour);
    assert_eq!(editor.history.span, history::Span::Hour);
    assert!(window.text(&mut editor, "-10 min").is_some(), "the axis follows");
    assert_eq!(window.take_calls(), []);
    let target = window.text(&mut editor, "Target -14.0").unwrap();
    set(&params, "meter_target_lufs", -23.0);
    let lower = window.text(&mut editor, "Target -23.0").unwrap();
    assert!(lower.y > target.y, "{lower:?} {target:?}");
}

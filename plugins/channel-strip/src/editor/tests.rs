//! The strip's page: every control on it, nothing over another.

use super::*;
use dsp_core::chain::channel::BANDS;
use plumb_controls::Controlled;
use plumb_glue::HostParams;
use plumb_glue::testing::{Page, lay_out, set};
use std::collections::BTreeSet;

fn page(size: (f32, f32), band: usize) -> Page {
    let params = HostParams::new(ChannelStrip::controls(), size);
    lay_out(&mut Editor { band, ..Editor::default() }, &params, size)
}

#[test]
fn every_control_is_on_the_page_of_some_band() {
    let pages: Vec<Page> = (0..BANDS).map(|band| page(Editor::SIZE, band)).collect();
    let shown: BTreeSet<&str> = pages.iter().flat_map(|page| &page.shown).map(|shown| shown.id.as_str()).collect();
    let controls = ChannelStrip::controls();
    let all: BTreeSet<&str> = controls.list().iter().map(|control| control.id.as_str()).collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), [&""; 0]);
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
    let controls = ChannelStrip::controls();
    for place in 0..8 {
        let params = HostParams::new(ChannelStrip::controls(), Editor::MIN_SIZE);
        // But not the bands of the equaliser at one frequency: their nodes may lie over one another.
        let apart = |id: &str| id.starts_with("eq_") && id.ends_with("_freq_hz");
        for control in controls.list().iter().filter(|control| !apart(&control.id)) {
            let value = match control.choices().len() {
                0 if place % 2 == 0 => control.min(),
                0 => control.max(),
                texts => (place % texts) as f64,
            };
            set(&params, &control.id, value);
        }
        let mut editor = Editor { band: place % BANDS, ..Editor::default() };
        let faults = lay_out(&mut editor, &params, Editor::MIN_SIZE).faults();
        assert!(faults.is_empty(), "{place}:\n{}", faults.join("\n"));
    }
}

#[test]
fn a_page_without_room_is_noticed() {
    let too_small = (Editor::MIN_SIZE.0 - 30.0, Editor::MIN_SIZE.1 - 60.0);
    assert!(!page(too_small, 1).faults().is_empty());
}

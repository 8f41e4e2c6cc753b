//! The strip's page: every control on it, nothing over another.

use super::*;
use plumb_glue::testing::{Page, lay_out};
use plumb_glue::{Chain, HostParams};
use std::collections::BTreeSet;

fn page(size: (f32, f32)) -> Page {
    let params = HostParams::new(ChannelStrip::controls(), size);
    lay_out(&mut Editor::default(), &params, size)
}

#[test]
fn every_control_is_on_the_page_once() {
    let page = page(Editor::SIZE);
    let shown: BTreeSet<&str> = page.shown.iter().map(|shown| shown.id.as_str()).collect();
    let controls = ChannelStrip::controls();
    let all: BTreeSet<&str> = controls.list().iter().map(|control| control.id.as_str()).collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), [&""; 0]);
    assert_eq!(page.shown.len(), all.len());
}

#[test]
fn nothing_overlaps_or_is_cut_at_any_size() {
    for size in [Editor::MIN_SIZE, Editor::SIZE, (1600.0, 1000.0)] {
        let faults = page(size).faults();
        assert!(faults.is_empty(), "{size:?}:\n{}", faults.join("\n"));
    }
}

#[test]
fn a_page_without_room_is_noticed() {
    let too_small = (Editor::MIN_SIZE.0 - 30.0, Editor::MIN_SIZE.1 - 60.0);
    assert!(!page(too_small).faults().is_empty());
}

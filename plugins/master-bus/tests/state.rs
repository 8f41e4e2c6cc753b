//! Stored states of every release must load for ever, and sound as they did.

use dsp_core::chain::master::{MasterBus, Settings};
use dsp_core::dither::Depth;
use dsp_core::eq::band::Shape;
use plumb_glue::testing::{load, unknown_ids};

fn expected() -> Settings {
    let mut settings = Settings::default();
    settings.limiter.drive_db = 6.0;
    settings.limiter.lookahead_ms = 5.0;
    settings.eq.bands[1].shape = Shape::HighShelf;
    settings.eq.bands[1].on = false;
    settings.dither.depth = Depth::Bits16;
    settings.width_pct = 120.0;
    settings
}

#[test]
fn version_1_sounds_as_it_did() {
    assert_eq!(unknown_ids::<MasterBus>(include_bytes!("state/v1.json")), Some(vec![]));
    assert_eq!(load::<MasterBus>(include_bytes!("state/v1.json")), Some(expected()));
}

#[test]
fn a_state_of_a_newer_version_changes_nothing() {
    let newer = include_str!("state/v1.json").replace("\"plumb_state\": \"1\"", "\"plumb_state\": \"2\"");
    assert_ne!(newer, include_str!("state/v1.json"));
    assert_eq!(load::<MasterBus>(newer.as_bytes()), Some(Settings::default()));
}

#[test]
fn a_state_with_nothing_in_it_is_the_default() {
    assert_eq!(load::<MasterBus>(br#"{"params":{},"fields":{}}"#), Some(Settings::default()));
}

#[test]
fn a_truncated_state_is_refused() {
    let whole = include_bytes!("state/v1.json").trim_ascii_end();
    for end in 0..whole.len() {
        assert_eq!(load::<MasterBus>(&whole[..end]), None, "{end} bytes");
    }
}

//! Stored states of every release must load for ever, and sound as they did.

use dsp_core::chain::channel::{ChannelStrip, Order, Section, Settings};
use dsp_core::dynamics::key::Key;
use dsp_core::eq::cut::Slope;
use plumb_glue::testing::{load, unknown_ids};

fn expected() -> Settings {
    let mut settings = Settings::default();
    settings.compressor.on = true;
    settings.compressor.threshold_db = -30.0;
    settings.compressor.ratio = 4.0;
    settings.eq.bands[0].gain_db = 3.0;
    settings.order = Order::of([
        Section::Gate,
        Section::Eq,
        Section::Compressor,
        Section::Saturation,
        Section::DeEsser,
        Section::Transient,
    ]);
    settings.low_cut.slope = Slope::Db24;
    settings.gate.key = Key::External;
    settings.stereo.pan_pct = -20.0;
    settings
}

#[test]
fn version_1_sounds_as_it_did() {
    assert_eq!(unknown_ids::<ChannelStrip>(include_bytes!("state/v1.json")), Some(vec![]));
    assert_eq!(load::<ChannelStrip>(include_bytes!("state/v1.json")), Some(expected()));
}

#[test]
fn a_state_of_a_newer_version_changes_nothing() {
    let newer = include_str!("state/v1.json").replace("\"plumb_state\": \"1\"", "\"plumb_state\": \"2\"");
    assert_ne!(newer, include_str!("state/v1.json"));
    assert_eq!(load::<ChannelStrip>(newer.as_bytes()), Some(Settings::default()));
}

#[test]
fn a_state_with_nothing_in_it_is_the_default() {
    assert_eq!(load::<ChannelStrip>(br#"{"params":{},"fields":{}}"#), Some(Settings::default()));
}

#[test]
fn a_truncated_state_is_refused() {
    let whole = include_bytes!("state/v1.json").trim_ascii_end();
    for end in 0..whole.len() {
        assert_eq!(load::<ChannelStrip>(&whole[..end]), None, "{end} bytes");
    }
}

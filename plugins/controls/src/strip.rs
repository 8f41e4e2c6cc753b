//! The controls of Plumb Channel Strip, in signal order.

use crate::sections::{compressor, eq_band, eq_band_more, eq_whole};
use crate::table::{Builder, Controls};
use dsp_core::chain::channel::Settings;
use dsp_core::dynamics::{compressor as comp, gate};
use dsp_core::eq::{band::Shape, cut};
use dsp_core::{gain, stereo};

/// The controls of Plumb Channel Strip.
#[must_use]
pub fn channel_strip() -> Controls<Settings> {
    let mut table = Builder::<Settings>::new();
    table
        .switch(("bypass", "Bypass"), |s| &mut s.bypass)
        .help("Passes the input by, without a click and at the same latency.")
        .is_bypass = true;
    input(&mut table);
    gate(&mut table);
    table.group("Order");
    table
        .choice(("order", "Order"), |s| &mut s.order)
        .help("Whether the compressor works before the equaliser or after it.");
    compressor(&mut table, (comp::RATIO, comp::ATTACK_MS), true, |s| &mut s.compressor);
    eq(&mut table);
    table.group("Stereo");
    table
        .number(("width_pct", "Width"), stereo::WIDTH_PCT, |s| &mut s.stereo.width_pct)
        .help("Share of the side signal: 0 is mono, 100 as it is, 200 doubles it.");
    table
        .number(("pan_pct", "Pan"), stereo::PAN_PCT, |s| &mut s.stereo.pan_pct)
        .help("Place between left and right, at constant power; the centre changes nothing.");
    table.group("Output");
    table
        .number(("output_gain_db", "Output Gain"), gain::GAIN_DB, |s| &mut s.output_gain_db)
        .help("Gain behind everything.");
    table.build("channel-strip")
}

fn input(table: &mut Builder<Settings>) {
    table.group("Input");
    table
        .number(("input_trim_db", "Input Trim"), gain::GAIN_DB, |s| &mut s.input_trim_db)
        .help("Gain in front of everything: brings the level to where gate and compressor expect it.");
    table
        .switch(("polarity_invert", "Polarity Invert"), |s| &mut s.polarity_invert)
        .help("Turns the waveform over, left and right.");
    table.group("Cuts");
    table.switch(("low_cut_on", "Low Cut On"), |s| &mut s.low_cut.on).help("Switches the low cut.");
    table
        .number(("low_cut_freq_hz", "Low Cut Freq"), cut::LOW_CUT_HZ, |s| &mut s.low_cut.freq_hz)
        .help("Corner of the low cut, where it is 3 dB down.");
    table
        .choice(("low_cut_slope", "Low Cut Slope"), |s| &mut s.low_cut.slope)
        .help("How steeply it falls below the corner.");
    table.switch(("high_cut_on", "High Cut On"), |s| &mut s.high_cut.on).help("Switches the high cut.");
    table
        .number(("high_cut_freq_hz", "High Cut Freq"), cut::HIGH_CUT_HZ, |s| &mut s.high_cut.freq_hz)
        .help("Corner of the high cut, where it is 3 dB down.");
    table
        .choice(("high_cut_slope", "High Cut Slope"), |s| &mut s.high_cut.slope)
        .help("How steeply it falls above the corner.");
}

fn gate(table: &mut Builder<Settings>) {
    table.group("Gate");
    table.switch(("gate_on", "Gate On"), |s| &mut s.gate.on).help("Switches the gate, without a click.");
    table
        .number(("gate_threshold_db", "Gate Threshold"), gate::THRESHOLD_DB, |s| &mut s.gate.threshold_db)
        .help("Level above which it opens.");
    table
        .number(("gate_hysteresis_db", "Gate Hysteresis"), gate::HYSTERESIS_DB, |s| &mut s.gate.hysteresis_db)
        .help("How far below the threshold it closes again, so that it does not chatter.");
    table
        .number(("gate_range_db", "Gate Range"), gate::RANGE_DB, |s| &mut s.gate.range_db)
        .help("How much it turns down when closed.");
    table
        .number(("gate_attack_ms", "Gate Attack"), gate::ATTACK_MS, |s| &mut s.gate.attack_ms)
        .help("Time to open 63 % of the way, in dB.");
    table
        .number(("gate_hold_ms", "Gate Hold"), gate::HOLD_MS, |s| &mut s.gate.hold_ms)
        .help("How long it stays open after the level has fallen.");
    table
        .number(("gate_release_ms", "Gate Release"), gate::RELEASE_MS, |s| &mut s.gate.release_ms)
        .help("Time to close 63 % of the way, in dB.");
    table
        .choice(("gate_key", "Gate Key"), |s| &mut s.gate.key)
        .help("What it listens to: the signal itself, or the sidechain input.");
}

fn eq(table: &mut Builder<Settings>) {
    eq_whole(table, |s| &mut s.eq);
    for (index, name) in ["LF", "LMF", "HMF", "HF"].into_iter().enumerate() {
        let prefix = format!("eq_{}", name.to_lowercase());
        table.group(&format!("EQ {name}"));
        table
            .switch((format!("{prefix}_on"), format!("{name} On")), move |s| &mut s.eq.bands[index].on)
            .help("Switches the band, without a click.");
        let shelf = match name {
            "LF" => Some(Shape::LowShelf),
            "HF" => Some(Shape::HighShelf),
            _ => None,
        };
        if let Some(shelf) = shelf {
            let id_and_name = (format!("{prefix}_bell"), format!("{name} Bell"));
            table
                .either(id_and_name, [shelf, Shape::Bell], move |s| &mut s.eq.bands[index].shape)
                .help("A bell in place of the shelf.");
        }
        eq_band(table, &prefix, name, move |s| &mut s.eq.bands[index]);
        eq_band_more(table, &prefix, name, move |s| &mut s.eq.bands[index]);
    }
}

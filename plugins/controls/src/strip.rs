//! The controls of Plumb Channel Strip, in signal order.

use crate::sections::{compressor, de_esser, eq_band, eq_band_dynamics, eq_global};
use crate::table::{Builder, Controls};
use dsp_core::chain::channel::Settings;
use dsp_core::dynamics::{compressor as comp, gate};
use dsp_core::eq::{band::Shape, cut};
use dsp_core::{gain, saturation, stereo};

/// The controls of Plumb Channel Strip.
#[must_use]
pub fn channel_strip() -> Controls<Settings> {
    let mut table = Builder::<Settings>::new();
    table
        .switch(("bypass", "Bypass"), |s| &mut s.bypass)
        .help("Bypasses the whole plugin, click-free and at the same latency.")
        .is_bypass = true;
    input(&mut table);
    gate(&mut table);
    table.group("Order");
    table
        .order(("order", "Order"), |s| &mut s.order)
        .help("Order of the sections. A change fades through the unprocessed signal within 40 ms and the latency.");
    compressor(&mut table, (comp::RATIO, comp::ATTACK_MS), |s| &mut s.compressor);
    eq(&mut table);
    saturation(&mut table);
    de_esser(&mut table, |s| &mut s.de_esser);
    table.group("Stereo");
    table
        .number(("stereo_width_pct", "Width"), stereo::WIDTH_PCT, |s| &mut s.stereo.width_pct)
        .help("Share of the side signal: 0 is mono, 100 as it is, 200 doubles it.");
    table
        .number(("stereo_pan_pct", "Pan"), stereo::PAN_PCT, |s| &mut s.stereo.pan_pct)
        .help("Place between left and right, at constant power; the centre changes nothing.");
    table.group("Output");
    table
        .number(("output_gain_db", "Output Gain"), gain::GAIN_DB, |s| &mut s.output_gain_db)
        .help("Output level, last in the chain.");
    table.group("Meters");
    table
        .choice(("meter_scale", "Meter Scale"), |s| &mut s.meter_scale)
        .help("Scale of the level meters: dBFS, or the K-System with 0 dB at -20, -14 or -12 dBFS and RMS per AES-17 (a sine reads its peak).");
    table.build("channel-strip")
}

fn input(table: &mut Builder<Settings>) {
    table.group("Input");
    table
        .number(("input_trim_db", "Input Trim"), gain::GAIN_DB, |s| &mut s.input_trim_db)
        .help("Input gain, first in the chain: sets the level that the gate and compressor see.");
    table
        .switch(("polarity_invert", "Polarity Invert"), |s| &mut s.polarity_invert)
        .help("Inverts the polarity of both channels.");
    table.group("Cuts");
    table.switch(("low_cut_on", "Low Cut On"), |s| &mut s.low_cut.on).help("Low cut on or off, click-free.");
    table
        .number(("low_cut_freq_hz", "Low Cut Freq"), cut::LOW_CUT_HZ, |s| &mut s.low_cut.freq_hz)
        .help("Corner frequency of the low cut (-3 dB).");
    table
        .choice(("low_cut_slope", "Low Cut Slope"), |s| &mut s.low_cut.slope)
        .help("Slope of the low cut below its corner.");
    table.switch(("high_cut_on", "High Cut On"), |s| &mut s.high_cut.on).help("High cut on or off, click-free.");
    table
        .number(("high_cut_freq_hz", "High Cut Freq"), cut::HIGH_CUT_HZ, |s| &mut s.high_cut.freq_hz)
        .help("Corner frequency of the high cut (-3 dB).");
    table
        .choice(("high_cut_slope", "High Cut Slope"), |s| &mut s.high_cut.slope)
        .help("Slope of the high cut above its corner.");
}

fn gate(table: &mut Builder<Settings>) {
    table.group("Gate");
    table.switch(("gate_on", "Gate On"), |s| &mut s.gate.on).help("Gate on or off, click-free.");
    table
        .number(("gate_threshold_db", "Gate Threshold"), gate::THRESHOLD_DB, |s| &mut s.gate.threshold_db)
        .help("Level above which the gate opens or ducking starts, and below which expansion starts.");
    table
        .number(("gate_hysteresis_db", "Gate Hysteresis"), gate::HYSTERESIS_DB, |s| &mut s.gate.hysteresis_db)
        .help("Gate and Duck: how far the level must fall below the threshold before the gate closes or ducking ends. Prevents chatter.");
    table
        .choice(("gate_mode", "Gate Mode"), |s| &mut s.gate.mode)
        .help("Gate: attenuates below the threshold. Expand: reduces gradually below it. Duck: reduces while the detector is above it.");
    table
        .number(("gate_ratio", "Gate Ratio"), gate::RATIO, |s| &mut s.gate.ratio)
        .help("Expand: output change over input change below the threshold; at 2:1, 1 dB less in gives 2 dB less out.");
    table
        .number(("gate_knee_db", "Gate Knee"), gate::KNEE_DB, |s| &mut s.gate.knee_db)
        .help("Expand: width of the soft knee around the threshold.");
    table
        .number(("gate_range_db", "Gate Range"), gate::RANGE_DB, |s| &mut s.gate.range_db)
        .help("Maximum gain reduction.");
    table
        .number(("gate_attack_ms", "Gate Attack"), gate::ATTACK_MS, |s| &mut s.gate.attack_ms)
        .help("How fast the gate opens, or ducking sets in, after the level rises (63 %).");
    table
        .number(("gate_hold_ms", "Gate Hold"), gate::HOLD_MS, |s| &mut s.gate.hold_ms)
        .help("How long the gate stays open, or ducking lasts, after the level falls; at least 10 ms.");
    table
        .number(("gate_release_ms", "Gate Release"), gate::RELEASE_MS, |s| &mut s.gate.release_ms)
        .help("How fast the gate closes, or ducking recovers, after the hold (63 %).");
    table
        .choice(("gate_lookahead", "Gate Lookahead"), |s| &mut s.gate.lookahead)
        .help("Opens the gate ahead of a transient so that its onset is not cut off. Adds latency.")
        .automatable = false;
    table
        .choice(("gate_key", "Gate Key"), |s| &mut s.gate.key)
        .help("Detector source: the signal itself (Internal) or the sidechain input (External).");
    table
        .number(("gate_key_low_cut_hz", "Gate Key Low Cut"), gate::KEY_LOW_CUT_HZ, |s| &mut s.gate.key_low_cut_hz)
        .help("Low cut on the detector signal, 12 dB/oct; off at 10 Hz.");
    table
        .number(("gate_key_high_cut_hz", "Gate Key High Cut"), gate::KEY_HIGH_CUT_HZ, |s| &mut s.gate.key_high_cut_hz)
        .help("High cut on the detector signal, 12 dB/oct; off at 20 kHz.");
    table
        .choice(("gate_listen", "Gate Listen"), |s| &mut s.gate.listen)
        .help("Key solos the detector signal; Delta solos what the gate removes.")
        .automatable = false;
}

fn saturation(table: &mut Builder<Settings>) {
    table.group("Saturation");
    table
        .switch(("sat_on", "Sat On"), |s| &mut s.saturation.on)
        .help("Saturation on or off, click-free; off keeps the latency of the oversampling.");
    table
        .choice(("sat_curve", "Sat Curve"), |s| &mut s.saturation.curve)
        .help("Tube: even and odd harmonics. Tape: soft odd harmonics. Transistor: harder odd harmonics. Clip: linear to about -6 dBFS, then a short knee.");
    table
        .number(("sat_drive_db", "Sat Drive"), saturation::DRIVE_DB, |s| &mut s.saturation.drive_db)
        .help("Gain into the curve; the output is level-matched for music at -18 dBFS RMS.");
    table
        .number(("sat_tone_db", "Sat Tone"), saturation::TONE_DB, |s| &mut s.saturation.tone_db)
        .help("Tilts the saturated signal around 1 kHz: brighter above 0 dB, darker below.");
    table.number(("sat_mix_pct", "Sat Mix"), saturation::MIX_PCT, |s| &mut s.saturation.mix_pct).help("Dry/wet mix.");
    table
        .choice(("sat_oversampling", "Sat Oversampling"), |s| &mut s.saturation.oversampling)
        .help("Oversampling factor of the curve: higher means less aliasing and more CPU. Above 1× it adds latency.")
        .automatable = false;
}

fn eq(table: &mut Builder<Settings>) {
    eq_global(table, |s| &mut s.eq);
    for (index, name) in ["LF", "LMF", "HMF", "HF"].into_iter().enumerate() {
        let prefix = format!("eq_{}", name.to_lowercase());
        table.group(&format!("EQ {name}"));
        table
            .switch((format!("{prefix}_on"), format!("{name} On")), move |s| &mut s.eq.bands[index].on)
            .help("Band on or off, click-free.");
        let shelf = match name {
            "LF" => Some(Shape::LowShelf),
            "HF" => Some(Shape::HighShelf),
            _ => None,
        };
        if let Some(shelf) = shelf {
            let id_and_name = (format!("{prefix}_bell"), format!("{name} Bell"));
            table
                .either(id_and_name, [shelf, Shape::Bell], move |s| &mut s.eq.bands[index].shape)
                .help("Bell instead of shelf.");
        }
        eq_band(table, &prefix, name, move |s| &mut s.eq.bands[index]);
        eq_band_dynamics(table, &prefix, name, move |s| &mut s.eq.bands[index]);
    }
}

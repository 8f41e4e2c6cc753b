//! The controls of Plumb Channel Strip, in signal order.

use crate::sections::{compressor, de_esser, eq_band, eq_band_more, eq_whole};
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
        .help("Passes the input by, without a click and at the same latency.")
        .is_bypass = true;
    input(&mut table);
    gate(&mut table);
    table.group("Order");
    table
        .choice(("order", "Order"), |s| &mut s.order)
        .help("Whether the compressor works before the equaliser or after it.");
    compressor(&mut table, (comp::RATIO, comp::ATTACK_MS), |s| &mut s.compressor);
    eq(&mut table);
    saturation(&mut table);
    de_esser(&mut table, |s| &mut s.de_esser);
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
    table.group("Meters");
    table
        .choice(("meter_scale", "Meter Scale"), |s| &mut s.meter_scale)
        .help("Scale of the level meters: full scale, or the K-System's, whose 0 dB lies 20, 14 or 12 dB below it and whose RMS of a sine is its peak.");
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
        .help("Level above which a gate opens and ducking begins, below which expansion begins.");
    table
        .number(("gate_hysteresis_db", "Gate Hysteresis"), gate::HYSTERESIS_DB, |s| &mut s.gate.hysteresis_db)
        .help("How far below the threshold it closes again, so that it does not chatter.");
    table
        .choice(("gate_mode", "Gate Mode"), |s| &mut s.gate.mode)
        .help("Turns down what is quiet, or the more the quieter it is, or what lies under a loud key.");
    table
        .number(("gate_ratio", "Gate Ratio"), gate::RATIO, |s| &mut s.gate.ratio)
        .help("Expansion: dB coming out for one dB less going in.");
    table
        .number(("gate_knee_db", "Gate Knee"), gate::KNEE_DB, |s| &mut s.gate.knee_db)
        .help("Expansion: width of the bend around the threshold.");
    table
        .number(("gate_range_db", "Gate Range"), gate::RANGE_DB, |s| &mut s.gate.range_db)
        .help("How much it turns down at most.");
    table
        .number(("gate_attack_ms", "Gate Attack"), gate::ATTACK_MS, |s| &mut s.gate.attack_ms)
        .help("Time to follow a loud key 63 % of the way, in dB: to open, or to come down when ducking.");
    table
        .number(("gate_hold_ms", "Gate Hold"), gate::HOLD_MS, |s| &mut s.gate.hold_ms)
        .help("How long it stays so after the level has fallen.");
    table
        .number(("gate_release_ms", "Gate Release"), gate::RELEASE_MS, |s| &mut s.gate.release_ms)
        .help("Time to follow a quiet key 63 % of the way, in dB: to close, or to come back when ducking.");
    table
        .choice(("gate_lookahead", "Gate Lookahead"), |s| &mut s.gate.lookahead)
        .help("How far ahead it listens, so that fronts are not cut off. It is latency, so it cannot be automated.")
        .automatable = false;
    table
        .choice(("gate_key", "Gate Key"), |s| &mut s.gate.key)
        .help("What it listens to: the signal itself, or the sidechain input.");
    table
        .number(("gate_key_low_cut_hz", "Gate Key Low Cut"), gate::KEY_LOW_CUT_HZ, |s| &mut s.gate.key_low_cut_hz)
        .help("Low cut in front of the detector, 12 dB/oct; fully open it is not there.");
    table
        .number(("gate_key_high_cut_hz", "Gate Key High Cut"), gate::KEY_HIGH_CUT_HZ, |s| &mut s.gate.key_high_cut_hz)
        .help("High cut in front of the detector, 12 dB/oct; fully open it is not there.");
    table
        .choice(("gate_listen", "Gate Listen"), |s| &mut s.gate.listen)
        .help("Lets what the detector hears be heard, or only what the gate takes away. Cannot be automated.")
        .automatable = false;
}

fn saturation(table: &mut Builder<Settings>) {
    table.group("Saturation");
    table
        .switch(("sat_on", "Sat On"), |s| &mut s.saturation.on)
        .help("Switches the saturation, without a click; off, it is a delay of its latency.");
    table
        .choice(("sat_curve", "Sat Curve"), |s| &mut s.saturation.curve)
        .help("What it does to the wave: even and odd harmonics, soft odd ones, harder ones, or clipping.");
    table
        .number(("sat_drive_db", "Sat Drive"), saturation::DRIVE_DB, |s| &mut s.saturation.drive_db)
        .help("Gain into the curve; the level of the programme stays.");
    table
        .number(("sat_tone_db", "Sat Tone"), saturation::TONE_DB, |s| &mut s.saturation.tone_db)
        .help("Tilt of the saturated signal: brighter above 0 dB, darker below.");
    table
        .number(("sat_mix_pct", "Sat Mix"), saturation::MIX_PCT, |s| &mut s.saturation.mix_pct)
        .help("Share of the saturated signal; the rest is dry.");
    table
        .choice(("sat_oversampling", "Sat Oversampling"), |s| &mut s.saturation.oversampling)
        .help("How many times the sample rate the curve runs at: cleaner, and latency above 1x, so it cannot be automated.")
        .automatable = false;
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

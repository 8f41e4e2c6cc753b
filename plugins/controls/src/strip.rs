//! The controls of Plumb Channel Strip, in signal order.

use crate::section::{Prefix, ids, section};
use crate::sections::{Clipper, Compressor, CompressorRanges, DeEsser, Eq, EqBand, EqDynamic};
use crate::table::{Builder, ControlTable, Controls};
use dsp_core::chain::channel::Settings;
use dsp_core::dynamics::{compressor, gate, transient};
use dsp_core::eq::band::{Band as BandSettings, Shape};
use dsp_core::eq::cut;
use dsp_core::{gain, saturation, stereo};

ids! {
    /// Every control of the channel strip; bands with their place.
    pub enum Id {
        Main, Input, Cuts, Gate, Order, Compressor, Eq, Saturation, DeEsser, Transient, Stereo, Clipper, Output, Meters;
        EqSwitch, OuterBand, EqBand, EqDynamic
    }
}

section! {
    /// The whole strip.
    pub enum Main(Settings) {
        Bypass: switch("bypass", "Bypass"; bypass), bypass,
            "Bypasses the whole plugin, click-free and at the same latency.";
    }
}

section! {
    /// Trim and polarity.
    pub enum Input(Settings) {
        InputTrimDb: number("input_trim_db", "Input Trim", gain::GAIN_DB; input_trim_db),
            "Input gain, first in the chain: sets the level that the gate and compressor see.";
        PolarityInvert: switch("polarity_invert", "Polarity Invert"; polarity_invert),
            "Inverts the polarity of both channels.";
    }
}

section! {
    /// Both cuts.
    pub enum Cuts(Settings) {
        LowCutOn: switch("low_cut_on", "Low Cut On"; low_cut.on),
            "Low cut on or off, click-free.";
        LowCutFreqHz: number("low_cut_freq_hz", "Low Cut Freq", cut::LOW_CUT_HZ; low_cut.freq_hz),
            "Corner frequency of the low cut (-3 dB).";
        LowCutSlope: choice("low_cut_slope", "Low Cut Slope"; low_cut.slope),
            "Slope of the low cut below its corner.";
        HighCutOn: switch("high_cut_on", "High Cut On"; high_cut.on),
            "High cut on or off, click-free.";
        HighCutFreqHz: number("high_cut_freq_hz", "High Cut Freq", cut::HIGH_CUT_HZ; high_cut.freq_hz),
            "Corner frequency of the high cut (-3 dB).";
        HighCutSlope: choice("high_cut_slope", "High Cut Slope"; high_cut.slope),
            "Slope of the high cut above its corner.";
    }
}

section! {
    /// The gate.
    pub enum Gate(gate::Settings) {
        On: switch("gate_on", "Gate On"; on),
            "Gate on or off, click-free.";
        ThresholdDb: number("gate_threshold_db", "Gate Threshold", gate::THRESHOLD_DB; threshold_db),
            "Level above which the gate opens or ducking starts, and below which expansion starts.";
        HysteresisDb: number("gate_hysteresis_db", "Gate Hysteresis", gate::HYSTERESIS_DB; hysteresis_db),
            "Gate and Duck: how far the level must fall below the threshold before the gate closes or ducking ends. Prevents chatter.";
        Mode: choice("gate_mode", "Gate Mode"; mode),
            "Gate: attenuates below the threshold. Expand: reduces gradually below it. Duck: reduces while the detector is above it.";
        Ratio: number("gate_ratio", "Gate Ratio", gate::RATIO; ratio),
            "Expand: output change over input change below the threshold; at 2:1, 1 dB less in gives 2 dB less out.";
        KneeDb: number("gate_knee_db", "Gate Knee", gate::KNEE_DB; knee_db),
            "Expand: width of the soft knee around the threshold.";
        RangeDb: number("gate_range_db", "Gate Range", gate::RANGE_DB; range_db),
            "Maximum gain reduction.";
        AttackMs: number("gate_attack_ms", "Gate Attack", gate::ATTACK_MS; attack_ms),
            "How fast the gate opens, or ducking sets in, after the level rises (63 %).";
        HoldMs: number("gate_hold_ms", "Gate Hold", gate::HOLD_MS; hold_ms),
            "How long the gate stays open, or ducking lasts, after the level falls; at least 10 ms.";
        ReleaseMs: number("gate_release_ms", "Gate Release", gate::RELEASE_MS; release_ms),
            "How fast the gate closes, or ducking recovers, after the hold (63 %).";
        Lookahead: choice("gate_lookahead", "Gate Lookahead"; lookahead), not_automatable,
            "Opens the gate ahead of a transient so that its onset is not cut off. Adds latency.";
        Key: choice("gate_key", "Gate Key"; key),
            "Detector source: the signal itself (Internal) or the sidechain input (External).";
        KeyLowCutHz: number("gate_key_low_cut_hz", "Gate Key Low Cut", gate::KEY_LOW_CUT_HZ; key_low_cut_hz),
            "Low cut on the detector signal, 12 dB/oct; off at 10 Hz.";
        KeyHighCutHz: number("gate_key_high_cut_hz", "Gate Key High Cut", gate::KEY_HIGH_CUT_HZ; key_high_cut_hz),
            "High cut on the detector signal, 12 dB/oct; off at 20 kHz.";
        Listen: choice("gate_listen", "Gate Listen"; listen), not_automatable,
            "Key solos the detector signal; Delta solos what the gate removes.";
    }
}

section! {
    /// The order of the sections.
    pub enum Order(Settings) {
        Order: order("order", "Order"; order),
            "Order of the sections, first to last. Changes crossfade through the unprocessed signal.";
    }
}

section! {
    /// The switch of an EQ band.
    pub enum EqSwitch(BandSettings) {
        On: switch("on", "On"; on),
            "Band on or off, click-free.";
    }
}

section! {
    /// What only the outer EQ bands have.
    pub enum OuterBand(BandSettings, shelf: Shape) {
        Bell: either("bell", "Bell", [shelf, Shape::Bell]; shape),
            "Bell instead of shelf.";
    }
}

section! {
    /// The saturation.
    pub enum Saturation(saturation::Settings) {
        On: switch("sat_on", "Sat On"; on),
            "Saturation on or off, click-free; off keeps the latency of the oversampling.";
        Curve: choice("sat_curve", "Sat Curve"; curve),
            "Tube: even and odd harmonics. Tape: soft odd harmonics. Transistor: harder odd harmonics. Clip: linear to about -6 dBFS, then a short knee.";
        DriveDb: number("sat_drive_db", "Sat Drive", saturation::DRIVE_DB; drive_db),
            "Gain into the curve; the output is level-matched for music at -18 dBFS RMS.";
        ToneDb: number("sat_tone_db", "Sat Tone", saturation::TONE_DB; tone_db),
            "Tilts the saturated signal around 1 kHz: brighter above 0 dB, darker below.";
        MixPct: number("sat_mix_pct", "Sat Mix", saturation::MIX_PCT; mix_pct),
            "Dry/wet mix.";
        Oversampling: choice("sat_oversampling", "Sat Oversampling"; oversampling), not_automatable,
            "Oversampling factor of the curve: higher means less aliasing and more CPU. Above 1× it adds latency.";
    }
}

section! {
    /// The transient shaper.
    pub enum Transient(transient::Settings) {
        On: switch("transient_on", "Transient On"; on),
            "Transient shaper on or off, click-free.";
        AttackDb: number("transient_attack_db", "Transient Attack", transient::ATTACK_DB; attack_db),
            "Gain of attacks: more punch or less, independent of the level.";
        SustainDb: number("transient_sustain_db", "Transient Sustain", transient::SUSTAIN_DB; sustain_db),
            "Gain of what sustains after an attack: more body and room, or a drier sound.";
        ClipSafe: switch("transient_clip_safe", "Transient Clip-safe"; clip_safe),
            "Limits boosts so that no peak exceeds 0 dBFS, or the input's own peak where that is higher.";
        MixPct: number("transient_mix_pct", "Transient Mix", transient::MIX_PCT; mix_pct),
            "Dry/wet mix.";
        Delta: switch("transient_delta", "Transient Delta"; delta), not_automatable,
            "Solos the difference that the shaper makes.";
    }
}

section! {
    /// Width and pan.
    pub enum Stereo(stereo::Settings) {
        MonoBelowHz: number("stereo_mono_below_hz", "Mono Below", stereo::MONO_BELOW_HZ; mono_below_hz),
            "Makes the signal mono below this frequency, at 24 dB/oct and in phase: for vinyl and clubs. 0 is off; the lowest corner is 20 Hz.";
        WidthPct: number("stereo_width_pct", "Width", stereo::WIDTH_PCT; width_pct),
            "Gain of the side signal: 0 % is mono, 100 % unchanged, 200 % doubles it.";
        PanPct: number("stereo_pan_pct", "Pan", stereo::PAN_PCT; pan_pct),
            "Constant-power pan, 0 dB at the centre.";
    }
}

section! {
    /// The output.
    pub enum Output(Settings) {
        GainDb: number("output_gain_db", "Output Gain", gain::GAIN_DB; output_gain_db),
            "Output level, last in the chain.";
    }
}

section! {
    /// The meters.
    pub enum Meters(Settings) {
        Scale: choice("meter_scale", "Meter Scale"; meter_scale),
            "Scale of the level meters: dBFS, or the K-System with 0 dB at -20, -14 or -12 dBFS and RMS per AES-17 (a sine reads its peak).";
    }
}

impl ControlTable for Settings {
    type Id = Id;
    const PRODUCT: &'static str = "channel-strip";

    fn add_controls(table: &mut Builder<Self>) {
        Main::add(table, Prefix::NONE, Id::Main, |s| s);
        Input::add(table.group("Input"), Prefix::NONE, Id::Input, |s| s);
        Cuts::add(table.group("Cuts"), Prefix::NONE, Id::Cuts, |s| s);
        Gate::add(table.group("Gate"), Prefix::NONE, Id::Gate, |s| &mut s.gate);
        Order::add(table.group("Order"), Prefix::NONE, Id::Order, |s| s);
        let ranges = CompressorRanges { ratio: compressor::RATIO, attack_ms: compressor::ATTACK_MS };
        Compressor::add(table.group("Compressor"), Prefix::NONE, Id::Compressor, |s| &mut s.compressor, ranges);
        Eq::add(table.group("EQ"), Prefix::NONE, Id::Eq, |s| &mut s.eq);
        for (index, name) in ["LF", "LMF", "HMF", "HF"].into_iter().enumerate() {
            eq_band(table, index, name);
        }
        Saturation::add(table.group("Saturation"), Prefix::NONE, Id::Saturation, |s| &mut s.saturation);
        DeEsser::add(table.group("De-esser"), Prefix::NONE, Id::DeEsser, |s| &mut s.de_esser);
        Transient::add(table.group("Transient"), Prefix::NONE, Id::Transient, |s| &mut s.transient);
        Stereo::add(table.group("Stereo"), Prefix::NONE, Id::Stereo, |s| &mut s.stereo);
        Clipper::add(table.group("Clipper"), Prefix::NONE, Id::Clipper, |s| &mut s.clipper);
        Output::add(table.group("Output"), Prefix::NONE, Id::Output, |s| s);
        Meters::add(table.group("Meters"), Prefix::NONE, Id::Meters, |s| s);
    }
}

fn eq_band(table: &mut Builder<Settings>, index: usize, name: &str) {
    let (id, title) = (format!("eq_{}_", name.to_lowercase()), format!("{name} "));
    let prefix = Prefix { id: &id, name: &title };
    EqSwitch::add(
        table.group(&format!("EQ {name}")),
        prefix,
        |row| Id::EqSwitch(index, row),
        move |s| &mut s.eq.bands[index],
    );
    let shelf = match name {
        "LF" => Some(Shape::LowShelf),
        "HF" => Some(Shape::HighShelf),
        _ => None,
    };
    if let Some(shelf) = shelf {
        OuterBand::add(table, prefix, |row| Id::OuterBand(index, row), move |s| &mut s.eq.bands[index], shelf);
    }
    EqBand::add(table, prefix, |row| Id::EqBand(index, row), move |s| &mut s.eq.bands[index]);
    EqDynamic::add(
        table.group(&format!("EQ {name} Dynamic")),
        prefix,
        |row| Id::EqDynamic(index, row),
        move |s| &mut s.eq.bands[index],
    );
}

/// The controls of Plumb Channel Strip.
#[must_use]
pub fn channel_strip() -> Controls<Settings> {
    Controls::new()
}

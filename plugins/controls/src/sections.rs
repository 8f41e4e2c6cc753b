//! Sections that both products have.

use crate::section::section;
use dsp_core::Range;
use dsp_core::clipper;
use dsp_core::dynamics::{compressor, de_esser};
use dsp_core::eq::band::{self, Band};
use dsp_core::eq::{cascade, dynamic};

/// Ranges of the compressor that differ between products.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CompressorRanges {
    pub(crate) ratio: Range,
    pub(crate) attack_ms: Range,
}

section! {
    /// The equaliser as a whole.
    pub enum Eq<const N>(cascade::Settings<N>) {
        On: switch("eq_on", "EQ On"; on),
            "Equaliser on or off, click-free.";
        GainScalePct: number("eq_gain_scale_pct", "EQ Gain Scale", band::SCALE_PCT; scale_pct),
            "Scales the gain of every band; negative values turn boosts into cuts. Shapes without gain are unaffected.";
        AutoGain: switch("eq_auto_gain", "EQ Auto Gain"; auto_gain),
            "Compensates for the loudness change of the EQ curve, computed for pink noise (K-weighted), not measured from the signal.";
    }
}

section! {
    /// One EQ band.
    pub enum EqBand(Band) {
        FreqHz: number("freq_hz", "Freq", band::FREQ_HZ; freq_hz),
            "Centre frequency; half-gain frequency of a shelf, corner of a low or high cut, pivot of a tilt.";
        GainDb: number("gain_db", "Gain", band::GAIN_DB; gain_db),
            "Boost or cut of a bell, shelf or tilt; other shapes ignore it.";
        Q: number("q", "Q", band::Q; q),
            "Bandwidth: higher is narrower. 0.707 gives shelves and cuts without resonance.";
        Channels: choice("channels", "Channels"; target),
            "Channels that the band processes: stereo, left, right, mid or side.";
        Listen: switch("listen", "Listen"; listen), not_automatable,
            "Solos the frequency region and channel that the band acts on.";
    }
}

section! {
    /// How the gain of one EQ band moves with the level.
    pub enum EqDynamic(Band) {
        On: switch("dyn_on", "Dyn On"; dynamic.on),
            "Dynamic band: its gain follows the level in its frequency region.";
        ThresholdDb: number("dyn_threshold_db", "Dyn Threshold", dynamic::THRESHOLD_DB; dynamic.threshold_db),
            "Level at which the dynamic gain sets in: in dBFS, or relative to the band's average level.";
        Reference: choice("dyn_reference", "Dyn Threshold Mode"; dynamic.reference),
            "Absolute: threshold in dBFS. Relative: threshold above the band's average level (about 3 s), so that loud and quiet songs are treated alike.";
        RangeDb: number("dyn_range_db", "Dyn Range", dynamic::RANGE_DB; dynamic.range_db),
            "Maximum gain change above the threshold: negative cuts, positive boosts.";
        KneeDb: number("dyn_knee_db", "Dyn Knee", dynamic::KNEE_DB; dynamic.knee_db),
            "Level span around the threshold over which the gain goes from none to all of the range.";
        AttackMs: number("dyn_attack_ms", "Dyn Attack", dynamic::ATTACK_MS; dynamic.attack_ms),
            "How fast the gain moves towards the full range (63 %).";
        ReleaseMs: number("dyn_release_ms", "Dyn Release", dynamic::RELEASE_MS; dynamic.release_ms),
            "How fast the gain returns (63 %).";
        Key: choice("dyn_key", "Dyn Key"; dynamic.source),
            "Detector source: the band's frequency region of the signal (Band) or of the sidechain input (Sidechain).";
    }
}

section! {
    /// The compressor.
    pub enum Compressor(compressor::Settings, ranges: CompressorRanges) {
        On: switch("comp_on", "Comp On"; on),
            "Compressor on or off, click-free.";
        Style: choice("comp_style", "Comp Style"; style),
            "Clean: feed-forward, no colour. Bus: feedback. Opto: two-stage release, slower after sustained reduction. FET: adds third harmonic with gain reduction.";
        ThresholdDb: number("comp_threshold_db", "Comp Threshold", compressor::THRESHOLD_DB; threshold_db),
            "Level above which compression starts.";
        Ratio: number("comp_ratio", "Comp Ratio", ranges.ratio; ratio),
            "Input change over output change above the threshold; 4:1 lets 1 dB through for every 4 dB over.";
        KneeDb: number("comp_knee_db", "Comp Knee", compressor::KNEE_DB; knee_db),
            "Width of the soft knee around the threshold; 0 dB is a hard knee.";
        AttackMs: number("comp_attack_ms", "Comp Attack", ranges.attack_ms; attack_ms),
            "How fast gain reduction builds up after the level rises (63 %).";
        HoldMs: number("comp_hold_ms", "Comp Hold", compressor::HOLD_MS; hold_ms),
            "How long gain reduction is held before it releases.";
        ReleaseMs: number("comp_release_ms", "Comp Release", compressor::RELEASE_MS; release_ms),
            "How fast gain reduction recovers after the level falls (63 %).";
        AutoRelease: switch("comp_auto_release", "Comp Auto Release"; auto_release),
            "Adaptive release: as set after short peaks, up to six times slower after sustained compression. Opto always adapts.";
        RangeDb: number("comp_range_db", "Comp Range", compressor::RANGE_DB; range_db),
            "Maximum gain reduction.";
        MakeupDb: number("comp_makeup_db", "Comp Make-up", compressor::MAKEUP_DB; makeup_db),
            "Gain of the compressed signal, before the mix.";
        AutoMakeup: switch("comp_auto_makeup", "Comp Auto Make-up"; auto_makeup),
            "Compensates for gain reduction, calibrated for a -12 dBFS signal.";
        MixPct: number("comp_mix_pct", "Comp Mix", compressor::MIX_PCT; mix_pct),
            "Dry/wet mix, for parallel compression.";
        LinkPct: number("comp_link_pct", "Comp Link", compressor::LINK_PCT; link_pct),
            "How far left and right (or mid and side) share one gain reduction; 100 % keeps the stereo image.";
        Channels: choice("comp_channels", "Comp Channels"; operation),
            "Compresses left/right or mid/side.";
        Detector: choice("comp_detector", "Comp Detector"; detector),
            "Level detection: peak, or RMS over about 10 ms.";
        Lookahead: choice("comp_lookahead", "Comp Lookahead"; lookahead), not_automatable,
            "Starts gain reduction ahead of a transient. Adds latency.";
        Key: choice("comp_key", "Comp Key"; key),
            "Detector source: the signal itself (Internal) or the sidechain input (External).";
        KeyLowCutHz: number("comp_key_low_cut_hz", "Comp Key Low Cut", compressor::KEY_LOW_CUT_HZ; key_low_cut_hz),
            "Low cut on the detector signal, 12 dB/oct: keeps bass from pumping the mix. Off at 10 Hz.";
        KeyHighCutHz: number("comp_key_high_cut_hz", "Comp Key High Cut", compressor::KEY_HIGH_CUT_HZ; key_high_cut_hz),
            "High cut on the detector signal, 12 dB/oct; off at 20 kHz.";
        Listen: choice("comp_listen", "Comp Listen"; listen), not_automatable,
            "Key solos the detector signal; Delta solos what the compressor removes.";
    }
}

section! {
    /// The clipper.
    pub enum Clipper(clipper::Settings) {
        On: switch("clipper_on", "Clipper On"; on),
            "Clipper on or off, click-free; off keeps the latency of the oversampling.";
        DriveDb: number("clipper_drive_db", "Clipper Drive", clipper::DRIVE_DB; drive_db),
            "Input gain into the clipper.";
        CeilingDb: number("clipper_ceiling_db", "Clipper Ceiling", clipper::CEILING_DB; ceiling_db),
            "Clipping level in dBFS. With oversampling, peaks overshoot it slightly.";
        KneePct: number("clipper_knee_pct", "Clipper Knee", clipper::KNEE_PCT; knee_pct),
            "Width of the soft knee around the ceiling; 0 % clips hard. The signal below the knee is unchanged.";
        Oversampling: choice("clipper_oversampling", "Clipper Oversampling"; oversampling), not_automatable,
            "Oversampling factor of the clipper: higher means less aliasing and more CPU. Above 1× it adds latency.";
        Delta: switch("clipper_delta", "Clipper Delta"; delta), not_automatable,
            "Solos what the clipper removes.";
    }
}

section! {
    /// The de-esser.
    pub enum DeEsser(de_esser::Settings) {
        On: switch("deess_on", "De-ess On"; on),
            "De-esser on or off, click-free.";
        FreqHz: number("deess_freq_hz", "De-ess Freq", de_esser::FREQ_HZ; freq_hz),
            "Lower edge of the sibilance band.";
        ThresholdDb: number("deess_threshold_db", "De-ess Threshold", de_esser::THRESHOLD_DB; threshold_db),
            "Sibilance level, relative to the overall level, above which reduction starts; the same for loud and quiet passages.";
        RangeDb: number("deess_range_db", "De-ess Range", de_esser::RANGE_DB; range_db),
            "Maximum gain reduction.";
        AttackMs: number("deess_attack_ms", "De-ess Attack", de_esser::ATTACK_MS; attack_ms),
            "How fast gain reduction builds up after the level rises (63 %).";
        ReleaseMs: number("deess_release_ms", "De-ess Release", de_esser::RELEASE_MS; release_ms),
            "How fast gain reduction recovers after the level falls (63 %).";
        LinkPct: number("deess_link_pct", "De-ess Link", de_esser::LINK_PCT; link_pct),
            "How far left and right share one gain reduction; 100 % keeps the stereo image.";
        Mode: choice("deess_mode", "De-ess Mode"; mode),
            "Wide-band turns down the whole signal; Split-band only the sibilance band.";
        Listen: choice("deess_listen", "De-ess Listen"; listen), not_automatable,
            "Key solos the sibilance band; Delta solos what is removed.";
    }
}

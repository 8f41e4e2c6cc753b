//! The sections of the multiband dynamics.

use crate::section::section;
use dsp_core::multiband::{self as m, Band, Settings};
use dsp_core::saturation;

section! {
    /// The multiband dynamics as a whole.
    pub enum Multiband(Settings) {
        On: switch("mb_on", "MB On"; on),
            "Multiband dynamics on or off, click-free.";
        Bands: choice("mb_bands", "MB Bands"; bands),
            "Number of bands.";
        MixPct: number("mb_mix_pct", "MB Mix", m::MIX_PCT; mix_pct),
            "Dry/wet mix. The dry bands pass the same crossovers, so the mix does not comb-filter.";
        Delta: switch("mb_delta", "MB Delta"; delta), not_automatable,
            "Solos the difference that the processing makes.";
        SatOversampling: choice("mb_sat_oversampling", "MB Sat Oversampling"; oversampling), not_automatable,
            "Oversampling factor of the bands' saturation: higher means less aliasing and more CPU. Above 1× it adds latency.";
    }
}

section! {
    /// One crossover.
    pub enum Crossover(Settings, index: usize) {
        Hz: number("hz", "", m::CROSSOVERS_HZ[index]; crossovers_hz[index]),
            "Crossover frequency, 24 dB/oct; stays at least a third of an octave above the crossover below.";
    }
}

section! {
    /// One band.
    pub enum MultibandBand(Band, index: usize) {
        On: switch("on", "On"; on),
            "Processing of the band on or off; off passes the band unprocessed.";
        Solo: switch("solo", "Solo"; solo), not_automatable,
            "Solos the band; several bands can be soloed.";
        Mode: choice("mode", "Mode"; mode),
            "Compress: turns down above the threshold. Expand: turns down below it. Upward compress: turns up below it. Upward expand: turns up above it.";
        ThresholdDb: number("threshold_db", "Threshold", m::THRESHOLD_DB; threshold_db),
            "Level above or below which the band's dynamics act.";
        Ratio: number("ratio", "Ratio", m::RATIO; ratio),
            "Compress: input change over output change. Expand: output change over input change.";
        KneeDb: number("knee_db", "Knee", m::KNEE_DB; knee_db),
            "Width of the soft knee around the threshold; 0 dB is a hard knee.";
        RangeDb: number("range_db", "Range", m::RANGE_DB; range_db),
            "Maximum gain change.";
        FloorDb: number("floor_db", "Floor", m::FLOOR_DB; floor_db),
            "Upward modes: no boost below this level, so that noise is not raised; full boost from 12 dB above it.";
        AttackMs: number("attack_ms", "Attack", m::ATTACKS_MS[index]; attack_ms),
            "How fast the gain follows a rising level (63 %).";
        ReleaseMs: number("release_ms", "Release", m::RELEASES_MS[index]; release_ms),
            "How fast the gain follows a falling level (63 %).";
        GainDb: number("gain_db", "Gain", m::GAIN_DB; gain_db),
            "Level of the band after its dynamics and saturation.";
        WidthPct: number("width_pct", "Width", m::WIDTH_PCT; width_pct),
            "Gain of the band's side signal: 0 % is mono, 100 % unchanged, 200 % doubles it.";
        LinkPct: number("link_pct", "Link", m::LINK_PCT; link_pct),
            "How far left and right share one gain; 100 % keeps the stereo image.";
        Key: choice("key", "Key"; key),
            "Detector source: the band itself (Internal) or the same band of the sidechain input (External).";
    }
}

section! {
    /// The saturation of one band.
    pub enum MultibandSaturation(saturation::Settings) {
        On: switch("sat_on", "Sat On"; on),
            "Saturation after the band's dynamics, on or off, click-free.";
        Curve: choice("sat_curve", "Sat Curve"; curve),
            "Tube: even and odd harmonics. Tape: soft odd harmonics. Transistor: harder odd harmonics. Clip: linear to about -6 dBFS, then a short knee.";
        DriveDb: number("sat_drive_db", "Sat Drive", saturation::DRIVE_DB; drive_db),
            "Gain into the curve; the output is level-matched for a band at -18 dBFS RMS.";
        ToneDb: number("sat_tone_db", "Sat Tone", saturation::TONE_DB; tone_db),
            "Tilts the saturated band around 1 kHz: brighter above 0 dB, darker below.";
        MixPct: number("sat_mix_pct", "Sat Mix", saturation::MIX_PCT; mix_pct),
            "Dry/wet mix of the band's saturation.";
    }
}

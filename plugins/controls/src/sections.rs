//! Sections shared by both products: one function each. The argument finds the section's settings in the product's.

use crate::table::Builder;
use dsp_core::Range;
use dsp_core::dynamics::{compressor, de_esser};
use dsp_core::eq::band::{self, Band};
use dsp_core::eq::{cascade, dynamic};

/// The controls of a whole equaliser of `N` bands.
pub(crate) fn eq_global<S: Default + Copy + 'static, const N: usize>(
    table: &mut Builder<S>,
    eq: impl Fn(&mut S) -> &mut cascade::Settings<N> + Copy + Send + Sync + 'static,
) {
    table.group("EQ");
    table.switch(("eq_on", "EQ On"), move |s| &mut eq(s).on).help("Equaliser on or off, click-free.");
    table.number(("eq_gain_scale_pct", "EQ Gain Scale"), band::SCALE_PCT, move |s| &mut eq(s).scale_pct).help(
        "Scales the gain of every band; below zero, boosts become cuts. Cuts, notches and passes stay as they are.",
    );
    table.switch(("eq_auto_gain", "EQ Auto Gain"), move |s| &mut eq(s).auto_gain).help(
        "Compensates for the loudness change of the EQ curve, computed for pink noise (K-weighted), not measured from the signal.",
    );
}

/// Frequency, gain and Q of one EQ band; ids start with `prefix`.
pub(crate) fn eq_band<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    prefix: &str,
    name: &str,
    band: impl Fn(&mut S) -> &mut Band + Copy + Send + Sync + 'static,
) {
    let id = |field: &str| format!("{prefix}_{field}");
    table
        .number((id("freq_hz"), format!("{name} Freq")), band::FREQ_HZ, move |s| &mut band(s).freq_hz)
        .help("Centre frequency; half-gain frequency of a shelf, corner of a low or high cut, pivot of a tilt.");
    table
        .number((id("gain_db"), format!("{name} Gain")), band::GAIN_DB, move |s| &mut band(s).gain_db)
        .help("Boost or cut of a bell, shelf or tilt; other shapes ignore it.");
    table
        .number((id("q"), format!("{name} Q")), band::Q, move |s| &mut band(s).q)
        .help("Bandwidth: higher is narrower. 0.707 gives shelves and cuts without resonance.");
}

/// Channel, listening and dynamics of one EQ band. Starts a group for the dynamics.
pub(crate) fn eq_band_dynamics<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    prefix: &str,
    name: &str,
    band: impl Fn(&mut S) -> &mut Band + Copy + Send + Sync + 'static,
) {
    table
        .choice((format!("{prefix}_channels"), format!("{name} Channels")), move |s| &mut band(s).target)
        .help("Which channels the band processes: both, left, right, mid or side.");
    table
        .switch((format!("{prefix}_listen"), format!("{name} Listen")), move |s| &mut band(s).listen)
        .help("Solos the frequency region and channel that the band acts on.")
        .automatable = false;

    table.group(&format!("EQ {name} Dynamic"));
    let id = |field: &str| format!("{prefix}_dyn_{field}");
    let named = |what: &str| format!("{name} Dyn {what}");
    table
        .switch((id("on"), named("On")), move |s| &mut band(s).dynamic.on)
        .help("Dynamic band: its gain follows the level in its frequency region.");
    table
        .number((id("threshold_db"), named("Threshold")), dynamic::THRESHOLD_DB, move |s| {
            &mut band(s).dynamic.threshold_db
        })
        .help("Level at which the dynamic gain sets in: in dBFS, or relative to the band's average level.");
    table
        .choice((id("reference"), named("Threshold Mode")), move |s| &mut band(s).dynamic.reference)
        .help("Absolute: threshold in dBFS. Relative: threshold above the band's average level (about 3 s), so that loud and quiet songs are treated alike.");
    table
        .number((id("range_db"), named("Range")), dynamic::RANGE_DB, move |s| &mut band(s).dynamic.range_db)
        .help("Maximum gain change above the threshold: negative cuts, positive boosts.");
    table
        .number((id("knee_db"), named("Knee")), dynamic::KNEE_DB, move |s| &mut band(s).dynamic.knee_db)
        .help("Level span around the threshold over which the gain goes from none to all of the range.");
    table
        .number((id("attack_ms"), named("Attack")), dynamic::ATTACK_MS, move |s| &mut band(s).dynamic.attack_ms)
        .help("How fast the gain moves towards the full range (63 %).");
    table
        .number((id("release_ms"), named("Release")), dynamic::RELEASE_MS, move |s| &mut band(s).dynamic.release_ms)
        .help("How fast the gain returns (63 %).");
    table
        .choice((id("key"), named("Key")), move |s| &mut band(s).dynamic.source)
        .help("Where the level is measured: in the band's own region of the signal, or of the sidechain input.");
}

/// The compressor.
pub(crate) fn compressor<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    (ratio, attack_ms): (Range, Range),
    comp: impl Fn(&mut S) -> &mut compressor::Settings + Copy + Send + Sync + 'static,
) {
    use compressor as c;
    table.group("Compressor");
    table.switch(("comp_on", "Comp On"), move |s| &mut comp(s).on).help("Compressor on or off, click-free.");
    table
        .choice(("comp_style", "Comp Style"), move |s| &mut comp(s).style)
        .help("Clean: feed-forward, no colour. Bus: feedback. Opto: two-stage release, slower after sustained reduction. FET: adds third harmonic with gain reduction.");
    table
        .number(("comp_threshold_db", "Comp Threshold"), c::THRESHOLD_DB, move |s| &mut comp(s).threshold_db)
        .help("Level above which compression starts.");
    table
        .number(("comp_ratio", "Comp Ratio"), ratio, move |s| &mut comp(s).ratio)
        .help("Input change over output change above the threshold; 4:1 lets 1 dB through for every 4 dB over.");
    table
        .number(("comp_knee_db", "Comp Knee"), c::KNEE_DB, move |s| &mut comp(s).knee_db)
        .help("Width of the soft knee around the threshold; 0 dB is a hard knee.");
    table
        .number(("comp_attack_ms", "Comp Attack"), attack_ms, move |s| &mut comp(s).attack_ms)
        .help("How fast gain reduction builds up after the level rises (63 %).");
    table
        .number(("comp_hold_ms", "Comp Hold"), c::HOLD_MS, move |s| &mut comp(s).hold_ms)
        .help("How long gain reduction is held before it releases.");
    table
        .number(("comp_release_ms", "Comp Release"), c::RELEASE_MS, move |s| &mut comp(s).release_ms)
        .help("How fast gain reduction recovers after the level falls (63 %).");
    table
        .switch(("comp_auto_release", "Comp Auto Release"), move |s| &mut comp(s).auto_release)
        .help("Adaptive release: as set after short peaks, up to six times slower after sustained compression. Opto always adapts.");
    table
        .number(("comp_range_db", "Comp Range"), c::RANGE_DB, move |s| &mut comp(s).range_db)
        .help("Maximum gain reduction.");
    table
        .number(("comp_makeup_db", "Comp Make-up"), c::MAKEUP_DB, move |s| &mut comp(s).makeup_db)
        .help("Gain of the compressed signal, before the mix.");
    table
        .switch(("comp_auto_makeup", "Comp Auto Make-up"), move |s| &mut comp(s).auto_makeup)
        .help("Compensates for gain reduction, calibrated for a -12 dBFS signal.");
    table
        .number(("comp_mix_pct", "Comp Mix"), c::MIX_PCT, move |s| &mut comp(s).mix_pct)
        .help("Dry/wet mix, for parallel compression.");
    table
        .number(("comp_link_pct", "Comp Link"), c::LINK_PCT, move |s| &mut comp(s).link_pct)
        .help("How far left and right, or mid and side, share one gain reduction; 100 % keeps the stereo image.");
    table
        .choice(("comp_channels", "Comp Channels"), move |s| &mut comp(s).operation)
        .help("Compresses left and right, or mid and side.");
    table
        .choice(("comp_detector", "Comp Detector"), move |s| &mut comp(s).detector)
        .help("Level detection: peak, or RMS over about 10 ms.");
    table
        .choice(("comp_lookahead", "Comp Lookahead"), move |s| &mut comp(s).lookahead)
        .help("Starts gain reduction ahead of a transient. Adds latency.")
        .automatable = false;
    table
        .choice(("comp_key", "Comp Key"), move |s| &mut comp(s).key)
        .help("Detector source: the signal itself (Internal) or the sidechain input (External).");
    table
        .number(("comp_key_low_cut_hz", "Comp Key Low Cut"), c::KEY_LOW_CUT_HZ, move |s| &mut comp(s).key_low_cut_hz)
        .help("Low cut on the detector signal, 12 dB/oct: keeps bass from pumping the mix. Off at 10 Hz.");
    table
        .number(("comp_key_high_cut_hz", "Comp Key High Cut"), c::KEY_HIGH_CUT_HZ, move |s| {
            &mut comp(s).key_high_cut_hz
        })
        .help("High cut on the detector signal, 12 dB/oct; off at 20 kHz.");
    table
        .choice(("comp_listen", "Comp Listen"), move |s| &mut comp(s).listen)
        .help("Key solos the detector signal; Delta solos what the compressor removes.")
        .automatable = false;
}

/// The de-esser.
pub(crate) fn de_esser<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    ess: impl Fn(&mut S) -> &mut de_esser::Settings + Copy + Send + Sync + 'static,
) {
    use de_esser as d;
    table.group("De-esser");
    table.switch(("deess_on", "De-ess On"), move |s| &mut ess(s).on).help("De-esser on or off, click-free.");
    table
        .number(("deess_freq_hz", "De-ess Freq"), d::FREQ_HZ, move |s| &mut ess(s).freq_hz)
        .help("Lower edge of the sibilance band.");
    table
        .number(("deess_threshold_db", "De-ess Threshold"), d::THRESHOLD_DB, move |s| &mut ess(s).threshold_db)
        .help("Sibilance level, relative to the overall level, above which reduction starts; the same for loud and quiet passages.");
    table
        .number(("deess_range_db", "De-ess Range"), d::RANGE_DB, move |s| &mut ess(s).range_db)
        .help("Maximum gain reduction.");
    table
        .number(("deess_attack_ms", "De-ess Attack"), d::ATTACK_MS, move |s| &mut ess(s).attack_ms)
        .help("How fast gain reduction builds up after the level rises (63 %).");
    table
        .number(("deess_release_ms", "De-ess Release"), d::RELEASE_MS, move |s| &mut ess(s).release_ms)
        .help("How fast gain reduction recovers after the level falls (63 %).");
    table
        .number(("deess_link_pct", "De-ess Link"), d::LINK_PCT, move |s| &mut ess(s).link_pct)
        .help("How far left and right share one gain reduction; 100 % keeps the stereo image.");
    table
        .choice(("deess_mode", "De-ess Mode"), move |s| &mut ess(s).mode)
        .help("Wide-band turns down the whole signal; Split-band only the sibilance band.");
    table
        .choice(("deess_listen", "De-ess Listen"), move |s| &mut ess(s).listen)
        .help("Key solos the sibilance band; Delta solos what is removed.")
        .automatable = false;
}

//! Sections that both products have: one function each, given where its settings live.

use crate::table::Builder;
use dsp_core::Range;
use dsp_core::dynamics::{compressor, de_esser};
use dsp_core::eq::band::{self, Band};
use dsp_core::eq::{cascade, dynamic};

/// What the whole equaliser of `N` bands is set to.
pub(crate) fn eq_whole<S: Default + Copy + 'static, const N: usize>(
    table: &mut Builder<S>,
    eq: impl Fn(&mut S) -> &mut cascade::Settings<N> + Copy + Send + Sync + 'static,
) {
    table.group("EQ");
    table.switch(("eq_on", "EQ On"), move |s| &mut eq(s).on).help("Switches the whole equaliser.");
    table
        .number(("eq_scale_pct", "EQ Scale"), band::SCALE_PCT, move |s| &mut eq(s).scale_pct)
        .help("How much of every band's gain is applied; below zero boosts are cuts. Cuts, notches and the like stay.");
    table.switch(("eq_auto_gain", "EQ Auto Gain"), move |s| &mut eq(s).auto_gain).help(
        "Corrects the level behind the equaliser, so that it is as loud as in front and the ear judges the tone.",
    );
}

/// Frequency, gain and Q of one EQ band, ids beginning with `prefix`.
pub(crate) fn eq_band<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    prefix: &str,
    name: &str,
    band: impl Fn(&mut S) -> &mut Band + Copy + Send + Sync + 'static,
) {
    let id = |field: &str| format!("{prefix}_{field}");
    table
        .number((id("freq_hz"), format!("{name} Freq")), band::FREQ_HZ, move |s| &mut band(s).freq_hz)
        .help("Centre of a bell, notch, band pass or all pass, pivot of a tilt, where a shelf reaches half its gain, corner of a cut.");
    table
        .number((id("gain_db"), format!("{name} Gain")), band::GAIN_DB, move |s| &mut band(s).gain_db)
        .help("Boost or cut; only bells, shelves and tilts have one.");
    table
        .number((id("q"), format!("{name} Q")), band::Q, move |s| &mut band(s).q)
        .help("Narrowness; 0.707 is a shelf or cut without overshoot.");
}

/// Where one EQ band acts, listening to it, and how it moves with the level. Begins the group of the moving part.
pub(crate) fn eq_band_more<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    prefix: &str,
    name: &str,
    band: impl Fn(&mut S) -> &mut Band + Copy + Send + Sync + 'static,
) {
    table
        .choice((format!("{prefix}_target"), format!("{name} Target")), move |s| &mut band(s).target)
        .help("What the band acts on: both channels, one of them, what they have in common, or what they differ by.");
    table
        .switch((format!("{prefix}_listen"), format!("{name} Listen")), move |s| &mut band(s).listen)
        .help("Lets only what the band acts on be heard, to find the place. For the ear, so it cannot be automated.")
        .automatable = false;

    table.group(&format!("EQ {name} Dynamic"));
    let id = |field: &str| format!("{prefix}_dyn_{field}");
    let named = |what: &str| format!("{name} Dyn {what}");
    table
        .switch((id("on"), named("On")), move |s| &mut band(s).dynamic.on)
        .help("Lets the band's gain move with the level of what it acts on.");
    table
        .number((id("threshold_db"), named("Threshold")), dynamic::THRESHOLD_DB, move |s| {
            &mut band(s).dynamic.threshold_db
        })
        .help("Level from which the gain moves: below full scale, or above the band's own long-term level.");
    table
        .choice((id("reference"), named("Reference")), move |s| &mut band(s).dynamic.reference)
        .help("What the threshold is measured from: full scale, or the band's own long-term level.");
    table
        .number((id("range_db"), named("Range")), dynamic::RANGE_DB, move |s| &mut band(s).dynamic.range_db)
        .help("How far the gain moves at most when it is loud: down to tame, up to bring out.");
    table.number((id("knee_db"), named("Knee")), dynamic::KNEE_DB, move |s| &mut band(s).dynamic.knee_db).help(
        "Width of the zone around the threshold through which the gain goes from none of the range to all of it.",
    );
    table
        .number((id("attack_ms"), named("Attack")), dynamic::ATTACK_MS, move |s| &mut band(s).dynamic.attack_ms)
        .help("Time to cover 63 % of a move towards the full range, in dB.");
    table
        .number((id("release_ms"), named("Release")), dynamic::RELEASE_MS, move |s| &mut band(s).dynamic.release_ms)
        .help("Time to cover 63 % of a move back, in dB.");
    table
        .choice((id("source"), named("Source")), move |s| &mut band(s).dynamic.source)
        .help("What it listens to: the band's own region of the signal, or the same region of the sidechain input.");
}

/// The compressor.
pub(crate) fn compressor<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    (ratio, attack_ms): (Range, Range),
    comp: impl Fn(&mut S) -> &mut compressor::Settings + Copy + Send + Sync + 'static,
) {
    use compressor as c;
    table.group("Compressor");
    table.switch(("comp_on", "Comp On"), move |s| &mut comp(s).on).help("Switches the compressor, without a click.");
    table
        .choice(("comp_style", "Comp Style"), move |s| &mut comp(s).style)
        .help("How the reduction moves: as set; as a feedback bus compressor; slower the longer it holds; or with a third harmonic.");
    table
        .number(("comp_threshold_db", "Comp Threshold"), c::THRESHOLD_DB, move |s| &mut comp(s).threshold_db)
        .help("Level above which it compresses.");
    table.number(("comp_ratio", "Comp Ratio"), ratio, move |s| &mut comp(s).ratio).help(
        "How many dB more going in are one dB more coming out; half the travel lies below 2:1, its end is infinity.",
    );
    table
        .number(("comp_knee_db", "Comp Knee"), c::KNEE_DB, move |s| &mut comp(s).knee_db)
        .help("Width of the bend around the threshold; 0 is a corner.");
    table
        .number(("comp_attack_ms", "Comp Attack"), attack_ms, move |s| &mut comp(s).attack_ms)
        .help("Time to reach 63 % of a rise of gain reduction, in dB.");
    table
        .number(("comp_hold_ms", "Comp Hold"), c::HOLD_MS, move |s| &mut comp(s).hold_ms)
        .help("Time that a gain reduction stays before its release begins.");
    table
        .number(("comp_release_ms", "Comp Release"), c::RELEASE_MS, move |s| &mut comp(s).release_ms)
        .help("Time to reach 63 % of a fall of gain reduction, in dB.");
    table
        .switch(("comp_auto_release", "Comp Auto Release"), move |s| &mut comp(s).auto_release)
        .help("Releases as set after a short peak, and slower the longer it has compressed.");
    table
        .number(("comp_range_db", "Comp Range"), c::RANGE_DB, move |s| &mut comp(s).range_db)
        .help("Largest gain reduction.");
    table
        .number(("comp_makeup_db", "Comp Make-up"), c::MAKEUP_DB, move |s| &mut comp(s).makeup_db)
        .help("Gain of the compressed signal.");
    table
        .switch(("comp_auto_makeup", "Comp Auto Make-up"), move |s| &mut comp(s).auto_makeup)
        .help("Adds the gain that brings a steady tone of -12 dBFS back to where it was.");
    table
        .number(("comp_mix_pct", "Comp Mix"), c::MIX_PCT, move |s| &mut comp(s).mix_pct)
        .help("Share of the compressed signal; the rest is dry (parallel compression).");
    table
        .number(("comp_link_pct", "Comp Link"), c::LINK_PCT, move |s| &mut comp(s).link_pct)
        .help("How far left and right, or mid and side, share one gain reduction; 100 % keeps the stereo image.");
    table
        .choice(("comp_operation", "Comp Operation"), move |s| &mut comp(s).operation)
        .help("Compresses left and right, or mid and side.");
    table
        .choice(("comp_detector", "Comp Detector"), move |s| &mut comp(s).detector)
        .help("What counts as the level: peaks, or the power over about 10 ms.");
    table
        .choice(("comp_lookahead", "Comp Lookahead"), move |s| &mut comp(s).lookahead)
        .help("How far ahead the detector listens. It is latency, so it cannot be automated.")
        .automatable = false;
    table
        .choice(("comp_key", "Comp Key"), move |s| &mut comp(s).key)
        .help("What the detector listens to: the signal itself, or the sidechain input.");
    table
        .number(("comp_key_low_cut_hz", "Comp Key Low Cut"), c::KEY_LOW_CUT_HZ, move |s| &mut comp(s).key_low_cut_hz)
        .help("Low cut in front of the detector, 12 dB/oct: keeps the bass from pumping the rest.");
    table
        .number(("comp_key_high_cut_hz", "Comp Key High Cut"), c::KEY_HIGH_CUT_HZ, move |s| {
            &mut comp(s).key_high_cut_hz
        })
        .help("High cut in front of the detector, 12 dB/oct; fully open it is not there.");
    table
        .choice(("comp_listen", "Comp Listen"), move |s| &mut comp(s).listen)
        .help("Lets what the detector hears be heard, or only what the compressor takes away. Cannot be automated.")
        .automatable = false;
}

/// The de-esser.
pub(crate) fn de_esser<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    ess: impl Fn(&mut S) -> &mut de_esser::Settings + Copy + Send + Sync + 'static,
) {
    use de_esser as d;
    table.group("De-esser");
    table.switch(("deess_on", "De-ess On"), move |s| &mut ess(s).on).help("Switches the de-esser, without a click.");
    table
        .number(("deess_freq_hz", "De-ess Freq"), d::FREQ_HZ, move |s| &mut ess(s).freq_hz)
        .help("Where sibilants begin.");
    table
        .number(("deess_threshold_db", "De-ess Threshold"), d::THRESHOLD_DB, move |s| &mut ess(s).threshold_db)
        .help("How far sibilants may stand out of the programme, which is the same for loud and quiet phrases.");
    table
        .number(("deess_range_db", "De-ess Range"), d::RANGE_DB, move |s| &mut ess(s).range_db)
        .help("Most it takes away.");
    table
        .number(("deess_attack_ms", "De-ess Attack"), d::ATTACK_MS, move |s| &mut ess(s).attack_ms)
        .help("Time to reach 63 % of a rise of gain reduction, in dB.");
    table
        .number(("deess_release_ms", "De-ess Release"), d::RELEASE_MS, move |s| &mut ess(s).release_ms)
        .help("Time to reach 63 % of a fall of gain reduction, in dB.");
    table
        .number(("deess_link_pct", "De-ess Link"), d::LINK_PCT, move |s| &mut ess(s).link_pct)
        .help("How far left and right share one gain reduction.");
    table
        .choice(("deess_mode", "De-ess Mode"), move |s| &mut ess(s).mode)
        .help("Turns down everything, or only what lies above the frequency.");
    table
        .choice(("deess_listen", "De-ess Listen"), move |s| &mut ess(s).listen)
        .help("Lets the sibilant band be heard, or only what is taken away. Cannot be automated.")
        .automatable = false;
}

//! Sections that both products have: one function each, given where its settings live.

use crate::table::Builder;
use dsp_core::Range;
use dsp_core::dynamics::compressor;
use dsp_core::eq::band::{self, Band};

/// Frequency, gain and Q of one EQ band, ids beginning with `prefix`.
pub(crate) fn eq_band<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    prefix: &str,
    name: &str,
    band: impl Fn(&mut S) -> &mut Band + Copy + Send + Sync + 'static,
) {
    let id = |field: &str| format!("{prefix}_{field}");
    table.number((id("freq_hz"), format!("{name} Freq")), band::FREQ_HZ, move |s| &mut band(s).freq_hz);
    table.number((id("gain_db"), format!("{name} Gain")), band::GAIN_DB, move |s| &mut band(s).gain_db);
    table.number((id("q"), format!("{name} Q")), band::Q, move |s| &mut band(s).q);
}

/// The compressor; `has_key` adds the choice of the sidechain input.
pub(crate) fn compressor<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    (ratio, attack_ms): (Range, Range),
    has_key: bool,
    comp: impl Fn(&mut S) -> &mut compressor::Settings + Copy + Send + Sync + 'static,
) {
    use compressor as c;
    table.group("Compressor");
    table.switch(("comp_on", "Comp On"), move |s| &mut comp(s).on);
    table.number(("comp_threshold_db", "Comp Threshold"), c::THRESHOLD_DB, move |s| &mut comp(s).threshold_db);
    table.number(("comp_ratio", "Comp Ratio"), ratio, move |s| &mut comp(s).ratio);
    table.number(("comp_knee_db", "Comp Knee"), c::KNEE_DB, move |s| &mut comp(s).knee_db);
    table.number(("comp_attack_ms", "Comp Attack"), attack_ms, move |s| &mut comp(s).attack_ms);
    table.number(("comp_release_ms", "Comp Release"), c::RELEASE_MS, move |s| &mut comp(s).release_ms);
    table.number(("comp_range_db", "Comp Range"), c::RANGE_DB, move |s| &mut comp(s).range_db);
    table.number(("comp_makeup_db", "Comp Make-up"), c::MAKEUP_DB, move |s| &mut comp(s).makeup_db);
    table.number(("comp_mix_pct", "Comp Mix"), c::MIX_PCT, move |s| &mut comp(s).mix_pct);
    table.number(("comp_link_pct", "Comp Link"), c::LINK_PCT, move |s| &mut comp(s).link_pct);
    if has_key {
        table.choice(("comp_key", "Comp Key"), move |s| &mut comp(s).key);
    }
    table.number(("comp_key_low_cut_hz", "Comp Key Low Cut"), c::KEY_LOW_CUT_HZ, move |s| &mut comp(s).key_low_cut_hz);
}

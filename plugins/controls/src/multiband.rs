//! The controls of the multiband dynamics.

use crate::table::Builder;
use dsp_core::multiband::{self as m, Band, MAX_BANDS, MAX_CROSSOVERS, Settings};
use dsp_core::saturation;

/// Switch, crossovers, mix and bands.
pub(crate) fn multiband<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    multi: impl Fn(&mut S) -> &mut Settings + Copy + Send + Sync + 'static,
) {
    table.group("Multiband");
    table.switch(("mb_on", "MB On"), move |s| &mut multi(s).on).help("Multiband dynamics on or off, click-free.");
    table.choice(("mb_bands", "MB Bands"), move |s| &mut multi(s).bands).help("Number of bands.");
    for n in 0..MAX_CROSSOVERS {
        let names = (format!("mb_crossover_{}_hz", n + 1), format!("MB Crossover {}", n + 1));
        table
            .number(names, m::CROSSOVERS_HZ[n], move |s| &mut multi(s).crossovers_hz[n])
            .help("Crossover frequency, 24 dB/oct; stays at least a third of an octave above the crossover below.");
    }
    table
        .number(("mb_mix_pct", "MB Mix"), m::MIX_PCT, move |s| &mut multi(s).mix_pct)
        .help("Dry/wet mix. The dry bands pass the same crossovers, so the mix does not comb-filter.");
    table
        .switch(("mb_delta", "MB Delta"), move |s| &mut multi(s).delta)
        .help("Solos the difference that the processing makes.")
        .automatable = false;
    table
        .choice(("mb_sat_oversampling", "MB Sat Oversampling"), move |s| &mut multi(s).oversampling)
        .help("Oversampling factor of the bands' saturation: higher means less aliasing and more CPU. Above 1× it adds latency.")
        .automatable = false;
    for place in 0..MAX_BANDS {
        band(table, place, move |s| &mut multi(s).band[place]);
        saturation(table, place, move |s| &mut multi(s).band[place].saturation);
    }
}

fn band<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    place: usize,
    band: impl Fn(&mut S) -> &mut Band + Copy + Send + Sync + 'static,
) {
    let id = |field: &str| format!("mb_{}_{field}", place + 1);
    let named = |what: &str| format!("MB {} {what}", place + 1);
    table.group(&format!("Multiband {}", place + 1));
    table
        .switch((id("on"), named("On")), move |s| &mut band(s).on)
        .help("Processing of the band on or off; off passes the band unprocessed.");
    table
        .switch((id("solo"), named("Solo")), move |s| &mut band(s).solo)
        .help("Solos the band; several bands can be soloed.")
        .automatable = false;
    table
        .choice((id("mode"), named("Mode")), move |s| &mut band(s).mode)
        .help("Compress: turns down above the threshold. Expand: turns down below it. Upward compress: turns up below it. Upward expand: turns up above it.");
    table
        .number((id("threshold_db"), named("Threshold")), m::THRESHOLD_DB, move |s| &mut band(s).threshold_db)
        .help("Level above or below which the band's dynamics act.");
    table
        .number((id("ratio"), named("Ratio")), m::RATIO, move |s| &mut band(s).ratio)
        .help("Compress: input change over output change. Expand: output change over input change.");
    table
        .number((id("knee_db"), named("Knee")), m::KNEE_DB, move |s| &mut band(s).knee_db)
        .help("Width of the soft knee around the threshold; 0 dB is a hard knee.");
    table
        .number((id("range_db"), named("Range")), m::RANGE_DB, move |s| &mut band(s).range_db)
        .help("Maximum gain change.");
    table
        .number((id("floor_db"), named("Floor")), m::FLOOR_DB, move |s| &mut band(s).floor_db)
        .help("Upward modes: no boost below this level, so that noise is not raised; full boost from 12 dB above it.");
    table
        .number((id("attack_ms"), named("Attack")), m::ATTACKS_MS[place], move |s| &mut band(s).attack_ms)
        .help("How fast the gain follows a rising level (63 %).");
    table
        .number((id("release_ms"), named("Release")), m::RELEASES_MS[place], move |s| &mut band(s).release_ms)
        .help("How fast the gain follows a falling level (63 %).");
    table
        .number((id("gain_db"), named("Gain")), m::GAIN_DB, move |s| &mut band(s).gain_db)
        .help("Level of the band after its dynamics and saturation.");
    table
        .number((id("width_pct"), named("Width")), m::WIDTH_PCT, move |s| &mut band(s).width_pct)
        .help("Gain of the band's side signal: 0 % is mono, 100 % unchanged, 200 % doubles it.");
    table
        .number((id("link_pct"), named("Link")), m::LINK_PCT, move |s| &mut band(s).link_pct)
        .help("How far left and right share one gain; 100 % keeps the stereo image.");
    table
        .choice((id("key"), named("Key")), move |s| &mut band(s).key)
        .help("Detector source: the band itself (Internal) or the same band of the sidechain input (External).");
}

fn saturation<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    place: usize,
    sat: impl Fn(&mut S) -> &mut saturation::Settings + Copy + Send + Sync + 'static,
) {
    let id = |field: &str| format!("mb_{}_sat_{field}", place + 1);
    let named = |what: &str| format!("MB {} Sat {what}", place + 1);
    table
        .switch((id("on"), named("On")), move |s| &mut sat(s).on)
        .help("Saturation after the band's dynamics, on or off, click-free.");
    table
        .choice((id("curve"), named("Curve")), move |s| &mut sat(s).curve)
        .help("Tube: even and odd harmonics. Tape: soft odd harmonics. Transistor: harder odd harmonics. Clip: linear to about -6 dBFS, then a short knee.");
    table
        .number((id("drive_db"), named("Drive")), saturation::DRIVE_DB, move |s| &mut sat(s).drive_db)
        .help("Gain into the curve; the output is level-matched for a band at -18 dBFS RMS.");
    table
        .number((id("tone_db"), named("Tone")), saturation::TONE_DB, move |s| &mut sat(s).tone_db)
        .help("Tilts the saturated band around 1 kHz: brighter above 0 dB, darker below.");
    table
        .number((id("mix_pct"), named("Mix")), saturation::MIX_PCT, move |s| &mut sat(s).mix_pct)
        .help("Dry/wet mix of the band's saturation.");
}

//! The controls of the multiband dynamics.

use crate::table::Builder;
use dsp_core::multiband::{self as m, Band, MAX_BANDS, MAX_CROSSOVERS, Settings};
use dsp_core::saturation;

/// Crossovers, bands and mix.
pub(crate) fn multiband<S: Default + Copy + 'static>(
    table: &mut Builder<S>,
    multi: impl Fn(&mut S) -> &mut Settings + Copy + Send + Sync + 'static,
) {
    table.group("Multiband");
    table
        .switch(("mb_on", "MB On"), move |s| &mut multi(s).on)
        .help("Switches the multiband dynamics, without a click.");
    table.choice(("mb_bands", "MB Bands"), move |s| &mut multi(s).bands).help("How many bands there are.");
    for n in 0..MAX_CROSSOVERS {
        let names = (format!("mb_crossover_{}_hz", n + 1), format!("MB Crossover {}", n + 1));
        table.number(names, m::CROSSOVERS_HZ[n], move |s| &mut multi(s).crossovers_hz[n]).help(
            "Where one band goes over into the next, at 24 dB/oct; at least a third of an octave above the one below.",
        );
    }
    table
        .number(("mb_mix_pct", "MB Mix"), m::MIX_PCT, move |s| &mut multi(s).mix_pct)
        .help("Share of the processed bands; the rest is the bands as they were split, so that nothing combs.");
    table
        .switch(("mb_delta", "MB Delta"), move |s| &mut multi(s).delta)
        .help("Lets only what the bands add or take be heard. For the ear, so it cannot be automated.")
        .automatable = false;
    table
        .choice(("mb_sat_oversampling", "MB Sat Oversampling"), move |s| &mut multi(s).oversampling)
        .help("How many times the sample rate the bands' saturation runs at: cleaner, and latency above 1x, so it cannot be automated.")
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
        .help("Switches the band's processing; off, it passes as it was split.");
    table
        .switch((id("solo"), named("Solo")), move |s| &mut band(s).solo)
        .help("Lets only the soloed bands be heard. For the ear, so it cannot be automated.")
        .automatable = false;
    table
        .choice((id("mode"), named("Mode")), move |s| &mut band(s).mode)
        .help("Which levels it acts on, and in which direction: what is loud down or up, what is quiet down or up.");
    table
        .number((id("threshold_db"), named("Threshold")), m::THRESHOLD_DB, move |s| &mut band(s).threshold_db)
        .help("Level above or below which the band's gain moves.");
    table.number((id("ratio"), named("Ratio")), m::RATIO, move |s| &mut band(s).ratio).help(
        "Compressing: dB going in for one dB more coming out. Expanding: dB coming out for one dB more going in.",
    );
    table
        .number((id("knee_db"), named("Knee")), m::KNEE_DB, move |s| &mut band(s).knee_db)
        .help("Width of the bend around the threshold; 0 is a corner.");
    table
        .number((id("range_db"), named("Range")), m::RANGE_DB, move |s| &mut band(s).range_db)
        .help("Largest change of gain.");
    table
        .number((id("floor_db"), named("Floor")), m::FLOOR_DB, move |s| &mut band(s).floor_db)
        .help("Level below which nothing is lifted: hiss stays where it is.");
    table
        .number((id("attack_ms"), named("Attack")), m::ATTACKS_MS[place], move |s| &mut band(s).attack_ms)
        .help("Time to cover 63 % of what a rise of level asks for, in dB.");
    table
        .number((id("release_ms"), named("Release")), m::RELEASES_MS[place], move |s| &mut band(s).release_ms)
        .help("Time to cover 63 % of what a fall of level asks for, in dB.");
    table
        .number((id("gain_db"), named("Gain")), m::GAIN_DB, move |s| &mut band(s).gain_db)
        .help("Gain of the band behind its dynamics.");
    table
        .number((id("width_pct"), named("Width")), m::WIDTH_PCT, move |s| &mut band(s).width_pct)
        .help("Share of the band's side signal: 0 is mono, 100 as it is, 200 doubles it.");
    table
        .number((id("link_pct"), named("Link")), m::LINK_PCT, move |s| &mut band(s).link_pct)
        .help("How far left and right share one gain.");
    table
        .choice((id("key"), named("Key")), move |s| &mut band(s).key)
        .help("What it listens to: the band itself, or the same band of the sidechain input.");
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
        .help("Switches the saturation behind the band's dynamics, without a click.");
    table
        .choice((id("curve"), named("Curve")), move |s| &mut sat(s).curve)
        .help("What it does to the band's wave: even and odd harmonics, soft odd ones, harder ones, or clipping.");
    table
        .number((id("drive_db"), named("Drive")), saturation::DRIVE_DB, move |s| &mut sat(s).drive_db)
        .help("Gain into the curve; the level of the programme stays.");
    table
        .number((id("tone_db"), named("Tone")), saturation::TONE_DB, move |s| &mut sat(s).tone_db)
        .help("Tilt of the saturated band around 1 kHz: brighter above 0 dB, darker below.");
    table
        .number((id("mix_pct"), named("Mix")), saturation::MIX_PCT, move |s| &mut sat(s).mix_pct)
        .help("Share of the saturated band; the rest is as it leaves the dynamics.");
}

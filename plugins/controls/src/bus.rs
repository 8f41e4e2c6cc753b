//! The controls of Plumb Master Bus, in signal order.

use crate::multiband::multiband;
use crate::sections::{compressor, de_esser, eq_band, eq_band_more, eq_whole};
use crate::table::{Builder, Controls};
use dsp_core::chain::master::{self, BANDS, Settings};
use dsp_core::limiter::settings as limiter;
use dsp_core::meter::bridge::TARGET_LUFS;
use dsp_core::stereo;

/// The controls of Plumb Master Bus.
#[must_use]
pub fn master_bus() -> Controls<Settings> {
    let mut table = Builder::<Settings>::new();
    table
        .switch(("bypass", "Bypass"), |s| &mut s.bypass)
        .help("Passes the input by, without a click and at the same latency.")
        .is_bypass = true;
    eq_whole(&mut table, |s| &mut s.eq);
    table
        .choice(("eq_phase", "EQ Phase"), |s| &mut s.eq_phase)
        .help("How bands shift the phase: as filters do, as analogue ones do up to 20 kHz, or not at all. The linear ones are finer in the bass the longer they are. Changes the latency, so it cannot be automated.")
        .automatable = false;
    for index in 0..BANDS {
        let (prefix, name) = (format!("eq_{}", index + 1), format!("Band {}", index + 1));
        table.group(&format!("EQ {name}"));
        table
            .switch((format!("{prefix}_on"), format!("{name} On")), move |s| &mut s.eq.bands[index].on)
            .help("Switches the band, without a click.");
        table
            .choice((format!("{prefix}_shape"), format!("{name} Shape")), move |s| &mut s.eq.bands[index].shape)
            .help("What the band does to the spectrum.");
        eq_band(&mut table, &prefix, &name, move |s| &mut s.eq.bands[index]);
        table
            .choice((format!("{prefix}_slope"), format!("{name} Slope")), move |s| &mut s.eq.bands[index].slope)
            .help("How steeply a low or high cut falls; other shapes have no slope.");
        eq_band_more(&mut table, &prefix, &name, move |s| &mut s.eq.bands[index]);
    }
    compressor(&mut table, (master::RATIO, master::ATTACK_MS), |s| &mut s.compressor);
    multiband(&mut table, |s| &mut s.multiband);
    de_esser(&mut table, |s| &mut s.de_esser);
    table.group("Stereo");
    table
        .number(("width_pct", "Width"), stereo::WIDTH_PCT, |s| &mut s.width_pct)
        .help("Share of the side signal: 0 is mono, 100 as it is, 200 doubles it.");
    limiter(&mut table);
    table.group("Dither");
    table
        .choice(("dither_depth", "Dither"), |s| &mut s.dither.depth)
        .help("Word length the output is made for: TPDF dither and rounding, last in the chain.");
    table.choice(("dither_shaping", "Dither Shaping"), |s| &mut s.dither.shaping).help(
        "Spectrum of the dither's noise: white, or moved to where the ear hears it least, which is more noise in all.",
    );
    table
        .switch(("dither_auto_blank", "Dither Auto Blank"), |s| &mut s.dither.auto_blank)
        .help("Stops the dither where a channel has been digital silence for half a second.");
    meters(&mut table);
    table.build("master-bus")
}

fn meters(table: &mut Builder<Settings>) {
    table.group("Meters");
    table
        .switch(("meter_on", "Meter On"), |s| &mut s.meters.on)
        .help("Switches all meters of the bus. Off, they cost nothing, and what was measured is forgotten.");
    table
        .switch(("meter_pause", "Meter Pause"), |s| &mut s.meters.paused)
        .help("What is measured over time stands still: integrated loudness, range, DR, history and all extremes. What shows the moment goes on.");
    table
        .switch(("meter_reset_on_play", "Meter Reset on Play"), |s| &mut s.meters.resets_on_play)
        .help("Starts what is measured over time anew whenever the host begins to play.");
    table
        .choice(("meter_scale", "Meter Scale"), |s| &mut s.meters.scale)
        .help("Scale of the level meters: full scale, or the K-System's, whose 0 dB lies 20, 14 or 12 dB below it and whose RMS of a sine is its peak.");
    table
        .number(("meter_target_lufs", "Meter Target"), TARGET_LUFS, |s| &mut s.meters.target_lufs)
        .help("Loudness that is aimed at: a line in the history. Changes no sound.");
}

fn limiter(table: &mut Builder<Settings>) {
    table.group("Limiter");
    table
        .switch(("limiter_on", "Limiter On"), |s| &mut s.limiter.on)
        .help("Switches the limiter; off, it is a delay of its latency.");
    table
        .number(("limiter_drive_db", "Limiter Drive"), limiter::DRIVE_DB, |s| &mut s.limiter.drive_db)
        .help("Gain into the limiter: louder.");
    table
        .number(("limiter_ceiling_dbtp", "Limiter Ceiling"), limiter::CEILING_DBTP, |s| &mut s.limiter.ceiling_dbtp)
        .help("Level that the true peak does not exceed.");
    let lookahead = ("limiter_lookahead_ms", "Limiter Lookahead");
    table
        .number(lookahead, limiter::LOOKAHEAD_MS, |s| &mut s.limiter.lookahead_ms)
        .help("How far ahead the gain starts to move: longer is smoother. Changes the latency, so it cannot be automated.")
        .automatable = false;
    table
        .number(("limiter_release_ms", "Limiter Release"), limiter::RELEASE_MS, |s| &mut s.limiter.release_ms)
        .help("Time to come back 63 % of the way, in dB.");
    table
        .switch(("limiter_auto_release", "Limiter Auto Release"), |s| &mut s.limiter.auto_release)
        .help("Comes back quickly after a transient, slowly after a long reduction.");
    table
        .choice(("limiter_style", "Limiter Style"), |s| &mut s.limiter.style)
        .help("How the gain moves: smoothly, with an edge left to attacks, or back as quickly as loudness asks.");
    table
        .number(("limiter_link_pct", "Limiter Link"), limiter::LINK_PCT, |s| &mut s.limiter.link_pct)
        .help("How far left and right share the quick part of the reduction; 100 % keeps the stereo image.");
    table
        .number(("limiter_release_link_pct", "Limiter Release Link"), limiter::RELEASE_LINK_PCT, |s| {
            &mut s.limiter.release_link_pct
        })
        .help("How far left and right share the slow part of the reduction.");
    table.number(("limiter_clip_pct", "Limiter Soft Clip"), limiter::CLIP_PCT, |s| &mut s.limiter.clip_pct).help(
        "How much is rounded off in front of the limiter, which sees the result: the ceiling holds all the same.",
    );
    table
        .choice(("limiter_true_peak", "Limiter Guarantee"), |s| &mut s.limiter.guarantee)
        .help("What never exceeds the ceiling: samples, or what lies between them too. Changes the latency, so it cannot be automated.")
        .automatable = false;
    table
        .switch(("limiter_unity_gain", "Limiter Unity Gain"), |s| &mut s.limiter.unity_gain)
        .help("Takes the drive back behind the limiter: the limiting without the loudness. For the ear, so it cannot be automated.")
        .automatable = false;
    table
        .switch(("limiter_delta", "Limiter Delta"), |s| &mut s.limiter.delta)
        .help("Lets only what the limiter takes away be heard. For the ear, so it cannot be automated.")
        .automatable = false;
}

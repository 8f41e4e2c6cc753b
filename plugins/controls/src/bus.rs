//! The controls of Plumb Master Bus, in signal order.

use crate::multiband::multiband;
use crate::sections::{compressor, de_esser, eq_band, eq_band_dynamics, eq_global};
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
        .help("Bypasses the whole plugin, click-free and at the same latency.")
        .is_bypass = true;
    eq_global(&mut table, |s| &mut s.eq);
    table
        .choice(("eq_phase", "EQ Phase"), |s| &mut s.eq_phase)
        .help("Zero latency: minimum phase. Matched: magnitude and phase of the analogue filters up to 20 kHz. Linear: no phase shift; longer modes resolve low frequencies better. Matched and Linear add latency.")
        .automatable = false;
    for index in 0..BANDS {
        let (prefix, name) = (format!("eq_{}", index + 1), format!("Band {}", index + 1));
        table.group(&format!("EQ {name}"));
        table
            .switch((format!("{prefix}_on"), format!("{name} On")), move |s| &mut s.eq.bands[index].on)
            .help("Band on or off, click-free.");
        table
            .choice((format!("{prefix}_shape"), format!("{name} Shape")), move |s| &mut s.eq.bands[index].shape)
            .help("Filter shape of the band.");
        eq_band(&mut table, &prefix, &name, move |s| &mut s.eq.bands[index]);
        table
            .choice((format!("{prefix}_slope"), format!("{name} Slope")), move |s| &mut s.eq.bands[index].slope)
            .help("Slope of a low or high cut; other shapes ignore it.");
        eq_band_dynamics(&mut table, &prefix, &name, move |s| &mut s.eq.bands[index]);
    }
    table.group("Order");
    table
        .order(("order", "Order"), |s| &mut s.order)
        .help("Order of the sections. A change fades through the unprocessed signal within 40 ms and the latency.");
    compressor(&mut table, (master::RATIO, master::ATTACK_MS), |s| &mut s.compressor);
    multiband(&mut table, |s| &mut s.multiband);
    de_esser(&mut table, |s| &mut s.de_esser);
    table.group("Stereo");
    table
        .number(("stereo_width_pct", "Width"), stereo::WIDTH_PCT, |s| &mut s.width_pct)
        .help("Share of the side signal: 0 is mono, 100 as it is, 200 doubles it.");
    limiter(&mut table);
    table.group("Dither");
    table
        .choice(("dither_depth", "Dither"), |s| &mut s.dither.depth)
        .help("Output word length: adds TPDF dither and rounds to it, last in the chain.");
    table.choice(("dither_shaping", "Dither Shaping"), |s| &mut s.dither.shaping).help(
        "Noise shaping: Off is white dither. Light and Strong move the noise to where hearing is least sensitive and raise its total level.",
    );
    table
        .switch(("dither_auto_blank", "Dither Auto Blank"), |s| &mut s.dither.auto_blank)
        .help("Turns dither off on a channel after half a second of digital silence.");
    meters(&mut table);
    table.build("master-bus")
}

fn meters(table: &mut Builder<Settings>) {
    table.group("Meters");
    table
        .switch(("meter_on", "Meter On"), |s| &mut s.meters.on)
        .help("All meters on or off. Off saves CPU and discards the measurement.");
    table
        .switch(("meter_pause", "Meter Pause"), |s| &mut s.meters.paused)
        .help("Freezes integrated loudness, LRA, DR, history and all maxima and minima; momentary readings continue.");
    table
        .switch(("meter_reset_on_play", "Meter Reset on Play"), |s| &mut s.meters.resets_on_play)
        .help("Restarts the measurement whenever the host starts playback.");
    table
        .choice(("meter_scale", "Meter Scale"), |s| &mut s.meters.scale)
        .help("Scale of the level meters: dBFS, or the K-System with 0 dB at -20, -14 or -12 dBFS and RMS per AES-17 (a sine reads its peak).");
    table
        .number(("meter_target_lufs", "Meter Target"), TARGET_LUFS, |s| &mut s.meters.target_lufs)
        .help("Target loudness, shown in the loudness history; does not change the sound.");
}

fn limiter(table: &mut Builder<Settings>) {
    table.group("Limiter");
    table
        .switch(("limiter_on", "Limiter On"), |s| &mut s.limiter.on)
        .help("Switches the limiter. Off, only its latency remains.");
    table
        .number(("limiter_drive_db", "Limiter Drive"), limiter::DRIVE_DB, |s| &mut s.limiter.drive_db)
        .help("Gain into the limiter.");
    table
        .number(("limiter_ceiling_db", "Limiter Ceiling"), limiter::CEILING_DB, |s| &mut s.limiter.ceiling_db)
        .help("Highest peak level that leaves the limiter: dBTP with true-peak detection, dBFS otherwise.");
    table
        .choice(("limiter_detection", "Limiter Detection"), |s| &mut s.limiter.detection)
        .help("True peak keeps inter-sample peaks under the ceiling (adds latency). Sample peak limits sample values only.")
        .automatable = false;
    let lookahead = ("limiter_lookahead_ms", "Limiter Lookahead");
    table
        .number(lookahead, limiter::LOOKAHEAD_MS, |s| &mut s.limiter.lookahead_ms)
        .help("How far ahead of a peak the gain starts to move: longer is smoother.")
        .automatable = false;
    table
        .number(("limiter_release_ms", "Limiter Release"), limiter::RELEASE_MS, |s| &mut s.limiter.release_ms)
        .help("Time to recover 63 % of the gain reduction, in dB.");
    table
        .switch(("limiter_auto_release", "Limiter Auto Release"), |s| &mut s.limiter.auto_release)
        .help("Recovers quickly after a transient, slowly after a long reduction.");
    table
        .choice(("limiter_style", "Limiter Style"), |s| &mut s.limiter.style)
        .help("Transparent moves the gain most smoothly, Punchy keeps the edge of attacks, Loud recovers fastest.");
    table
        .number(("limiter_transient_link_pct", "Limiter Transient Link"), limiter::TRANSIENT_LINK_PCT, |s| {
            &mut s.limiter.transient_link_pct
        })
        .help("How far left and right share fast gain reduction; 100 % keeps the stereo image.");
    table
        .number(("limiter_release_link_pct", "Limiter Release Link"), limiter::RELEASE_LINK_PCT, |s| {
            &mut s.limiter.release_link_pct
        })
        .help("How far left and right share slow gain reduction; 100 % keeps the stereo image.");
    table
        .number(("limiter_soft_clip_pct", "Limiter Soft Clip"), limiter::SOFT_CLIP_PCT, |s| {
            &mut s.limiter.soft_clip_pct
        })
        .help("Rounds peaks off in front of the limiter, so that it reduces less. The ceiling still holds.");
    table
        .switch(("limiter_unity_gain", "Limiter Unity Gain"), |s| &mut s.limiter.unity_gain)
        .help("Takes the drive back after the limiter, so you hear the limiting without the extra loudness.")
        .automatable = false;
    table
        .switch(("limiter_delta", "Limiter Delta"), |s| &mut s.limiter.delta)
        .help("Plays only what the limiter removes.")
        .automatable = false;
}

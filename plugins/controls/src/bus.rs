//! The controls of Plumb Master Bus, in signal order.

use crate::multiband::{Crossover, Multiband, MultibandBand, MultibandSaturation};
use crate::section::{Prefix, ids, section};
use crate::sections::{Clipper, Compressor, CompressorRanges, DeEsser, Eq, EqBand, EqDynamic};
use crate::table::{Builder, ControlTable, Controls};
use dsp_core::chain::master::{self, BANDS, Settings};
use dsp_core::dither;
use dsp_core::eq::band::Band;
use dsp_core::limiter::settings as limiter;
use dsp_core::meter::bridge::{self, TARGET_LUFS};
use dsp_core::multiband::{MAX_BANDS, MAX_CROSSOVERS};
use dsp_core::stereo;

ids! {
    /// Every control of the master bus; bands with their place.
    pub enum Id {
        Main, Order, Eq, EqPhase, Compressor, Multiband, DeEsser, Stereo, Clipper, Limiter, Dither, Meters;
        EqShape, EqBand, EqDynamic, Crossover, MultibandBand, MultibandSaturation
    }
}

section! {
    /// The whole bus.
    pub enum Main(Settings) {
        Bypass: switch("bypass", "Bypass"; bypass), bypass,
            "Bypasses the whole plugin, click-free and at the same latency.";
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
    /// The phase of the equaliser.
    pub enum EqPhase(Settings) {
        Phase: choice("eq_phase", "EQ Phase"; eq_phase), not_automatable,
            "Zero latency: minimum phase. Matched: magnitude and phase of the analogue filters up to 20 kHz. Linear: no phase shift; longer modes resolve low frequencies better. Matched and Linear add latency.";
    }
}

section! {
    /// The switch and the shape of an EQ band.
    pub enum EqShape(Band) {
        On: switch("on", "On"; on),
            "Band on or off, click-free.";
        Shape: choice("shape", "Shape"; shape),
            "Filter shape of the band.";
        Slope: choice("slope", "Slope"; slope),
            "Slope of a low or high cut; other shapes ignore it.";
    }
}

section! {
    /// The stereo image.
    pub enum Stereo(Settings) {
        MonoBelowHz: number("stereo_mono_below_hz", "Mono Below", stereo::MONO_BELOW_HZ; mono_below_hz),
            "Makes the signal mono below this frequency, at 24 dB/oct and in phase: for vinyl and clubs. 0 is off; the lowest corner is 20 Hz.";
        WidthPct: number("stereo_width_pct", "Width", stereo::WIDTH_PCT; width_pct),
            "Gain of the side signal: 0 % is mono, 100 % unchanged, 200 % doubles it.";
    }
}

section! {
    /// The limiter.
    pub enum Limiter(limiter::Settings) {
        On: switch("limiter_on", "Limiter On"; on),
            "Limiter on or off, click-free; off keeps its latency.";
        DriveDb: number("limiter_drive_db", "Limiter Drive", limiter::DRIVE_DB; drive_db),
            "Input gain into the limiter.";
        CeilingDb: number("limiter_ceiling_db", "Limiter Ceiling", limiter::CEILING_DB; ceiling_db),
            "Maximum output level: dBTP with true-peak detection, else dBFS.";
        Detection: choice("limiter_detection", "Limiter Detection"; detection), not_automatable,
            "True peak keeps inter-sample peaks under the ceiling (adds latency). Sample peak limits sample values only. Without latency there is no lookahead: the gain drops at the peak, with slight distortion.";
        LookaheadMs: number("limiter_lookahead_ms", "Limiter Lookahead", limiter::LOOKAHEAD_MS; lookahead_ms), not_automatable,
            "How far ahead of a peak the gain starts to fall: longer is smoother and adds latency.";
        ReleaseMs: number("limiter_release_ms", "Limiter Release", limiter::RELEASE_MS; release_ms),
            "How fast the gain recovers after a peak (63 %).";
        AutoRelease: switch("limiter_auto_release", "Limiter Auto Release"; auto_release),
            "Adaptive release: fast after transients, slow after sustained reduction.";
        Style: choice("limiter_style", "Limiter Style"; style),
            "Transparent: gain falls smoothly over the whole lookahead. Punchy: gain falls late, so that transients keep their edge. Loud: recovers fastest.";
        TransientLinkPct: number("limiter_transient_link_pct", "Limiter Transient Link", limiter::TRANSIENT_LINK_PCT; transient_link_pct),
            "How far left and right share fast gain reduction; 100 % keeps the stereo image.";
        ReleaseLinkPct: number("limiter_release_link_pct", "Limiter Release Link", limiter::RELEASE_LINK_PCT; release_link_pct),
            "How far left and right share slow, sustained gain reduction; 100 % keeps the stereo image.";
        SoftClipPct: number("limiter_soft_clip_pct", "Limiter Soft Clip", limiter::SOFT_CLIP_PCT; soft_clip_pct),
            "Soft clipping before the limiter, from 6 dB below the ceiling up; 0 % is off. The ceiling still holds.";
        UnityGain: switch("limiter_unity_gain", "Limiter Unity Gain"; unity_gain), not_automatable,
            "Level-matched listening: takes the drive gain back out, so that you hear only the limiting.";
        Delta: switch("limiter_delta", "Limiter Delta"; delta), not_automatable,
            "Solos what the limiter removes.";
    }
}

section! {
    /// Word length and dither.
    pub enum Dither(dither::Settings) {
        Depth: choice("dither_depth", "Dither"; depth),
            "Output word length: adds TPDF dither and rounds to it, last in the chain.";
        Shaping: choice("dither_shaping", "Dither Shaping"; shaping),
            "Noise shaping: Off is white dither. Light and Strong move the noise to where hearing is least sensitive and raise its total level.";
        AutoBlank: switch("dither_auto_blank", "Dither Auto Blank"; auto_blank),
            "Turns dither off on a channel after half a second of digital silence.";
    }
}

section! {
    /// The meters.
    pub enum Meters(bridge::Settings) {
        On: switch("meter_on", "Meter On"; on),
            "All meters on or off. Off saves CPU and discards the measurement.";
        Pause: switch("meter_pause", "Meter Pause"; paused),
            "Freezes integrated loudness, LRA, DR, history and all maxima and minima; momentary readings continue.";
        ResetOnPlay: switch("meter_reset_on_play", "Meter Reset on Play"; resets_on_play),
            "Restarts the measurement whenever the host starts playback.";
        Scale: choice("meter_scale", "Meter Scale"; scale),
            "Scale of the level meters: dBFS, or the K-System with 0 dB at -20, -14 or -12 dBFS and RMS per AES-17 (a sine reads its peak).";
        TargetLufs: number("meter_target_lufs", "Meter Target", TARGET_LUFS; target_lufs),
            "Target loudness, shown in the loudness history; does not change the sound.";
    }
}

impl ControlTable for Settings {
    type Id = Id;
    const PRODUCT: &'static str = "master-bus";

    fn add_controls(table: &mut Builder<Self>) {
        Main::add(table, Prefix::NONE, Id::Main, |s| s);
        Order::add(table.group("Order"), Prefix::NONE, Id::Order, |s| s);
        Eq::add(table.group("EQ"), Prefix::NONE, Id::Eq, |s| &mut s.eq);
        EqPhase::add(table, Prefix::NONE, Id::EqPhase, |s| s);
        for index in 0..BANDS {
            eq_band(table, index);
        }
        let ranges = CompressorRanges { ratio: master::RATIO, attack_ms: master::ATTACK_MS };
        Compressor::add(table.group("Compressor"), Prefix::NONE, Id::Compressor, |s| &mut s.compressor, ranges);
        Multiband::add(table.group("Multiband"), Prefix::NONE, Id::Multiband, |s| &mut s.multiband);
        for index in 0..MAX_CROSSOVERS {
            let (id, name) = (format!("mb_crossover_{}_", index + 1), format!("MB Crossover {}", index + 1));
            let prefix = Prefix { id: &id, name: &name };
            Crossover::add(table, prefix, |row| Id::Crossover(index, row), |s| &mut s.multiband, index);
        }
        for index in 0..MAX_BANDS {
            multiband_band(table, index);
        }
        DeEsser::add(table.group("De-esser"), Prefix::NONE, Id::DeEsser, |s| &mut s.de_esser);
        Stereo::add(table.group("Stereo"), Prefix::NONE, Id::Stereo, |s| s);
        Clipper::add(table.group("Clipper"), Prefix::NONE, Id::Clipper, |s| &mut s.clipper);
        Limiter::add(table.group("Limiter"), Prefix::NONE, Id::Limiter, |s| &mut s.limiter);
        Dither::add(table.group("Dither"), Prefix::NONE, Id::Dither, |s| &mut s.dither);
        Meters::add(table.group("Meters"), Prefix::NONE, Id::Meters, |s| &mut s.meters);
    }
}

fn eq_band(table: &mut Builder<Settings>, index: usize) {
    let (id, name) = (format!("eq_{}_", index + 1), format!("Band {} ", index + 1));
    let prefix = Prefix { id: &id, name: &name };
    EqShape::add(
        table.group(&format!("EQ Band {}", index + 1)),
        prefix,
        |row| Id::EqShape(index, row),
        move |s| &mut s.eq.bands[index],
    );
    EqBand::add(table, prefix, |row| Id::EqBand(index, row), move |s| &mut s.eq.bands[index]);
    table.group(&format!("EQ Band {} Dynamic", index + 1));
    EqDynamic::add(table, prefix, |row| Id::EqDynamic(index, row), move |s| &mut s.eq.bands[index]);
}

fn multiband_band(table: &mut Builder<Settings>, index: usize) {
    let (id, name) = (format!("mb_{}_", index + 1), format!("MB {} ", index + 1));
    let prefix = Prefix { id: &id, name: &name };
    table.group(&format!("Multiband {}", index + 1));
    MultibandBand::add(
        table,
        prefix,
        |row| Id::MultibandBand(index, row),
        move |s| &mut s.multiband.band[index],
        index,
    );
    MultibandSaturation::add(
        table,
        prefix,
        |row| Id::MultibandSaturation(index, row),
        move |s| &mut s.multiband.band[index].saturation,
    );
}

/// The controls of Plumb Master Bus.
#[must_use]
pub fn master_bus() -> Controls<Settings> {
    Controls::new()
}

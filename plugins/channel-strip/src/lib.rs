//! Plumb Channel Strip as a plugin: names, channels, editor. Its sound is `dsp_core::chain::channel`, its controls are
//! `plumb_controls::channel_strip`, what makes it a plugin is [`plumb_glue::ProductPlugin`].

mod editor;

pub use editor::Editor;

use dsp_core::chain::channel;
use plumb_glue::nice_plug::prelude::*;
use plumb_glue::{Product, ProductPlugin, layout};

/// The product.
#[derive(Debug)]
pub struct ChannelStrip;

impl Product for ChannelStrip {
    type Chain = channel::ChannelStrip;
    type Editor = Editor;

    const NAME: &'static str = "Plumb Channel Strip";
    const DESCRIPTION: &'static str = "Cuts, gate, compressor, equaliser, width and pan for a track";
    const CLAP_ID: &'static str = "org.plumb-audio.channel-strip";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::MultiEffects,
        ClapFeature::Mixing,
        ClapFeature::Equalizer,
        ClapFeature::Compressor,
        ClapFeature::Gate,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_CLASS_ID: [u8; 16] = *b"PlumbChanStrip01";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Dynamics, Vst3SubCategory::Eq];
    const LAYOUTS: &'static [AudioIOLayout] =
        &[layout(2, &[new_nonzero_u32(2)], "Stereo"), layout(1, &[new_nonzero_u32(1)], "Mono")];
}

nice_export_clap!(ProductPlugin<ChannelStrip>);
plumb_glue::export_vst3!(ProductPlugin<ChannelStrip>);

//! Plumb Master Bus as a plugin: names, channels, editor. Its sound is `dsp_core::chain::master`, its controls are
//! `plumb_controls::master_bus`, what makes it a plugin is [`plumb_glue::ProductPlugin`].

mod editor;

pub use editor::Editor;

use dsp_core::chain::master;
use plumb_glue::nice_plug::prelude::*;
use plumb_glue::{Product, ProductPlugin, layout};

/// The product.
#[derive(Debug)]
pub struct MasterBus;

impl Product for MasterBus {
    type Chain = master::MasterBus;
    type Editor = Editor;

    const NAME: &'static str = "Plumb Master Bus";
    const DESCRIPTION: &'static str = "Equaliser, glue compressor, width, true-peak limiter, dither and loudness";
    const CLAP_ID: &'static str = "org.plumb-audio.master-bus";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::MultiEffects,
        ClapFeature::Mastering,
        ClapFeature::Equalizer,
        ClapFeature::Compressor,
        ClapFeature::Limiter,
        ClapFeature::Analyzer,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_CLASS_ID: [u8; 16] = *b"PlumbMasterBus01";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Mastering, Vst3SubCategory::Dynamics, Vst3SubCategory::Eq];
    const LAYOUTS: &'static [AudioIOLayout] =
        &[layout(2, &[new_nonzero_u32(2)], "Stereo"), layout(1, &[new_nonzero_u32(1)], "Mono")];
}

nice_export_clap!(ProductPlugin<MasterBus>);
plumb_glue::export_vst3!(ProductPlugin<MasterBus>);

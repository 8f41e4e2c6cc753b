//! What makes one product differ from the other.

use dsp_core::Chain;
use nice_plug::prelude::{AudioIOLayout, ClapFeature, NonZeroU32, PortNames, Vst3SubCategory};
use plumb_controls::ControlTable;
use plumb_panels::EditorUi;

/// A plugin's names, sound and editor.
pub trait Product: Send + Sync + 'static {
    /// Its sound.
    type Chain: Chain<Settings: ControlTable>;
    /// Its editor.
    type Editor: EditorUi<Settings = <Self::Chain as Chain>::Settings, Readings = <Self::Chain as Chain>::Readings>;

    /// What users call it.
    const NAME: &'static str;
    /// One line on what it does.
    const DESCRIPTION: &'static str;
    /// Permanent name in CLAP sessions.
    const CLAP_ID: &'static str;
    /// What CLAP hosts file it under.
    const CLAP_FEATURES: &'static [ClapFeature];
    /// Permanent name in VST3 sessions.
    const VST3_CLASS_ID: [u8; 16];
    /// What VST3 hosts file it under.
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory];
    /// Channels it can run with, the usual first.
    ///
    /// VST3 compares the sidechain with the wrong bus and bounds its number by the number of outputs: at most one
    /// sidechain, and as wide as the main input.
    const LAYOUTS: &'static [AudioIOLayout];
}

/// A layout of as many channels in as out, with the sidechains given.
#[must_use]
pub const fn layout(channels: u32, sidechains: &'static [NonZeroU32], name: &'static str) -> AudioIOLayout {
    AudioIOLayout {
        main_input_channels: NonZeroU32::new(channels),
        main_output_channels: NonZeroU32::new(channels),
        aux_input_ports: sidechains,
        aux_output_ports: &[],
        names: PortNames {
            layout: Some(name),
            // The framework gives the output the input's name.
            main_input: Some("Main"),
            main_output: Some("Main"),
            aux_inputs: &["Sidechain"],
            aux_outputs: &[],
        },
    }
}

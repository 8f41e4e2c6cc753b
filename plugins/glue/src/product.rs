//! What makes one product differ from the other.

use crate::desk::Desk;
use egui::Ui;
use nice_plug::prelude::{AudioIOLayout, ClapFeature, NonZeroU32, PortNames, Vst3SubCategory};
use plumb_controls::Controlled;

/// A plugin's names, sound and look.
pub trait Product: Send + Sync + 'static {
    /// Its sound.
    type Chain: Controlled;
    /// Its look.
    type Face: Face<Self::Chain>;

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

/// An editor's contents: panels and what the user has selected in them. Knows no host.
pub trait Face<C: Controlled>: Default + Send + 'static {
    /// Size at first, in logical pixels.
    const SIZE: (f32, f32);
    /// Smallest size at which everything has its place.
    const MIN_SIZE: (f32, f32);

    /// One frame, over the whole of `ui`.
    fn ui(&mut self, ui: &mut Ui, desk: &Desk<'_, C>);
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

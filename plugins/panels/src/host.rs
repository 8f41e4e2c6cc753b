//! What panels need from the plugin. Glue implements it for host parameters, tests fake it.

use dsp_core::meter::taps::SignalTaps;

/// The plugin as its editor sees it. Parameters are addressed by their index in the table of controls.
///
/// Every change comes as `begin_gesture`, any number of `set_normalized`, `end_gesture`.
pub trait PanelHost {
    /// Position of a parameter in its travel, 0 to 1.
    fn normalized(&self, index: usize) -> f32;
    /// The user has taken hold of a parameter.
    fn begin_gesture(&self, index: usize);
    /// The user moves it there.
    fn set_normalized(&self, index: usize, value: f32);
    /// The user has let go.
    fn end_gesture(&self, index: usize);

    /// The rate the chain runs at.
    fn sample_rate_hz(&self) -> f64;
    /// The audio at certain points of the chain, for spectra and scopes.
    fn taps(&self) -> &SignalTaps;
    /// Restarts everything measured over time.
    fn reset_measurement(&self);
}

//! The vectorscope: the last frames of the output. The chain copies them only while the scope is shown.

use super::history::choice_ui;
use dsp_core::choice;
use dsp_core::meter::{tap::TapReader, taps::TapPoint};
use dsp_core::{Frame, units::gain_to_db};
use egui::{Align2, FontId, Ui, Vec2, vec2};
use plumb_panels::BusContext;
use plumb_widgets::{Accent, ScopeShape, Theme, scope_ui};
use std::time::Duration;

/// Frames that are shown: 50 ms at 48 kHz.
const FRAMES: usize = 2400;
/// Time between two updates: that of the meters.
const EVERY_S: f64 = 1.0 / 30.0;
/// Largest zoom.
const MOST_GAIN: f32 = 64.0;
/// Where the zoom brings the largest dot, of 1 at the edge.
const FULL: f32 = 0.9;
/// Time in which the zoom recovers 63 % after a peak, in seconds.
const RELEASE_S: f32 = 1.0;

/// How dots are plotted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum View {
    #[default]
    Lissajous,
    Polar,
}

choice!(View { Lissajous => "Lissajous", Polar => "Polar" });

/// The scope of one open editor.
#[derive(Debug)]
pub(super) struct Scope {
    view: View,
    reader: Option<TapReader>,
    frames: Vec<Frame>,
    dots: Vec<[f32; 2]>,
    /// Peak magnitude, decaying.
    held: f32,
}

impl Default for Scope {
    fn default() -> Self {
        Self { view: View::default(), reader: None, frames: Vec::new(), dots: Vec::new(), held: 1.0 / MOST_GAIN }
    }
}

impl Scope {
    /// The scope, and below it the choice of how dots are plotted.
    pub(super) fn ui(&mut self, ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, size: Vec2) {
        self.read(ui, context);
        let theme = &theme.with_accent(Accent::Stereo);
        let shape = match self.view {
            View::Lissajous => ScopeShape::Lissajous,
            View::Polar => ScopeShape::Polar,
        };
        let gain = (FULL / self.held).clamp(1.0, MOST_GAIN);
        let size = vec2(size.x, size.y - theme.switch_size.y - theme.gap);
        let place = scope_ui(ui, theme, size, shape, &self.dots, gain).rect;
        let text = format!("Zoom {:.0} dB", gain_to_db(f64::from(gain)));
        let font = FontId::proportional(theme.font_small);
        ui.painter().text(place.right_top() + vec2(-theme.gap, 2.0), Align2::RIGHT_TOP, text, font, theme.text_dim);
        choice_ui(ui, theme, &mut self.view);
    }

    /// Reads new frames, and requests another picture while they are not silent.
    fn read(&mut self, ui: &Ui, context: &BusContext<'_>) {
        let reader = self.reader.get_or_insert_with(|| TapReader::new(context.taps().at(TapPoint::Out)));
        let before = self.frames.len();
        reader.read(&mut self.frames);
        let new = self.frames.len() - before;
        self.frames.drain(..self.frames.len().saturating_sub(FRAMES));
        if new == 0 {
            if context.readings.output.peak_dbfs == [f64::NEG_INFINITY; 2] {
                self.dots.clear();
            }
            return;
        }
        self.dots.clear();
        self.dots.extend(self.frames.iter().map(|frame| frame.map(|x| x as f32)));
        let largest = self.dots.as_flattened().iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let elapsed_s = new as f32 / context.sample_rate_hz() as f32;
        self.held = (self.held * (-elapsed_s / RELEASE_S).exp()).max(largest).max(FULL / MOST_GAIN);
        if largest > 0.0 {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(EVERY_S));
        }
    }
}

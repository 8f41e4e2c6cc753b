//! The controls of the equaliser's band in hand, and those of the whole in its header. What its shape does not use is
//! dim, but stays where it is and works: it will count again with another shape.

use super::eq_graph::GraphBand;
use super::page::{lit_ui, title_ui};
use crate::desk::Desk;
use egui::{Align, Layout, Ui, vec2};
use plumb_controls::Controlled;
use plumb_widgets::Theme;

/// Width of the whole's scale in the header, in points.
const SCALE_WIDTH: f32 = 134.0;
/// Width of the switch of the automatic gain, in points.
const AUTO_GAIN_WIDTH: f32 = 90.0;
/// Width of the choice of what it does to the phase, in points.
const PHASE_WIDTH: f32 = 180.0;

/// Width of the choice of what it acts on beside its name, in points.
const TARGET_WIDTH: f32 = 146.0;

/// What the whole equaliser is set to besides its switch, in the header of its section of a width.
pub fn eq_header_ui<C: Controlled>(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, C>, width: f32, has_phase: bool) {
    desk.header(ui, width, |ui| {
        let height = theme.switch_size.y;
        desk.field(ui, theme, "eq_gain_scale_pct", "Scale", vec2(SCALE_WIDTH, height));
        let wide = &Theme { switch_size: vec2(AUTO_GAIN_WIDTH, height), ..*theme };
        desk.switch(ui, wide, "eq_auto_gain", "Auto gain");
        if has_phase {
            desk.inline(ui, theme, "eq_phase", "Phase", PHASE_WIDTH);
        }
    });
}

/// The band in hand: pieces for a panel to arrange.
pub struct EqBand<'a, C: Controlled> {
    desk: &'a Desk<'a, C>,
    theme: Theme,
    band: &'a GraphBand,
}

impl<C: Controlled> std::fmt::Debug for EqBand<'_, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("EqBand").field(&self.band.name).finish()
    }
}

impl<'a, C: Controlled> EqBand<'a, C> {
    /// The band at a place, in its hue.
    #[must_use]
    pub fn new(theme: &Theme, desk: &'a Desk<'a, C>, band: &'a GraphBand, index: usize) -> Self {
        Self { desk, theme: Theme { accent: theme.band_color(index), ..*theme }, band }
    }

    /// Width of three knobs, which most pieces have.
    #[must_use]
    pub fn width(theme: &Theme) -> f32 {
        3.0 * theme.knob_cell.x + 2.0 * theme.gap
    }

    /// Width of one of two pieces that together are as wide as three knobs.
    #[must_use]
    pub fn half_width(theme: &Theme) -> f32 {
        (Self::width(theme) - theme.gap) / 2.0
    }

    fn id(&self, field: &str) -> String {
        format!("{}_{field}", self.band.prefix)
    }

    fn lit(&self, ui: &mut Ui, counts: bool, contents: impl FnOnce(&mut Ui)) {
        lit_ui(ui, &self.theme, counts, contents);
    }

    fn choice_ui(&self, ui: &mut Ui, field: &str, label: &str) {
        self.desk.choice(ui, &self.theme, &self.id(field), label, Self::half_width(&self.theme));
    }

    fn knob_ui(&self, ui: &mut Ui, field: &str, label: &str) {
        self.desk.knob(ui, &self.theme, &self.id(field), label);
    }

    /// Its name.
    pub fn name_ui(&self, ui: &mut Ui) {
        title_ui(ui, &self.band.name, self.theme.font_title, &Theme { text: self.theme.accent, ..self.theme });
    }

    /// Shape and, for a cut, slope.
    pub fn shape_ui(&self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            self.choice_ui(ui, "shape", "Shape");
            self.lit(ui, self.band.band.shape.has_slope(), |ui| self.choice_ui(ui, "slope", "Slope"));
        });
    }

    /// Frequency, gain and Q.
    pub fn knobs_ui(&self, ui: &mut Ui) {
        let band = &self.band.band;
        let has_q = !(band.shape.has_slope() && band.slope.order() == 1);
        ui.horizontal_top(|ui| {
            self.knob_ui(ui, "freq_hz", "Freq");
            self.lit(ui, band.shape.has_gain(), |ui| self.knob_ui(ui, "gain_db", "Gain"));
            self.lit(ui, has_q, |ui| self.knob_ui(ui, "q", "Q"));
        });
    }

    /// Which part of the stereo signal it acts on.
    pub fn target_ui(&self, ui: &mut Ui) {
        self.choice_ui(ui, "channels", "Channels");
    }

    /// Its name, and on the same line which part of the stereo signal it acts on.
    pub fn name_and_target_ui(&self, ui: &mut Ui) {
        let size = vec2(Self::width(&self.theme), self.theme.switch_size.y);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            self.desk.inline(ui, &self.theme, &self.id("channels"), "Channels", TARGET_WIDTH);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.name_ui(ui));
        });
    }

    /// Listening to it.
    pub fn listen_ui(&self, ui: &mut Ui) {
        let size = vec2(Self::half_width(&self.theme), self.theme.switch_size.y);
        self.desk.switch(ui, &Theme { switch_size: size, ..self.theme }, &self.id("listen"), "Listen");
    }

    /// Whether its gain moves.
    fn moves(&self) -> bool {
        self.band.band.dynamic.on && self.band.band.shape.has_gain()
    }

    /// How its gain moves with the level: two rows, the switch in the first.
    pub fn dynamic_ui(&self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(self.theme.knob_cell.x);
                ui.add_space(self.theme.name_height + (self.theme.knob_diameter - self.theme.switch_size.y) / 2.0);
                self.lit(ui, self.band.band.shape.has_gain(), |ui| {
                    self.desk.switch(ui, &self.theme, &self.id("dyn_on"), "Dynamic");
                });
            });
            self.lit(ui, self.moves(), |ui| {
                self.knob_ui(ui, "dyn_threshold_db", "Threshold");
                self.knob_ui(ui, "dyn_range_db", "Range");
            });
        });
        self.lit(ui, self.moves(), |ui| {
            ui.horizontal_top(|ui| {
                self.knob_ui(ui, "dyn_knee_db", "Knee");
                self.knob_ui(ui, "dyn_attack_ms", "Attack");
                self.knob_ui(ui, "dyn_release_ms", "Release");
            });
        });
    }

    /// What its threshold is measured from.
    pub fn reference_ui(&self, ui: &mut Ui) {
        self.lit(ui, self.moves(), |ui| self.choice_ui(ui, "dyn_reference", "Reference"));
    }

    /// What its detector listens to.
    pub fn source_ui(&self, ui: &mut Ui) {
        self.lit(ui, self.moves(), |ui| self.choice_ui(ui, "dyn_key", "Key"));
    }
}

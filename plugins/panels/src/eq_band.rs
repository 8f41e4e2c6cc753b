//! The controls of the selected EQ band, and those of the whole equaliser in its header. Controls that the band's shape
//! does not use are dim, but keep their place and work: another shape may use them.

use crate::context::PanelContext;
use crate::eq_graph::GraphBand;
use crate::page::{lit_ui, title_ui};
use egui::{Align, Layout, Ui, vec2};
use plumb_controls::bus::EqShape;
use plumb_controls::{ControlTable, Eq, EqBand, EqDynamic};
use plumb_widgets::Theme;

/// Width of the gain scale in the header, in points.
const SCALE_WIDTH: f32 = 134.0;
/// Width of the switch of the automatic gain, in points.
const AUTO_GAIN_WIDTH: f32 = 90.0;

/// Width of the choice of channels beside the band's name, in points.
const TARGET_WIDTH: f32 = 146.0;

/// The controls of the whole equaliser in the header of its section of a width, and `more` to the left of them.
pub fn eq_header_ui<S: ControlTable<Id: From<Eq>>, R>(
    ui: &mut Ui,
    theme: &Theme,
    context: &PanelContext<'_, S, R>,
    width: f32,
    more: impl FnOnce(&mut Ui),
) {
    context.header(ui, width, |ui| {
        let height = theme.switch_size.y;
        context.field(ui, theme, Eq::GainScalePct, "Scale", vec2(SCALE_WIDTH, height));
        let wide = &Theme { switch_size: vec2(AUTO_GAIN_WIDTH, height), ..*theme };
        context.switch(ui, wide, Eq::AutoGain, "Auto gain");
        more(ui);
    });
}

/// Width of three knobs: that of most pieces of a band's controls.
#[must_use]
pub fn eq_band_width(theme: &Theme) -> f32 {
    3.0 * theme.knob_cell.x + 2.0 * theme.gap
}

/// Width of one of two pieces side by side.
fn half_width(theme: &Theme) -> f32 {
    (eq_band_width(theme) - theme.gap) / 2.0
}

/// The controls of the selected band: pieces for a panel to arrange.
pub struct EqBandPanel<'a, S: ControlTable, R> {
    context: &'a PanelContext<'a, S, R>,
    theme: Theme,
    band: &'a GraphBand,
    index: usize,
}

impl<S: ControlTable, R> std::fmt::Debug for EqBandPanel<'_, S, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("EqBandPanel").field(&self.band.name).finish()
    }
}

impl<'a, S: ControlTable<Id: From<(usize, EqBand)> + From<(usize, EqDynamic)>>, R> EqBandPanel<'a, S, R> {
    /// The band at an index, in its hue.
    #[must_use]
    pub fn new(theme: &Theme, context: &'a PanelContext<'a, S, R>, band: &'a GraphBand, index: usize) -> Self {
        Self { context, theme: Theme { accent: theme.band_color(index), ..*theme }, band, index }
    }

    fn lit(&self, ui: &mut Ui, counts: bool, contents: impl FnOnce(&mut Ui)) {
        lit_ui(ui, &self.theme, counts, contents);
    }

    fn choice_ui<I>(&self, ui: &mut Ui, row: I, label: &str)
    where
        (usize, I): Into<S::Id>,
    {
        self.context.choice(ui, &self.theme, (self.index, row), label, half_width(&self.theme));
    }

    fn knob_ui<I>(&self, ui: &mut Ui, row: I, label: &str)
    where
        (usize, I): Into<S::Id>,
    {
        self.context.knob(ui, &self.theme, (self.index, row), label);
    }

    /// Its name.
    pub fn name_ui(&self, ui: &mut Ui) {
        title_ui(ui, &self.band.name, self.theme.font_title, &Theme { text: self.theme.accent, ..self.theme });
    }

    /// Frequency, gain and Q.
    pub fn knobs_ui(&self, ui: &mut Ui) {
        let band = &self.band.band;
        let has_q = !(band.shape.has_slope() && band.slope.order() == 1);
        ui.horizontal_top(|ui| {
            self.knob_ui(ui, EqBand::FreqHz, "Freq");
            self.lit(ui, band.shape.has_gain(), |ui| self.knob_ui(ui, EqBand::GainDb, "Gain"));
            self.lit(ui, has_q, |ui| self.knob_ui(ui, EqBand::Q, "Q"));
        });
    }

    /// Which channels it processes.
    pub fn target_ui(&self, ui: &mut Ui) {
        self.choice_ui(ui, EqBand::Channels, "Channels");
    }

    /// Its name, and on the same line which channels it processes.
    pub fn name_and_target_ui(&self, ui: &mut Ui) {
        let size = vec2(eq_band_width(&self.theme), self.theme.switch_size.y);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            self.context.inline(ui, &self.theme, (self.index, EqBand::Channels), "Channels", TARGET_WIDTH);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.name_ui(ui));
        });
    }

    /// The switch that auditions it.
    pub fn listen_ui(&self, ui: &mut Ui) {
        let size = vec2(half_width(&self.theme), self.theme.switch_size.y);
        self.context.switch(ui, &Theme { switch_size: size, ..self.theme }, (self.index, EqBand::Listen), "Listen");
    }

    /// Whether its gain moves with the level.
    fn moves(&self) -> bool {
        self.band.band.dynamic.on && self.band.band.shape.has_gain()
    }

    /// Its dynamics: two rows, the switch in the first.
    pub fn dynamic_ui(&self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(self.theme.knob_cell.x);
                ui.add_space(self.theme.name_height + (self.theme.knob_diameter - self.theme.switch_size.y) / 2.0);
                self.lit(ui, self.band.band.shape.has_gain(), |ui| {
                    self.context.switch(ui, &self.theme, (self.index, EqDynamic::On), "Dynamic");
                });
            });
            self.lit(ui, self.moves(), |ui| {
                self.knob_ui(ui, EqDynamic::ThresholdDb, "Threshold");
                self.knob_ui(ui, EqDynamic::RangeDb, "Range");
            });
        });
        self.lit(ui, self.moves(), |ui| {
            ui.horizontal_top(|ui| {
                self.knob_ui(ui, EqDynamic::KneeDb, "Knee");
                self.knob_ui(ui, EqDynamic::AttackMs, "Attack");
                self.knob_ui(ui, EqDynamic::ReleaseMs, "Release");
            });
        });
    }

    /// What its threshold refers to.
    pub fn reference_ui(&self, ui: &mut Ui) {
        self.lit(ui, self.moves(), |ui| self.choice_ui(ui, EqDynamic::Reference, "Threshold mode"));
    }

    /// What its detector listens to.
    pub fn source_ui(&self, ui: &mut Ui) {
        self.lit(ui, self.moves(), |ui| self.choice_ui(ui, EqDynamic::Key, "Key"));
    }
}

impl<S, R> EqBandPanel<'_, S, R>
where
    S: ControlTable<Id: From<(usize, EqBand)> + From<(usize, EqDynamic)> + From<(usize, EqShape)>>,
{
    /// Shape and, for a cut, slope.
    pub fn shape_ui(&self, ui: &mut Ui) {
        ui.horizontal_top(|ui| {
            self.choice_ui(ui, EqShape::Shape, "Shape");
            self.lit(ui, self.band.band.shape.has_slope(), |ui| self.choice_ui(ui, EqShape::Slope, "Slope"));
        });
    }
}

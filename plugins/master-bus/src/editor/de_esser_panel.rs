//! The de-esser: the region that it listens to on the spectrum, its beginning as a line that can be moved, and what is
//! taken away now.

use dsp_core::chain::master::MasterBus;
use dsp_core::dynamics::de_esser::Mode;
use egui::{Align2, FontId, Rect, Stroke, Ui, Vec2, pos2, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{AxisOf, Spectra};
use plumb_widgets::{Divider, Theme, dividers_ui, plot_ui, reduction_ui};

/// Decibels up and down.
const SPAN_DB: f64 = 18.0;
/// Opacity of the region it listens to, and of what is taken away.
const AREA_OPACITY: f32 = 0.12;
const TAKEN_OPACITY: f32 = 0.45;
/// Width of the line of the gain, in points.
const LINE_WIDTH: f32 = 2.0;
/// Knobs in a row.
const PER_ROW: usize = 3;

const KNOBS: [(&str, &str); 5] = [
    ("deess_threshold_db", "Threshold"),
    ("deess_range_db", "Range"),
    ("deess_link_pct", "Link"),
    ("deess_attack_ms", "Attack"),
    ("deess_release_ms", "Release"),
];

/// The de-esser, in a space of a size.
pub(super) fn de_esser_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, spectra: &mut Spectra, size: Vec2) {
    let knobs = PER_ROW as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
    let left = size.x - knobs - theme.reduction_width - 4.0 * theme.gap;
    ui.horizontal_top(|ui| {
        graph_ui(ui, theme, desk, spectra, vec2(left, size.y));
        ui.add_space(theme.gap);
        reduction_ui(ui, theme, size.y, "De-ess GR", desk.readings.de_esser_reduction_db);
        ui.add_space(theme.gap);
        ui.vertical(|ui| {
            desk.knobs(ui, theme, PER_ROW, &KNOBS);
            desk.choice(ui, theme, "deess_mode", "Mode", knobs);
            desk.choice(ui, theme, "deess_listen", "Listen", knobs);
        });
    });
}

fn graph_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, spectra: &mut Spectra, size: Vec2) {
    let settings = &desk.settings.de_esser;
    let (_, plot) = plot_ui(ui, theme, size, "De-esser graph", SPAN_DB);
    spectra.ui(ui, theme, &plot, desk.taps(), false);
    let painter = ui.painter_at(plot.rect);
    let x = plot.x_at(settings.freq_hz).clamp(plot.rect.left(), plot.rect.right());
    let sibilant = Rect::from_min_max(pos2(x, plot.rect.top()), plot.rect.max);
    painter.rect_filled(sibilant, 0.0, theme.accent.gamma_multiply(AREA_OPACITY));
    let taken_from = if settings.mode == Mode::Wide { plot.rect.left() } else { x };
    let (zero, now) = (plot.y_at(0.0), plot.y_at(-desk.readings.de_esser_reduction_db).min(plot.rect.bottom()));
    let taken = Rect::from_min_max(pos2(taken_from, zero), pos2(plot.rect.right(), now));
    painter.rect_filled(taken, 0.0, theme.accent.gamma_multiply(TAKEN_OPACITY));
    painter.hline(taken.x_range(), now, Stroke::new(LINE_WIDTH, theme.accent));
    let font = FontId::proportional(theme.font_small);
    let place = pos2(sibilant.center().x, plot.rect.top() + theme.switch_size.y + theme.gap);
    painter.text(place, Align2::CENTER_TOP, "Sibilants", font, theme.accent);
    if let Some(handle) = desk.handle("deess_freq_hz") {
        let axis = AxisOf::new(&handle);
        let divider = Divider { freq: axis.axis(), at_hz: settings.freq_hz, color: theme.accent };
        for response in dividers_ui(ui, theme, &plot, &[divider]) {
            desk.note("deess_freq_hz", response.rect);
        }
    }
}

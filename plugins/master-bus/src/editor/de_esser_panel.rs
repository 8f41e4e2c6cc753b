//! The de-esser: its band on the spectrum, with a line that sets where it begins, and the gain reduction now.

use dsp_core::dynamics::de_esser::Mode;
use egui::{Align2, FontId, Rect, Stroke, Ui, Vec2, pos2, vec2};
use plumb_controls::DeEsser;
use plumb_panels::{AxisOf, BusContext, Spectra};
use plumb_widgets::{Divider, Theme, dividers_ui, plot_ui, reduction_ui};

/// Decibels up and down.
const SPAN_DB: f64 = 18.0;
/// Opacity of its band, and of the gain reduction.
const AREA_OPACITY: f32 = 0.12;
const REDUCTION_OPACITY: f32 = 0.45;
/// Width of the line of the gain, in points.
const LINE_WIDTH: f32 = 2.0;
/// Knobs in a row.
const PER_ROW: usize = 3;

const KNOBS: [(DeEsser, &str); 5] = [
    (DeEsser::ThresholdDb, "Threshold"),
    (DeEsser::RangeDb, "Range"),
    (DeEsser::LinkPct, "Link"),
    (DeEsser::AttackMs, "Attack"),
    (DeEsser::ReleaseMs, "Release"),
];

/// The de-esser, within a size.
pub(super) fn de_esser_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, spectra: &mut Spectra, size: Vec2) {
    let knobs = PER_ROW as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
    let left = size.x - knobs - theme.reduction_width - 4.0 * theme.gap;
    ui.horizontal_top(|ui| {
        graph_ui(ui, theme, context, spectra, vec2(left, size.y));
        ui.add_space(theme.gap);
        reduction_ui(ui, theme, size.y, "De-ess GR", context.readings.de_esser_reduction_db);
        ui.add_space(theme.gap);
        ui.vertical(|ui| {
            context.knobs(ui, theme, PER_ROW, &KNOBS);
            context.choice(ui, theme, DeEsser::Mode, "Mode", knobs);
            context.choice(ui, theme, DeEsser::Listen, "Listen", knobs);
        });
    });
}

fn graph_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, spectra: &mut Spectra, size: Vec2) {
    let settings = &context.settings.de_esser;
    let (_, plot) = plot_ui(ui, theme, size, "De-esser graph", SPAN_DB);
    spectra.ui(ui, theme, &plot, context.taps(), false);
    let painter = ui.painter_at(plot.rect);
    let x = plot.x_at(settings.freq_hz).clamp(plot.rect.left(), plot.rect.right());
    let sibilant = Rect::from_min_max(pos2(x, plot.rect.top()), plot.rect.max);
    painter.rect_filled(sibilant, 0.0, theme.accent.gamma_multiply(AREA_OPACITY));
    let reduced_from = if settings.mode == Mode::Wide { plot.rect.left() } else { x };
    let (zero, now) = (plot.y_at(0.0), plot.y_at(-context.readings.de_esser_reduction_db).min(plot.rect.bottom()));
    let reduced = Rect::from_min_max(pos2(reduced_from, zero), pos2(plot.rect.right(), now));
    painter.rect_filled(reduced, 0.0, theme.accent.gamma_multiply(REDUCTION_OPACITY));
    painter.hline(reduced.x_range(), now, Stroke::new(LINE_WIDTH, theme.accent));
    let font = FontId::proportional(theme.font_small);
    let place = pos2(sibilant.center().x, plot.rect.top() + theme.switch_size.y + theme.gap);
    painter.text(place, Align2::CENTER_TOP, "Sibilants", font, theme.accent);
    if let Some(handle) = context.handle(DeEsser::FreqHz) {
        let axis = AxisOf::new(&handle);
        let divider = Divider { freq: axis.axis(), at_hz: settings.freq_hz, color: theme.accent };
        for response in dividers_ui(ui, theme, &plot, &[divider]) {
            context.note(DeEsser::FreqHz, response.rect);
        }
    }
}

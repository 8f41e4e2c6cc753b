//! The graph of the multiband dynamics: each band with its gain now, the total response, and the crossovers as lines that
//! can be dragged.

use dsp_core::dynamics::key::Key;
use dsp_core::multiband::Settings;
use egui::{Align2, FontId, Painter, Rangef, Rect, Stroke, Ui, Vec2, pos2};
use plumb_controls::Crossover;
use plumb_panels::{AxisOf, BusContext, Spectra};
use plumb_widgets::{Divider, LEVEL_SCALE_WIDTH, Plot, Theme, dividers_ui, paint_area, paint_curve, plot_ui};

/// Decibels up and down.
const SPAN_DB: f64 = 18.0;
/// Opacity of a band's area, and of the selected one.
const AREA_OPACITY: f32 = 0.09;
const SELECTED_OPACITY: f32 = 0.2;
/// Opacity of the bar between a band's set gain and its gain now.
const BAR_OPACITY: f32 = 0.4;
/// Width of the gain scale at the left edge, in points.
const GAIN_SCALE_WIDTH: f32 = 36.0;
/// Half the width of a crossover's target, in points.
const LINE_REACH: f32 = 2.0;
/// Opacity of bands that are off or muted by a solo.
const QUIET: f32 = 0.4;
/// Width of the total curve, and of the line of a band's gain, in points.
const CURVE_WIDTH: f32 = 2.0;

/// The graph. A band that is clicked becomes `selected`.
pub(super) fn graph_ui(
    ui: &mut Ui,
    theme: &Theme,
    context: &BusContext<'_>,
    selected: &mut usize,
    spectra: &mut Spectra,
    size: Vec2,
) {
    let settings = &context.settings.multiband;
    let count = settings.bands.count();
    let crossovers_hz = settings.heard_crossovers_hz(context.sample_rate_hz());
    let crossovers_hz = &crossovers_hz[..count - 1];
    let (response, plot) = plot_ui(ui, theme, size, "Multiband graph", SPAN_DB);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        *selected = crossovers_hz.iter().filter(|hz| **hz < plot.freq_hz_at(at.x)).count();
    }
    let painter = ui.painter_at(plot.rect);
    let uses_sidechain = settings.on && settings.band[..count].iter().any(|band| band.on && band.key == Key::External);
    let free = spectra.ui(ui, theme, &plot, context.taps(), uses_sidechain);

    let responses = settings.responses(context.sample_rate_hz());
    let gains_db = context.readings.multiband_gains_db;
    for (index, x) in regions(&plot, crossovers_hz).enumerate() {
        let color = theme.band_color(index);
        let works = settings.band[index].on && settings.is_heard(index);
        let strength = if works { 1.0 } else { QUIET };
        let area = if index == *selected { SELECTED_OPACITY } else { AREA_OPACITY };
        let own_db = settings.band_gain_db(index, 0.0);
        paint_area(&painter, &plot, color.gamma_multiply(area * strength), -SPAN_DB, |freq_hz| {
            responses.band_db_at(index, freq_hz)
        });
        let hue = &Theme { accent: color.gamma_multiply(strength), ..*theme };
        paint_gain(&painter, hue, &plot, x, own_db, settings.band_gain_db(index, gains_db[index]));
        paint_mark(&painter, hue, &plot, x, index, index == *selected);
    }
    let gains = settings.heard_gains(gains_db);
    paint_curve(&painter, &plot, theme.text, CURVE_WIDTH, |freq_hz| responses.sum(&gains, freq_hz).gain_db());
    paint_solo(&painter, theme, free, settings);
    crossovers_ui(ui, theme, context, &plot, crossovers_hz);
}

/// The bands' ranges along the graph.
fn regions(plot: &Plot, crossovers_hz: &[f64]) -> impl Iterator<Item = Rangef> {
    let mut edges = vec![plot.rect.left()];
    edges.extend(crossovers_hz.iter().map(|hz| plot.x_at(*hz).clamp(plot.rect.left(), plot.rect.right())));
    edges.push(plot.rect.right());
    edges.windows(2).map(|pair| Rangef::new(pair[0], pair[1])).collect::<Vec<_>>().into_iter()
}

/// A band's set gain as a thin line, its gain now as a thick one, and a bar between them.
fn paint_gain(painter: &Painter, theme: &Theme, plot: &Plot, x: Rangef, own_db: f64, now_db: f64) {
    let (own, now) = (plot.y_at(own_db), plot.y_at(now_db));
    // Clear of the crossovers, and of the scales at both edges.
    let scales = Rangef::new(plot.rect.left() + GAIN_SCALE_WIDTH, plot.rect.right() - LEVEL_SCALE_WIDTH);
    let x = x.shrink(3.0).intersection(scales);
    let bar = Rect::from_x_y_ranges(x, own.min(now)..=own.max(now)).intersect(plot.rect);
    painter.rect_filled(bar, 0.0, theme.accent.gamma_multiply(BAR_OPACITY));
    painter.hline(x, own, Stroke::new(1.0, theme.accent));
    painter.hline(x, now, Stroke::new(CURVE_WIDTH, theme.accent));
}

/// A band's number above its region.
fn paint_mark(painter: &Painter, theme: &Theme, plot: &Plot, x: Rangef, index: usize, is_selected: bool) {
    let center = pos2(x.center(), plot.rect.top() + theme.switch_size.y + theme.node_radius + theme.gap);
    let (fill, ink) = if is_selected { (theme.accent, theme.text_on_accent) } else { (theme.well, theme.accent) };
    painter.circle(center, theme.node_radius, fill, Stroke::new(1.5, theme.accent));
    let font = FontId::proportional(theme.font_small);
    painter.text(center, Align2::CENTER_CENTER, (index + 1).to_string(), font, ink);
}

/// Names the soloed bands: otherwise nobody knows why the sound is so thin.
fn paint_solo(painter: &Painter, theme: &Theme, free: Rect, settings: &Settings) {
    let count = settings.bands.count();
    let soloed = (0..count).filter(|place| settings.band[*place].solo).map(|place| (place + 1).to_string());
    let soloed: Vec<String> = soloed.collect();
    let text = match (settings.delta, soloed.is_empty()) {
        (true, _) => "Delta: only what changes is heard".to_owned(),
        (false, false) => format!("Solo: band {}", soloed.join(", ")),
        (false, true) => return,
    };
    let font = FontId::proportional(theme.font_body);
    painter.text(free.right_center(), Align2::RIGHT_CENTER, text, font, theme.level_hot);
}

fn crossovers_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, plot: &Plot, crossovers_hz: &[f64]) {
    let id = |place: usize| (place, Crossover::Hz);
    let handles: Vec<_> = (0..crossovers_hz.len()).filter_map(|place| context.handle(id(place))).collect();
    let axes: Vec<AxisOf<'_>> = handles.iter().map(AxisOf::new).collect();
    let dividers: Vec<Divider<'_>> = axes
        .iter()
        .zip(crossovers_hz)
        .map(|(axis, at_hz)| Divider { freq: axis.axis(), at_hz: *at_hz, color: theme.text_dim })
        .collect();
    dividers_ui(ui, theme, plot, &dividers);
    for (place, hz) in crossovers_hz.iter().enumerate() {
        // The line; its tag counts as a text.
        context.note(
            id(place),
            Rect::from_x_y_ranges(Rangef::point(plot.x_at(*hz)).expand(LINE_REACH), plot.rect.y_range()),
        );
    }
}

//! The equaliser's graph: the total curve, the curve of the selected band, a node for each band.

use crate::context::PanelContext;
use crate::handle::AxisOf;
use crate::spectra::Spectra;
use dsp_core::eq::band::Band;
use dsp_core::eq::{cascade, dynamic::Source};
use egui::{Align2, FontId, Painter, Rect, Stroke, Ui, Vec2};
use plumb_controls::{ControlTable, EqBand};
use plumb_widgets::{Node, Plot, Theme, node_ui, paint_area, paint_between, paint_curve, plot_ui};

/// Decibels up and down: more is rare, and can still be dragged to.
const SPAN_DB: f64 = 18.0;
/// Opacity of the area under the selected band.
const AREA_OPACITY: f32 = 0.18;
/// Opacity of the range of its dynamics.
const RANGE_OPACITY: f32 = 0.4;
/// Width of the total curve, in points.
const CURVE_WIDTH: f32 = 2.0;
/// Width of the ring around the selected node, in points.
const RING_WIDTH: f32 = 1.5;
/// Between ring and node, in points.
const RING_GAP: f32 = 3.0;
/// Width of the selected band's curve at its present gain, in points.
const LIVE_WIDTH: f32 = 1.5;
/// Width of the selected band's curve at the end of its range, in points.
const RANGE_WIDTH: f32 = 1.0;

/// One band on the graph.
#[derive(Clone, Debug)]
pub struct GraphBand {
    /// Full name, e.g. "Band 1".
    pub name: String,
    /// One letter on the node.
    pub mark: String,
    /// As set.
    pub band: Band,
    /// What its dynamics add to its gain now.
    pub offset_db: f64,
}

impl GraphBand {
    /// Whether its gain moves with the level.
    fn moves(&self) -> bool {
        self.band.on && self.band.shape.has_gain() && self.band.dynamic.on
    }

    /// Whether its dynamics use the sidechain.
    fn uses_sidechain(&self) -> bool {
        self.moves() && self.band.dynamic.source == Source::Sidechain
    }
}

/// What the graph shows, and its size.
#[derive(Clone, Copy, Debug)]
pub struct Graph<'a> {
    /// Its size.
    pub size: Vec2,
    /// The bands, low to high.
    pub bands: &'a [GraphBand],
    /// How much of each gain is applied.
    pub scale_pct: f64,
}

/// The graph. `gain_db_at` is the total curve now; a touched node becomes `selected`.
pub fn eq_graph_ui<S: ControlTable<Id: From<(usize, EqBand)>>, R>(
    ui: &mut Ui,
    theme: &Theme,
    context: &PanelContext<'_, S, R>,
    graph: &Graph<'_>,
    selected: &mut usize,
    spectra: &mut Spectra,
    gain_db_at: impl Fn(f64) -> f64,
) {
    let (_, plot) = plot_ui(ui, theme, graph.size, "EQ graph", SPAN_DB);
    let painter = ui.painter_at(plot.rect);
    let free = spectra.ui(ui, theme, &plot, context.taps(), graph.bands.iter().any(GraphBand::uses_sidechain));
    if let Some(band) = graph.bands.get(*selected) {
        let theme = &Theme { accent: theme.band_color(*selected), ..*theme };
        paint_alone(&painter, theme, &plot, band, graph.scale_pct, context.sample_rate_hz());
    }
    paint_curve(&painter, &plot, theme.text, CURVE_WIDTH, gain_db_at);
    paint_listening(&painter, theme, free, graph.bands);
    for (index, band) in graph.bands.iter().enumerate() {
        let handle = |row: EqBand| context.handle((index, row));
        let (Some(freq), Some(gain), Some(q)) = (handle(EqBand::FreqHz), handle(EqBand::GainDb), handle(EqBand::Q))
        else {
            continue;
        };
        let axis = AxisOf::new(&freq);
        let gain_axis = AxisOf::new(&gain);
        let node = Node {
            name: &band.name,
            mark: &band.mark,
            color: theme.band_color(index),
            on: band.band.on,
            freq: axis.axis(),
            gain: band.band.shape.has_gain().then(|| gain_axis.axis()),
            q: Some(&q),
        };
        let response = node_ui(ui, theme, &plot, &node);
        if response.clicked() || response.dragged() {
            *selected = index;
        }
        if index == *selected {
            let ring = Stroke::new(RING_WIDTH, theme.text);
            painter.circle_stroke(response.rect.center(), theme.node_radius + RING_GAP, ring);
        }
    }
}

/// The selected band alone: the area under its curve and, with dynamics, the range of its gain.
fn paint_alone(painter: &Painter, theme: &Theme, plot: &Plot, band: &GraphBand, scale_pct: f64, sample_rate_hz: f64) {
    let moved_by = |offset_db: f64| {
        let eq = cascade::Settings { scale_pct, ..cascade::Settings::of([band.band]) };
        let curve = eq.moved_by([offset_db]).curve(sample_rate_hz);
        move |freq_hz: f64| curve.gain_db_at(freq_hz)
    };
    let still = moved_by(0.0);
    paint_area(painter, plot, theme.accent.gamma_multiply(AREA_OPACITY), 0.0, &still);
    if band.moves() {
        let loud = moved_by(band.band.dynamic.range_db);
        paint_between(painter, plot, theme.accent.gamma_multiply(RANGE_OPACITY), &still, &loud);
        paint_curve(painter, plot, theme.accent.gamma_multiply(RANGE_OPACITY), RANGE_WIDTH, &loud);
        paint_curve(painter, plot, theme.accent, LIVE_WIDTH, moved_by(band.offset_db));
    }
}

/// Names the bands that are auditioned: otherwise nobody knows why the sound is so thin.
fn paint_listening(painter: &Painter, theme: &Theme, free: Rect, bands: &[GraphBand]) {
    let names: Vec<&str> = bands.iter().filter(|band| band.band.listen).map(|band| band.name.as_str()).collect();
    if !names.is_empty() {
        let text = format!("Listening to {}", names.join(", "));
        painter.text(
            free.right_center(),
            Align2::RIGHT_CENTER,
            text,
            FontId::proportional(theme.font_body),
            theme.level_hot,
        );
    }
}

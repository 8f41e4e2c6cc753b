//! The equaliser's graph: the curve of all, the curve of the band in hand, a node for each band.

use crate::chain::Chain;
use crate::desk::Desk;
use crate::handle::Handle;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::cascade;
use egui::{Ui, Vec2};
use plumb_widgets::{Axis, Node, ParamHandle, Theme, node_ui, paint_area, paint_curve, plot_ui};

/// Decibels up and down: more is seldom wanted, and can still be dragged to.
const SPAN_DB: f64 = 18.0;
/// Opacity of the area under the band in hand.
const AREA_OPACITY: f32 = 0.18;
/// Width of the curve of all, in points.
const CURVE_WIDTH: f32 = 2.0;

/// One band on the graph.
#[derive(Clone, Debug)]
pub struct GraphBand {
    /// What its ids begin with, e.g. `eq_1`.
    pub prefix: String,
    /// Full name, e.g. "Band 1".
    pub name: String,
    /// One letter on the node.
    pub mark: String,
    /// As set.
    pub band: Band,
}

/// The graph. `gain_db_at` is the curve of all; a node that is touched becomes `selected`.
pub fn eq_graph_ui<C: Chain>(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, C>,
    size: Vec2,
    bands: &[GraphBand],
    selected: &mut usize,
    gain_db_at: impl Fn(f64) -> f64,
) {
    let (_, plot) = plot_ui(ui, theme, size, "EQ graph", SPAN_DB);
    let painter = ui.painter_at(plot.rect);
    if let Some(band) = bands.get(*selected) {
        let alone = cascade::Settings { on: true, bands: [band.band] };
        let color = theme.band_color(*selected).gamma_multiply(AREA_OPACITY);
        paint_area(&painter, &plot, color, 0.0, |freq_hz| alone.gain_db_at(freq_hz, desk.sample_rate_hz));
    }
    paint_curve(&painter, &plot, theme.text, CURVE_WIDTH, gain_db_at);
    for (index, band) in bands.iter().enumerate() {
        let handle = |field: &str| desk.handle(&format!("{}_{field}", band.prefix));
        let (Some(freq), Some(gain), Some(q)) = (handle("freq_hz"), handle("gain_db"), handle("q")) else { continue };
        let axis = AxisOf::new(&freq);
        let gain_axis = AxisOf::new(&gain);
        let node = Node {
            name: &band.name,
            mark: &band.mark,
            color: theme.band_color(index),
            on: band.band.on,
            freq: axis.axis(),
            gain: has_gain(band.band.shape).then(|| gain_axis.axis()),
            q: Some(&q),
        };
        let response = node_ui(ui, theme, &plot, &node);
        if response.clicked() || response.dragged() {
            *selected = index;
        }
    }
}

fn has_gain(shape: Shape) -> bool {
    match shape {
        Shape::Bell | Shape::LowShelf | Shape::HighShelf => true,
        Shape::LowCut | Shape::HighCut => false,
    }
}

/// A parameter's travel as an axis of the graph.
struct AxisOf<'a> {
    param: &'a dyn ParamHandle,
    value_at: Box<dyn Fn(f32) -> f64 + 'a>,
    normalized_at: Box<dyn Fn(f64) -> f32 + 'a>,
}

impl<'a> AxisOf<'a> {
    fn new<S>(handle: &'a Handle<'_, S>) -> Self {
        Self {
            param: handle,
            value_at: Box::new(|normalized| handle.value_at(normalized)),
            normalized_at: Box::new(|value| handle.normalized_at(value)),
        }
    }

    fn axis(&self) -> Axis<'_> {
        Axis { param: self.param, value_at: &*self.value_at, normalized_at: &*self.normalized_at }
    }
}

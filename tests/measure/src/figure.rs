//! A figure: panels beneath each other over one axis, their curves, and a legend above.

use plumb_canvas::paper::{BLACK, EDGE, GRID, GROUND, TEXT};
use plumb_canvas::{Anchor, Canvas, Color};

/// Size of a figure and its margins, in pixels.
const WIDTH: u32 = 960;
const LEFT: f32 = 74.0;
const RIGHT: f32 = 930.0;
const LEGEND_TOP: f32 = 20.0;
const LEGEND_PITCH: f32 = 26.0;
/// Room above a panel for its title, and below the last one for the axis.
const TITLE_ROOM: f32 = 36.0;
const AXIS_ROOM: f32 = 62.0;
/// Size of text.
const SIZE: f32 = 18.0;

/// The axis along the bottom.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    name: &'static str,
    ends: [f64; 2],
    marks: Vec<f64>,
    is_log: bool,
}

impl Axis {
    /// Frequencies at equal ratios.
    pub(crate) fn hz(low: f64, high: f64) -> Self {
        const WIDE: [f64; 10] = [20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 20_000.0];
        const TOP: [f64; 10] = [2000.0, 3000.0, 4000.0, 5000.0, 6000.0, 8000.0, 10_000.0, 12_000.0, 16_000.0, 20_000.0];
        let marks = if high / low > 20.0 { &WIDE } else { &TOP };
        let marks = marks.iter().copied().filter(|mark| (low..=high).contains(mark)).collect();
        Self { name: "frequency, Hz", ends: [low, high], marks, is_log: true }
    }

    /// Anything else.
    pub(crate) fn linear(name: &'static str, low: f64, high: f64, step: f64) -> Self {
        Self { name, ends: [low, high], marks: multiples(low, high, step), is_log: false }
    }

    fn x(&self, value: f64) -> f32 {
        let [low, high] = self.ends;
        let share = if self.is_log { (value / low).ln() / (high / low).ln() } else { (value - low) / (high - low) };
        LEFT + (RIGHT - LEFT) * share as f32
    }

    fn mark(&self, value: f64) -> String {
        if self.is_log && value >= 1000.0 { format!("{}k", value / 1000.0) } else { format!("{value}") }
    }
}

fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (first..=last).map(|n| n as f64 * step).collect()
}

/// A curve; one with a name is in the legend.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    name: Option<String>,
    points: Vec<[f64; 2]>,
    color: Color,
    is_truth: bool,
}

impl Curve {
    /// What was measured.
    pub(crate) fn new(color: Color, points: Vec<[f64; 2]>) -> Self {
        Self { name: None, points, color, is_truth: false }
    }

    /// What it is measured against: thin, dark and dashed, above what was drawn before.
    pub(crate) fn truth(points: Vec<[f64; 2]>) -> Self {
        Self { name: None, points, color: BLACK, is_truth: true }
    }

    /// With a name.
    pub(crate) fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    fn draw(&self, canvas: &mut Canvas, points: &[[f32; 2]]) {
        if self.is_truth {
            canvas.dashed(points, 1.4, self.color);
        } else {
            canvas.line(points, 2.6, self.color);
        }
    }
}

/// A panel: what goes upwards, and its curves.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    title: String,
    height: f32,
    ends: [f64; 2],
    step: f64,
    curves: Vec<Curve>,
}

impl Panel {
    /// An empty panel, with lines at multiples of `step`.
    pub(crate) fn new(title: impl Into<String>, height: f32, ends: [f64; 2], step: f64) -> Self {
        Self { title: title.into(), height, ends, step, curves: Vec::new() }
    }

    /// With another curve.
    pub(crate) fn with(mut self, curve: Curve) -> Self {
        self.curves.push(curve);
        self
    }

    fn draw(&self, canvas: &mut Canvas, top: f32, axis: &Axis) {
        let [low, high] = self.ends;
        let bottom = top + self.height;
        let y = |value: f64| bottom - self.height * ((value - low) / (high - low)) as f32;
        canvas.text([LEFT, top - 15.0], SIZE, Anchor::Left, TEXT, &self.title);
        for mark in &axis.marks {
            canvas.line(&[[axis.x(*mark), top], [axis.x(*mark), bottom]], 1.0, GRID);
        }
        let decimals = (0..4).find(|d| (self.step * 10_f64.powi(*d)).fract().abs() < 1e-6).unwrap_or(4) as usize;
        for mark in multiples(low, high, self.step) {
            canvas.line(&[[LEFT, y(mark)], [RIGHT, y(mark)]], 1.0, GRID);
            let text = format!("{:.decimals$}", mark + 0.0);
            canvas.text([LEFT - 8.0, y(mark)], SIZE, Anchor::Right, TEXT, &text);
        }
        canvas.line(&[[LEFT, top], [LEFT, bottom], [RIGHT, bottom], [RIGHT, top], [LEFT, top]], 1.0, EDGE);
        for curve in &self.curves {
            for piece in within(&curve.points, axis.ends, self.ends) {
                let piece: Vec<_> = piece.iter().map(|[at, value]| [axis.x(*at), y(*value)]).collect();
                curve.draw(canvas, &piece);
            }
        }
    }
}

/// What of a curve lies within a panel, in pieces.
fn within(points: &[[f64; 2]], [first, last]: [f64; 2], [low, high]: [f64; 2]) -> Vec<Vec<[f64; 2]>> {
    let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut open = false;
    let seen = |point: &[f64; 2]| point[0] >= first && point[0] <= last && point[1].is_finite();
    for pair in points.windows(2).filter(|pair| seen(&pair[0]) && seen(&pair[1])) {
        let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
        // Shares of the way at which it enters and leaves.
        let cross = |edge: f64| (edge - y0) / (y1 - y0);
        let (mut from, mut to) = if y0 == y1 {
            (0.0, 1.0)
        } else {
            (cross(low).min(cross(high)).max(0.0), cross(low).max(cross(high)).min(1.0))
        };
        if from >= to || y0.max(y1) < low || y0.min(y1) > high {
            (from, to) = (1.0, 0.0);
        }
        let at = |share: f64| [x0 + share * (x1 - x0), y0 + share * (y1 - y0)];
        if from > to {
            open = false;
            continue;
        }
        match pieces.last_mut() {
            Some(piece) if open && from == 0.0 => piece.push(at(to)),
            _ => pieces.push(vec![at(from), at(to)]),
        }
        open = to == 1.0;
    }
    pieces
}

/// A whole figure.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    axis: Axis,
    panels: Vec<Panel>,
}

impl Figure {
    /// Panels over an axis.
    pub(crate) fn new(axis: Axis, panels: Vec<Panel>) -> Self {
        Self { axis, panels }
    }

    /// The picture as a PNG file.
    pub(crate) fn png(&self) -> Option<Vec<u8>> {
        let named = || self.panels.iter().flat_map(|panel| &panel.curves).filter_map(|c| Some((c, c.name.as_ref()?)));
        // Names are placed twice: to know how many lines they need, and to draw them.
        let ruler = Canvas::new(1, 1, GROUND)?;
        let mut places = Vec::new();
        let (mut x, mut y) = (LEFT, LEGEND_TOP);
        for (_, name) in named() {
            let width = 36.0 + ruler.text_width(SIZE, name);
            if x > LEFT && x + width > RIGHT {
                (x, y) = (LEFT, y + LEGEND_PITCH);
            }
            places.push([x, y]);
            x += width + 26.0;
        }
        let mut top = if places.is_empty() { 0.0 } else { y + 12.0 };
        let height: f32 = self.panels.iter().map(|panel| panel.height + TITLE_ROOM).sum();
        let mut canvas = Canvas::new(WIDTH, (top + height + AXIS_ROOM) as u32, GROUND)?;
        for ((curve, name), [x, y]) in named().zip(places) {
            curve.draw(&mut canvas, &[[x, y], [x + 28.0, y]]);
            canvas.text([x + 36.0, y], SIZE, Anchor::Left, TEXT, name);
        }
        for panel in &self.panels {
            top += TITLE_ROOM;
            panel.draw(&mut canvas, top, &self.axis);
            top += panel.height;
        }
        for mark in &self.axis.marks {
            canvas.text([self.axis.x(*mark), top + 16.0], SIZE, Anchor::Middle, TEXT, &self.axis.mark(*mark));
        }
        canvas.text([(LEFT + RIGHT) / 2.0, top + 42.0], SIZE, Anchor::Middle, TEXT, self.axis.name);
        canvas.png()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_end_at_the_edge_and_go_on_where_they_come_back() {
        let points = [[0.0, 0.0], [1.0, 2.0], [2.0, 0.0], [3.0, 0.5]];
        let pieces = within(&points, [0.0, 3.0], [0.0, 1.0]);
        assert_eq!(pieces, [vec![[0.0, 0.0], [0.5, 1.0]], vec![[1.5, 1.0], [2.0, 0.0], [3.0, 0.5]]]);
        assert!(within(&[[0.0, 5.0], [1.0, 7.0]], [0.0, 1.0], [0.0, 1.0]).is_empty());
    }
}

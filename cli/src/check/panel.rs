//! One panel of the plot: a rectangle with a vertical scale; and the layout and colours that all panels share.

use plumb_canvas::{Anchor, Canvas, Color};

/// Size of the picture, in pixels.
pub(super) const WIDTH: u32 = 1600;
pub(super) const HEIGHT: u32 = 1400;
/// Left and right edge of all panels: outside are axis labels on the left, line names on the right.
pub(super) const LEFT: f32 = 90.0;
pub(super) const RIGHT: f32 = 1350.0;

/// Text sizes, in pixels.
pub(super) const SMALL: f32 = 18.0;
pub(super) const LARGE: f32 = 21.0;
pub(super) const TITLE: f32 = 27.0;

/// Colours, with the same meaning in all panels.
pub(super) const GROUND: Color = Color(22, 24, 29, 255);
const PANEL: Color = Color(30, 33, 40, 255);
pub(super) const GRID: Color = Color(56, 61, 72, 255);
pub(super) const TEXT: Color = Color(205, 210, 220, 255);
pub(super) const DIM: Color = Color(140, 147, 160, 255);
pub(super) const BLUE: Color = Color(92, 160, 240, 255);
pub(super) const PALE: Color = Color(92, 160, 240, 110);
pub(super) const GREEN: Color = Color(120, 210, 140, 255);
pub(super) const AMBER: Color = Color(240, 180, 70, 255);
pub(super) const RED: Color = Color(240, 90, 80, 255);

/// A rectangle with a vertical scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panel {
    top: f32,
    height: f32,
    low: f64,
    high: f64,
}

impl Panel {
    pub(super) fn new(top: f32, height: f32, low: f64, high: f64) -> Self {
        Self { top, height, low, high }
    }

    /// The y coordinate of a value, clamped to the panel.
    pub(super) fn y(&self, value: f64) -> f32 {
        let fraction = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.top + self.height * (1.0 - fraction as f32)
    }

    /// The x coordinate of a fraction of the width.
    pub(super) fn x(fraction: f64) -> f32 {
        LEFT + (RIGHT - LEFT) * fraction as f32
    }

    /// Width to the right of the panels.
    pub(super) const MARGIN: f32 = WIDTH as f32 - RIGHT;

    /// Lowest value on the scale.
    pub(super) fn low(&self) -> f64 {
        self.low
    }

    pub(super) fn bottom(&self) -> f32 {
        self.top + self.height
    }

    pub(super) fn top(&self) -> f32 {
        self.top
    }

    /// Paints background, title, legend, and grid lines at multiples of `step`.
    pub(super) fn frame(&self, canvas: &mut Canvas, title: &str, names: &[(&str, Color)], step: f64) {
        canvas.rect([LEFT, self.top], [RIGHT, self.bottom()], PANEL);
        let y = self.top - 18.0;
        canvas.text([LEFT, y], LARGE, Anchor::Left, TEXT, title);
        let mut x = LEFT + canvas.text_width(LARGE, title) + 32.0;
        for (name, color) in names {
            canvas.rect([x, y - 2.5], [x + 26.0, y + 2.5], *color);
            canvas.text([x + 34.0, y], SMALL, Anchor::Left, TEXT, name);
            x += canvas.text_width(SMALL, name) + 64.0;
        }
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        for n in first..=last {
            let value = n as f64 * step;
            self.level(canvas, value, GRID);
            canvas.text([LEFT - 10.0, self.y(value)], SMALL, Anchor::Right, DIM, &format!("{value}"));
        }
    }

    /// Paints a horizontal line at a value.
    pub(super) fn level(&self, canvas: &mut Canvas, value: f64, color: Color) {
        let y = self.y(value);
        canvas.line(&[[LEFT, y], [RIGHT, y]], 1.0, color);
    }
}

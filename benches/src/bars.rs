//! Bar charts: names on the left, our bars in one colour, the others in another.

use plumb_canvas::paper::{BLACK, BLUE, GROUND, TEXT};
use plumb_canvas::{Anchor, Canvas, Color};

const WIDTH: u32 = 960;
const LEFT: f32 = 300.0;
const RIGHT: f32 = 860.0;
const PITCH: f32 = 26.0;
const HEIGHT: f32 = 17.0;
const TOP: f32 = 56.0;
const SIZE: f32 = 17.0;
const OTHERS: Color = Color(190, 194, 202, 255);

/// One bar.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) is_ours: bool,
    /// Its limit, drawn as a line across.
    pub(crate) most: Option<f64>,
}

/// Draws the chart as a PNG file. Bars longer than `end` are cut off; their labels show the value.
pub(crate) fn png(title: &str, bars: &[Bar], end: f64) -> Option<Vec<u8>> {
    let height = TOP + PITCH * bars.len() as f32 + 18.0;
    let mut canvas = Canvas::new(WIDTH, height as u32, GROUND)?;
    canvas.text([24.0, 28.0], SIZE + 2.0, Anchor::Left, TEXT, title);
    let x = |value: f64| LEFT + (RIGHT - LEFT) * (value / end).min(1.0) as f32;
    for (place, bar) in bars.iter().enumerate() {
        let top = TOP + PITCH * place as f32;
        let middle = top + HEIGHT / 2.0;
        let name = canvas.fitting(SIZE, &bar.name, LEFT - 36.0);
        canvas.text([LEFT - 10.0, middle], SIZE, Anchor::Right, TEXT, &name);
        let color = if bar.is_ours { BLUE } else { OTHERS };
        canvas.rect([LEFT, top], [x(bar.value).max(LEFT + 1.0), top + HEIGHT], color);
        canvas.text([x(bar.value) + 8.0, middle], SIZE, Anchor::Left, TEXT, &format!("{:.1}", bar.value));
        if let Some(most) = bar.most.filter(|most| *most <= end) {
            canvas.line(&[[x(most), top - 3.0], [x(most), top + HEIGHT + 3.0]], 2.0, BLACK);
        }
    }
    canvas.png()
}

//! A graph over frequency. [`Plot`] owns frequency → x and decibels → y, for grid, curves, nodes and hit testing.

use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Painter, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

/// The audible range, which a graph shows.
const MIN_HZ: f64 = 20.0;
const MAX_HZ: f64 = 20_000.0;
/// Grid lines with a number, except at the ends.
const NUMBERED_HZ: [(f64, &str); 8] = [
    (50.0, "50"),
    (100.0, "100"),
    (200.0, "200"),
    (500.0, "500"),
    (1_000.0, "1k"),
    (2_000.0, "2k"),
    (5_000.0, "5k"),
    (10_000.0, "10k"),
];
/// Width of a frequency's number, in points.
const NUMBER_WIDTH: f32 = 40.0;
/// Least distance of two lines of the decibel grid, in points.
const LINE_PITCH: f32 = 22.0;
/// Possible steps of a decibel grid.
const LINE_STEPS_DB: [f64; 6] = [1.0, 2.0, 3.0, 6.0, 12.0, 20.0];

/// Mapping of frequencies and decibels to the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The graph.
    pub rect: Rect,
    /// Frequency at the left edge.
    pub min_hz: f64,
    /// Frequency at the right edge.
    pub max_hz: f64,
    /// Decibels at the lower edge.
    pub min_db: f64,
    /// Decibels at the upper edge.
    pub max_db: f64,
}

impl Plot {
    /// 20 Hz to 20 kHz, and `span_db` up and down.
    #[must_use]
    pub const fn new(rect: Rect, span_db: f64) -> Self {
        Self { rect, min_hz: MIN_HZ, max_hz: MAX_HZ, min_db: -span_db, max_db: span_db }
    }

    /// The same frequencies over other decibels, e.g. for a spectrum behind the curve.
    #[must_use]
    pub const fn with_decibels(self, min_db: f64, max_db: f64) -> Self {
        Self { min_db, max_db, ..self }
    }

    /// Place of a frequency: equal ratios, equal distances.
    #[must_use]
    pub fn x_at(&self, freq_hz: f64) -> f32 {
        let octaves = (self.max_hz / self.min_hz).log2();
        self.rect.left() + self.rect.width() * ((freq_hz / self.min_hz).log2() / octaves) as f32
    }

    /// Frequency at a place.
    #[must_use]
    pub fn freq_hz_at(&self, x: f32) -> f64 {
        let part = f64::from((x - self.rect.left()) / self.rect.width());
        self.min_hz * (self.max_hz / self.min_hz).powf(part)
    }

    /// Place of a gain.
    #[must_use]
    pub fn y_at(&self, gain_db: f64) -> f32 {
        self.rect.top() + self.rect.height() * ((self.max_db - gain_db) / (self.max_db - self.min_db)) as f32
    }

    /// Gain at a place.
    #[must_use]
    pub fn gain_db_at(&self, y: f32) -> f64 {
        let part = f64::from((y - self.rect.top()) / self.rect.height());
        self.max_db - part * (self.max_db - self.min_db)
    }

    /// Step of the decibel grid: the smallest that keeps the lines apart.
    fn line_step_db(&self) -> f64 {
        let per_db = f64::from(self.rect.height()) / (self.max_db - self.min_db);
        let fits = |step: &&f64| **step * per_db >= f64::from(LINE_PITCH);
        LINE_STEPS_DB.iter().find(fits).copied().unwrap_or(self.max_db)
    }
}

/// An empty graph with its grid, to paint curves and put nodes on. Its response senses clicks where no node is; egui
/// says where in `interact_pointer_pos`.
pub fn plot_ui(ui: &mut Ui, theme: &Theme, size: Vec2, name: &str, span_db: f64) -> (Response, Plot) {
    let (_, rect) = ui.allocate_space(size);
    let id = ui.make_persistent_id(("plot", name));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), name));
    let plot = Plot::new(rect, span_db);
    if ui.is_rect_visible(rect) {
        paint_grid(&ui.painter_at(rect), theme, &plot);
    }
    (response, plot)
}

fn paint_grid(painter: &Painter, theme: &Theme, plot: &Plot) {
    let rect = plot.rect;
    let line = Stroke::new(1.0, theme.grid);
    painter.rect_filled(rect, theme.corner, theme.well);
    let foot = rect.bottom() - theme.name_height;
    for (freq_hz, number) in NUMBERED_HZ {
        let x = plot.x_at(freq_hz);
        painter.vline(x, rect.top()..=foot, line);
        let place =
            Rect::from_center_size(pos2(x, foot + theme.name_height / 2.0), vec2(NUMBER_WIDTH, theme.name_height));
        paint_text(painter, place, Align2::CENTER_CENTER, number, theme.font_small, theme.text_dim);
    }
    let step = plot.line_step_db();
    let lines = (plot.max_db.max(-plot.min_db) / step).floor() as i32;
    for i in -lines..=lines {
        let gain_db = f64::from(i) * step;
        let y = plot.y_at(gain_db);
        // Numbers stand on their lines; those at the edges would be cut, those at the foot would meet the frequencies.
        let half = theme.name_height / 2.0;
        if y < rect.top() + half || y > foot - half {
            continue;
        }
        let stroke = if i == 0 { Stroke::new(1.0, theme.track) } else { line };
        painter.hline(rect.left() + NUMBER_WIDTH * 0.75..=rect.right(), y, stroke);
        let place = Rect::from_min_max(pos2(rect.left() + 4.0, y - half), pos2(rect.left() + NUMBER_WIDTH, y + half));
        let number = if i > 0 { format!("+{gain_db:.0}") } else { format!("{gain_db:.0}") };
        paint_text(painter, place, Align2::LEFT_CENTER, number, theme.font_small, theme.text_dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;

    fn plot() -> Plot {
        Plot::new(Rect::from_min_size(pos2(40.0, 20.0), vec2(600.0, 240.0)), 18.0)
    }

    #[test]
    fn the_edges_are_20_hz_and_20_khz_and_decades_are_equally_wide() {
        let plot = plot();
        // f32 positions: a thousandth of a pixel.
        let near = |a: f32, b: f32| (a - b).abs() < 1e-3;
        assert!(near(plot.x_at(20.0), 40.0) && near(plot.x_at(20_000.0), 640.0));
        assert!(near(plot.x_at(200.0), 240.0) && near(plot.x_at(2_000.0), 440.0));
        assert!(near(plot.y_at(18.0), 20.0) && near(plot.y_at(0.0), 140.0) && near(plot.y_at(-18.0), 260.0));
    }

    #[test]
    fn positions_and_values_are_inverse() {
        let plot = plot();
        for freq_hz in [10.0, 20.0, 440.0, 19_999.0, 30_000.0] {
            // f32 positions: 600 points over ten octaves leave 1e-6 of a frequency.
            assert!((plot.freq_hz_at(plot.x_at(freq_hz)) / freq_hz - 1.0).abs() < 1e-5);
        }
        for gain_db in [-30.0, -18.0, 0.1, 6.0] {
            assert!((plot.gain_db_at(plot.y_at(gain_db)) - gain_db).abs() < 1e-5);
        }
    }

    #[test]
    fn grid_numbers_do_not_overlap_at_any_span_and_size() {
        for (size, span_db) in [((700.0, 300.0), 6.0), ((700.0, 300.0), 18.0), ((360.0, 120.0), 30.0)] {
            let harness = testing::harness(|ui, theme| {
                plot_ui(ui, theme, size.into(), "EQ", span_db);
            });
            let rect = harness.get_by_label("EQ").rect();
            let plot = Plot::new(rect, span_db);
            let pitch = plot.y_at(0.0) - plot.y_at(plot.line_step_db());
            assert!(pitch >= Theme::default().name_height, "{pitch} points");
            testing::assert_texts_are_apart(&harness);
        }
    }
}

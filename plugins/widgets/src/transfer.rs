//! The static curve of a dynamics processor: output over input, with threshold and operating point.

use crate::text::paint_text;
use crate::theme::Theme;
use egui::{Align2, Painter, Pos2, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

/// Both axes reach from here to 0 dBFS.
const MIN_DB: f64 = -60.0;
/// Grid lines with a number; the ends need none.
const NUMBERS: [i32; 4] = [-12, -24, -36, -48];
/// Horizontal distance of two points of the curve.
const STEP: f32 = 2.0;
/// Radius of the operating point, in points.
const POINT_RADIUS: f32 = 4.5;

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transfer<'a> {
    /// Name, unique within its `Ui`, e.g. "Compressor curve".
    pub name: &'a str,
    /// The threshold, if there is one.
    pub threshold_db: Option<f64>,
    /// The operating point: input and output in dB.
    pub operating_db: Option<(f64, f64)>,
}

/// A graph of `output_db_at`: output level over input level, both in dB.
pub fn transfer_ui(ui: &mut Ui, theme: &Theme, transfer: &Transfer<'_>, output_db_at: impl Fn(f64) -> f64) -> Response {
    let (_, rect) = ui.allocate_space(theme.transfer_size);
    let id = ui.make_persistent_id(("transfer", transfer.name));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), transfer.name));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter_at(rect);
        paint_grid(&painter, theme, rect);
        paint_transfer(&painter, theme, rect, transfer, output_db_at);
    }
    response
}

/// Position of a level along one axis, 0 to 1; NaN is at the low end.
fn part(level_db: f64) -> f32 {
    if level_db.is_nan() { 0.0 } else { (1.0 - level_db / MIN_DB) as f32 }
}

fn place(rect: Rect, input_db: f64, output_db: f64) -> Pos2 {
    let y = rect.bottom() - rect.height() * part(output_db).clamp(-0.05, 1.05);
    pos2(rect.left() + rect.width() * part(input_db).clamp(0.0, 1.0), y)
}

fn paint_grid(painter: &Painter, theme: &Theme, rect: Rect) {
    painter.rect_filled(rect, theme.corner, theme.well);
    let line = Stroke::new(1.0, theme.grid);
    painter.line_segment([rect.left_bottom(), rect.right_top()], line);
    for number in NUMBERS {
        let at = place(rect, f64::from(number), f64::from(number));
        painter.vline(at.x, rect.y_range(), line);
        painter.hline(rect.x_range(), at.y, line);
        // One labelled scale: the output's, on the left, where curves that reduce leave room.
        let half = theme.name_height / 2.0;
        let numbers = Rect::from_min_max(pos2(rect.left() + 3.0, at.y - half), pos2(rect.left() + 34.0, at.y + half));
        paint_text(painter, numbers, Align2::LEFT_CENTER, number.to_string(), theme.font_small, theme.text_dim);
    }
}

fn paint_transfer(
    painter: &Painter,
    theme: &Theme,
    rect: Rect,
    transfer: &Transfer<'_>,
    output_db_at: impl Fn(f64) -> f64,
) {
    if let Some(threshold_db) = transfer.threshold_db {
        let x = place(rect, threshold_db, 0.0).x;
        painter.vline(x, rect.y_range(), Stroke::new(1.0, theme.accent.gamma_multiply(0.6)));
    }
    let points = curve(rect, output_db_at).collect();
    painter.line(points, Stroke::new(2.0, theme.accent));
    if let Some((input_db, output_db)) = transfer.operating_db.filter(|(input_db, _)| *input_db > MIN_DB) {
        painter.circle(place(rect, input_db, output_db), POINT_RADIUS, theme.text, Stroke::new(1.5, theme.well));
    }
}

fn curve(rect: Rect, output_db_at: impl Fn(f64) -> f64) -> impl Iterator<Item = Pos2> {
    let count = (rect.width() / STEP).ceil() as usize;
    (0..=count).map(move |i| {
        let input_db = MIN_DB * (1.0 - i as f64 / count as f64);
        place(rect, input_db, output_db_at(input_db))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;

    const RECT: Rect = Rect { min: pos2(10.0, 20.0), max: pos2(130.0, 140.0) };

    #[test]
    fn unity_gain_is_the_diagonal() {
        let points: Vec<Pos2> = curve(RECT, |input_db| input_db).collect();
        // f32 positions: a thousandth of a pixel.
        let near = |a: Pos2, b: Pos2| a.distance(b) < 1e-3;
        assert!(near(points[0], RECT.left_bottom()) && near(points[points.len() - 1], RECT.right_top()));
        assert!(points.iter().all(|p| (p.x - RECT.left() - (RECT.bottom() - p.y)).abs() < 1e-3));
        assert!(near(place(RECT, -30.0, -45.0), pos2(70.0, 110.0)));
    }

    #[test]
    fn out_of_range_and_non_finite_levels_stay_near_the_graph() {
        for level in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 300.0] {
            assert!(RECT.expand(7.0).contains(place(RECT, level, level)), "{level}");
            let harness = testing::harness(|ui, theme| {
                let transfer =
                    Transfer { name: "Curve", threshold_db: Some(level), operating_db: Some((level, level)) };
                transfer_ui(ui, theme, &transfer, |_| level);
            });
            harness.get_by_label("Curve");
            testing::assert_texts_are_apart(&harness);
        }
    }
}

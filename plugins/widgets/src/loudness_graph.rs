//! Loudness over time: momentary as an area, short-term as a line, the target and the integrated loudness as levels
//! across. Now is at the right edge.

use crate::text::{paint_text, text_width};
use crate::theme::Theme;
use egui::epaint::{Mesh, PathStroke};
use egui::{
    Align2, Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// Loudness at the upper and the lower edge, in LUFS.
const TOP_LUFS: f32 = 0.0;
const BOTTOM_LUFS: f32 = -54.0;
/// Distance of horizontal lines, in LU.
const LINE_LU: i32 = 6;
/// Room for the numbers at the left edge, in points.
const LEFT: f32 = 30.0;
/// Least distance of two times, in points.
const TIME_PITCH: f32 = 70.0;
/// Grid steps of time: seconds, and their text.
const TIME_STEPS: [(f64, f64, &str); 12] = [
    (5.0, 1.0, "s"),
    (10.0, 1.0, "s"),
    (30.0, 1.0, "s"),
    (60.0, 60.0, "min"),
    (120.0, 60.0, "min"),
    (300.0, 60.0, "min"),
    (600.0, 60.0, "min"),
    (1800.0, 60.0, "min"),
    (3600.0, 3600.0, "h"),
    (7200.0, 3600.0, "h"),
    (21_600.0, 3600.0, "h"),
    (43_200.0, 3600.0, "h"),
];
/// Opacity of the area of momentary loudness.
const AREA_OPACITY: f32 = 0.22;
/// Widths of lines, in points.
const LINE_WIDTH: f32 = 1.5;
const LEVEL_WIDTH: f32 = 1.0;

/// What to show.
#[derive(Clone, Copy, Debug)]
pub struct LoudnessGraph<'a> {
    /// Momentary and short-term loudness, oldest first, the last one now; −∞ is silence.
    pub points: &'a [[f32; 2]],
    /// Time from one to the next, in seconds.
    pub step_s: f64,
    /// Time from the left edge to the right, in seconds.
    pub span_s: f64,
    /// Target loudness, in LUFS.
    pub target_lufs: f64,
    /// Integrated loudness, in LUFS; −∞ for none.
    pub integrated_lufs: f64,
}

/// Where loudness and times are.
struct Axes {
    rect: Rect,
    span_s: f64,
}

impl Axes {
    fn y_at(&self, lufs: f32) -> f32 {
        let lufs = if lufs.is_nan() { BOTTOM_LUFS } else { lufs.clamp(BOTTOM_LUFS, TOP_LUFS) };
        let part = (TOP_LUFS - lufs) / (TOP_LUFS - BOTTOM_LUFS);
        self.rect.top() + part * self.rect.height()
    }

    fn x_at(&self, ago_s: f64) -> f32 {
        self.rect.right() - self.rect.width() * (ago_s / self.span_s) as f32
    }
}

/// The graph, of a size.
pub fn loudness_graph_ui(ui: &mut Ui, theme: &Theme, size: Vec2, graph: &LoudnessGraph<'_>) -> Response {
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, ui.make_persistent_id("loudness graph"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), "Loudness history"));
    if ui.is_rect_visible(rect) {
        let painter = ui.painter_at(rect);
        let inner = Rect::from_min_max(
            pos2(rect.left() + LEFT, rect.top() + theme.name_height / 2.0),
            pos2(rect.right(), rect.bottom() - theme.name_height),
        );
        let axes = Axes { rect: inner, span_s: graph.span_s };
        painter.rect_filled(rect, theme.corner, theme.well);
        paint_grid(&painter, theme, &axes);
        paint_points(&painter.with_clip_rect(inner), theme, &axes, graph);
        paint_levels(&painter, theme, &axes, graph);
    }
    response
}

fn paint_grid(painter: &Painter, theme: &Theme, axes: &Axes) {
    let (line, rect) = (Stroke::new(1.0, theme.grid), axes.rect);
    for lufs in (BOTTOM_LUFS as i32..=TOP_LUFS as i32).rev().step_by(LINE_LU as usize) {
        let y = axes.y_at(lufs as f32);
        painter.hline(rect.x_range(), y, line);
        let place = Rect::from_min_max(
            pos2(rect.left() - LEFT, y - theme.name_height / 2.0),
            pos2(rect.left() - 4.0, y + theme.name_height / 2.0),
        );
        paint_text(painter, place, Align2::RIGHT_CENTER, lufs.to_string(), theme.font_small, theme.text_dim);
    }
    let fits = |(step_s, ..): &&(f64, f64, &str)| rect.right() - axes.x_at(*step_s) >= TIME_PITCH;
    let Some((step_s, unit_s, unit)) = TIME_STEPS.iter().find(fits) else { return };
    let half = vec2(TIME_PITCH / 2.0, theme.name_height / 2.0);
    for n in 1.. {
        let ago_s = f64::from(n) * step_s;
        let x = axes.x_at(ago_s);
        // Half a text from the edge on it would be cut.
        if x < rect.left() + half.x {
            break;
        }
        painter.vline(x, rect.y_range(), line);
        let place = Rect::from_center_size(pos2(x, rect.bottom() + half.y), 2.0 * half);
        let text = format!("-{:.0} {unit}", ago_s / unit_s);
        paint_text(painter, place, Align2::CENTER_CENTER, text, theme.font_small, theme.text_dim);
    }
}

fn paint_points(painter: &Painter, theme: &Theme, axes: &Axes, graph: &LoudnessGraph<'_>) {
    let newest = graph.points.len().saturating_sub(1);
    let x = |n: usize| axes.x_at((newest - n) as f64 * graph.step_s);
    let (mut mesh, area) = (Mesh::default(), theme.accent.gamma_multiply(AREA_OPACITY));
    for (n, [momentary_lufs, _]) in graph.points.iter().enumerate() {
        mesh.colored_vertex(pos2(x(n), axes.rect.bottom()), area);
        mesh.colored_vertex(pos2(x(n), axes.y_at(*momentary_lufs)), area);
        if let Some(before) = n.checked_sub(1) {
            let (a, b) = (2 * before as u32, 2 * n as u32);
            mesh.add_triangle(a, a + 1, b);
            mesh.add_triangle(a + 1, b, b + 1);
        }
    }
    painter.add(Shape::mesh(mesh));
    // Silence interrupts the line.
    let mut first = 0;
    for part in graph.points.chunk_by(|a, b| a[1].is_finite() == b[1].is_finite()) {
        if part[0][1].is_finite() {
            let line: Vec<Pos2> = part.iter().zip(first..).map(|(point, n)| pos2(x(n), axes.y_at(point[1]))).collect();
            painter.line(line, PathStroke::new(LINE_WIDTH, theme.accent));
        }
        first += part.len();
    }
}

/// Target and integrated loudness with their names; a name that would overlap the other is below its line.
fn paint_levels(painter: &Painter, theme: &Theme, axes: &Axes, graph: &LoudnessGraph<'_>) {
    let (target, integrated) = (graph.target_lufs as f32, graph.integrated_lufs as f32);
    let below = integrated.is_finite() && target < integrated;
    level(painter, theme, axes, (target, below), "Target", theme.level_hot);
    if integrated.is_finite() {
        level(painter, theme, axes, (integrated, !below), "Integrated", theme.text);
    }
}

fn level(painter: &Painter, theme: &Theme, axes: &Axes, (lufs, below): (f32, bool), name: &str, color: Color32) {
    let y = axes.y_at(lufs);
    painter.hline(axes.rect.x_range(), y, Stroke::new(LEVEL_WIDTH, color));
    let text = format!("{name} {lufs:.1}");
    let size = vec2(text_width(painter, &text, theme.font_small) + 1.0, theme.name_height);
    let top = if below { y + 1.0 } else { y - size.y - 1.0 };
    let top = top.clamp(axes.rect.top(), axes.rect.bottom() - size.y);
    let place = Rect::from_min_size(pos2(axes.rect.left() + theme.gap, top), size);
    paint_text(painter, place, Align2::LEFT_CENTER, text, theme.font_small, color);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn graph(points: &[[f32; 2]], span_s: f64, integrated_lufs: f64) -> LoudnessGraph<'_> {
        LoudnessGraph { points, step_s: 0.1, span_s, target_lufs: -14.0, integrated_lufs }
    }

    #[test]
    fn texts_do_not_overlap_at_any_span_and_level() {
        let points = [[f32::NEG_INFINITY; 2], [-20.0, f32::NEG_INFINITY], [-20.0, -23.0], [5.0, f32::NAN]];
        for span_s in [30.0, 180.0, 720.0, 3600.0, 43_200.0, 172_800.0] {
            for integrated_lufs in [f64::NEG_INFINITY, -14.0, -13.9, -14.1, -80.0, 3.0] {
                let harness = testing::harness(|ui, theme| {
                    loudness_graph_ui(ui, theme, vec2(560.0, 320.0), &graph(&points, span_s, integrated_lufs));
                });
                testing::assert_texts_are_apart(&harness);
                let texts = testing::texts(&harness);
                assert!(texts.iter().any(|(text, _)| text.starts_with('-') && text.ends_with(['s', 'n', 'h'])));
            }
        }
    }

    #[test]
    fn now_is_right_and_louder_is_higher() {
        let axes = Axes { rect: Rect::from_min_max(pos2(0.0, 0.0), pos2(300.0, 54.0)), span_s: 30.0 };
        assert_eq!([axes.x_at(0.0), axes.x_at(30.0), axes.x_at(10.0)], [300.0, 0.0, 200.0]);
        assert_eq!([axes.y_at(0.0), axes.y_at(-27.0), axes.y_at(f32::NEG_INFINITY)], [0.0, 27.0, 54.0]);
    }

    #[test]
    fn an_empty_history_is_harmless() {
        let harness = testing::harness(|ui, theme| {
            loudness_graph_ui(ui, theme, vec2(560.0, 320.0), &graph(&[], 30.0, f64::NAN));
        });
        testing::assert_texts_are_apart(&harness);
    }
}

//! A vectorscope: a dot per frame, mid vertically, side horizontally. In-phase signals are vertical, single channels
//! diagonal, out-of-phase signals horizontal.

use crate::text::paint_text;
use crate::theme::Theme;
use egui::epaint::Mesh;
use egui::{Align2, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Size of a dot, in points.
const DOT: f32 = 1.5;
/// Opacity of the newest and of the oldest dot.
const OPACITY: [f32; 2] = [0.9, 0.15];
/// Half a line of text's place, in points.
const LETTER: f32 = 8.0;

/// The layout of the dots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScopeShape {
    /// A Lissajous figure, rotated by 45°.
    #[default]
    Lissajous,
    /// The lower half folded into the upper one: direction and level.
    Polar,
}

impl ScopeShape {
    /// Place of a frame, left and right within ±1: to the right and upwards, together no longer than 1.
    #[must_use]
    pub fn place(self, [left, right]: [f32; 2]) -> [f32; 2] {
        let (side, middle) = ((right - left) / 2.0, (left + right) / 2.0);
        if self == Self::Polar && middle < 0.0 { [-side, -middle] } else { [side, middle] }
    }
}

/// A scope of a size for frames of left and right, oldest first, enlarged by a gain.
pub fn scope_ui(ui: &mut Ui, theme: &Theme, size: Vec2, shape: ScopeShape, frames: &[[f32; 2]], gain: f32) -> Response {
    let (_, rect) = ui.allocate_space(size);
    let response = ui.interact(rect, ui.make_persistent_id("scope"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), "Vectorscope"));
    if ui.is_rect_visible(rect) {
        let axes = Axes::new(rect, shape);
        paint_axes(&ui.painter_at(rect), theme, &axes, rect);
        paint_dots(&ui.painter_at(rect), theme, &axes, shape, frames, gain);
    }
    response
}

/// Where the scope's origin is and how far 1 is from it.
struct Axes {
    origin: Pos2,
    radius: f32,
    /// Whether there is a lower half.
    whole: bool,
}

impl Axes {
    fn new(rect: Rect, shape: ScopeShape) -> Self {
        let room = rect.shrink(2.0 * LETTER);
        match shape {
            ScopeShape::Lissajous => {
                Self { origin: room.center(), radius: room.width().min(room.height()) / 2.0, whole: true }
            }
            ScopeShape::Polar => {
                let radius = (room.width() / 2.0).min(room.height());
                Self { origin: pos2(room.center().x, room.center().y + radius / 2.0), radius, whole: false }
            }
        }
    }

    fn at(&self, [right, up]: [f32; 2]) -> Pos2 {
        self.origin + vec2(right, -up) * self.radius
    }
}

fn paint_axes(painter: &Painter, theme: &Theme, axes: &Axes, rect: Rect) {
    painter.rect_filled(rect, theme.corner, theme.well);
    let line = Stroke::new(1.0, theme.grid);
    let (top, left, right) = (axes.at([0.0, 1.0]), axes.at([-1.0, 0.0]), axes.at([1.0, 0.0]));
    for (from, to) in [(left, top), (top, right), (left, right), (axes.origin, top)] {
        painter.line_segment([from, to], line);
    }
    for side in [-0.5, 0.5] {
        painter.line_segment([axes.origin, axes.at([side, 0.5])], line);
    }
    if axes.whole {
        let bottom = axes.at([0.0, -1.0]);
        for (from, to) in [(left, bottom), (bottom, right), (axes.origin, bottom)] {
            painter.line_segment([from, to], line);
        }
        for side in [-0.5, 0.5] {
            painter.line_segment([axes.origin, axes.at([side, -0.5])], line);
        }
    }
    let letter = |at: Pos2, by: Vec2, text: &str| {
        let place = Rect::from_center_size(at + by * LETTER, Vec2::splat(2.0 * LETTER));
        paint_text(painter, place, Align2::CENTER_CENTER, text, theme.font_small, theme.text_dim);
    };
    letter(top, vec2(0.0, -1.0), "M");
    letter(axes.at([-0.5, 0.5]), vec2(-1.0, -1.0), "L");
    letter(axes.at([0.5, 0.5]), vec2(1.0, -1.0), "R");
    letter(left, vec2(-1.0, 0.0), "S");
    letter(right, vec2(1.0, 0.0), "S");
}

fn paint_dots(painter: &Painter, theme: &Theme, axes: &Axes, shape: ScopeShape, frames: &[[f32; 2]], gain: f32) {
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(4 * frames.len());
    mesh.reserve_triangles(2 * frames.len());
    let [newest, oldest] = OPACITY;
    let last = frames.len().max(2) - 1;
    for (n, frame) in frames.iter().enumerate() {
        let frame = frame.map(|x| if x.is_finite() { (x * gain).clamp(-1.0, 1.0) } else { 0.0 });
        let age = 1.0 - n as f32 / last as f32;
        let color = theme.accent.gamma_multiply(newest + (oldest - newest) * age);
        mesh.add_colored_rect(Rect::from_center_size(axes.at(shape.place(frame)), Vec2::splat(DOT)), color);
    }
    painter.add(Shape::mesh(mesh));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::kittest::Queryable;

    #[test]
    fn mono_is_vertical_one_channel_diagonal_and_antiphase_horizontal() {
        let place = |frame| ScopeShape::Lissajous.place(frame);
        assert_eq!([place([1.0, 1.0]), place([-1.0, -1.0])], [[0.0, 1.0], [0.0, -1.0]]);
        assert_eq!([place([1.0, 0.0]), place([0.0, 1.0])], [[-0.5, 0.5], [0.5, 0.5]]);
        assert_eq!(place([-1.0, 1.0]), [1.0, 0.0]);
    }

    #[test]
    fn polar_has_no_lower_half_and_separates_the_channels() {
        let place = |frame| ScopeShape::Polar.place(frame);
        assert_eq!([place([1.0, 1.0]), place([-1.0, -1.0])], [[0.0, 1.0]; 2]);
        assert_eq!([place([1.0, 0.0]), place([-1.0, 0.0])], [[-0.5, 0.5]; 2], "left is left whatever its sign");
        assert_eq!([place([0.0, 1.0]), place([0.0, -1.0])], [[0.5, 0.5]; 2]);
    }

    #[test]
    fn it_takes_any_numbers_and_its_letters_do_not_overlap() {
        let frames = [[f32::NAN, f32::INFINITY], [1e30, -1e30], [0.5, 0.25]];
        for shape in [ScopeShape::Lissajous, ScopeShape::Polar] {
            for size in [vec2(300.0, 340.0), vec2(200.0, 120.0)] {
                let harness = testing::harness(|ui, theme| {
                    scope_ui(ui, theme, size, shape, &frames, 2.0);
                    ui.push_id("empty", |ui| scope_ui(ui, theme, vec2(120.0, 100.0), shape, &[], 1.0));
                });
                testing::assert_texts_are_apart(&harness);
                assert!(harness.get_all_by_label("Vectorscope").count() == 2);
            }
        }
    }
}

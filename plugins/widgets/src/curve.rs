//! Curves on a [`Plot`]: functions are evaluated at every other point, nothing is cached; lists of points, such as spectra,
//! are painted as they are.

use crate::plot::Plot;
use egui::epaint::{Mesh, PathStroke};
use egui::{Color32, Painter, Pos2, Shape, pos2};

/// Horizontal distance of two points of a curve: finer is not visible, and every point costs a call.
const STEP: f32 = 2.0;

/// Paints a curve: decibels over Hz.
pub fn paint_curve(painter: &Painter, plot: &Plot, color: Color32, width: f32, gain_db_at: impl Fn(f64) -> f64) {
    let points = places(plot, &gain_db_at).collect();
    painter.with_clip_rect(plot.rect.intersect(painter.clip_rect())).line(points, PathStroke::new(width, color));
}

/// Fills between a curve and `base_db`: the lower edge for a spectrum, 0 for a gain.
pub fn paint_area(painter: &Painter, plot: &Plot, color: Color32, base_db: f64, level_db_at: impl Fn(f64) -> f64) {
    paint_between(painter, plot, color, |_| base_db, level_db_at);
}

/// Fills between two curves.
pub fn paint_between(
    painter: &Painter,
    plot: &Plot,
    color: Color32,
    one_db_at: impl Fn(f64) -> f64,
    other_db_at: impl Fn(f64) -> f64,
) {
    fill(painter, plot, color, places(plot, &one_db_at).zip(places(plot, &other_db_at)));
}

/// Paints a line through points: Hz, rising, and decibels.
pub fn paint_points(
    painter: &Painter,
    plot: &Plot,
    color: Color32,
    width: f32,
    points: impl Iterator<Item = (f64, f64)>,
) {
    let points = points.map(|point| place_of(plot, point)).collect();
    painter.with_clip_rect(plot.rect.intersect(painter.clip_rect())).line(points, PathStroke::new(width, color));
}

/// Fills the area under points, down to the lower edge.
pub fn paint_points_area(painter: &Painter, plot: &Plot, color: Color32, points: impl Iterator<Item = (f64, f64)>) {
    let foot = plot.rect.bottom();
    let edges = points.map(|point| place_of(plot, point)).map(|place| (pos2(place.x, foot), place));
    fill(painter, plot, color, edges);
}

fn place_of(plot: &Plot, (freq_hz, value_db): (f64, f64)) -> Pos2 {
    pos2(plot.x_at(freq_hz), visible_y(plot, value_db))
}

/// Fills between two edges.
fn fill(painter: &Painter, plot: &Plot, color: Color32, edges: impl Iterator<Item = (Pos2, Pos2)>) {
    let mut mesh = Mesh::default();
    for (i, (one, other)) in (0_u32..).zip(edges) {
        mesh.colored_vertex(other, color);
        mesh.colored_vertex(one, color);
        if let Some(left) = i.checked_sub(1) {
            mesh.add_triangle(2 * left, 2 * left + 1, 2 * i);
            mesh.add_triangle(2 * left + 1, 2 * i, 2 * i + 1);
        }
    }
    painter.with_clip_rect(plot.rect.intersect(painter.clip_rect())).add(Shape::mesh(mesh));
}

fn places<'a>(plot: &'a Plot, value_db_at: &'a impl Fn(f64) -> f64) -> impl Iterator<Item = Pos2> + 'a {
    let count = (plot.rect.width() / STEP).ceil() as usize;
    (0..=count).map(move |i| {
        let x = (plot.rect.left() + i as f32 * STEP).min(plot.rect.right());
        pos2(x, visible_y(plot, value_db_at(plot.freq_hz_at(x))))
    })
}

/// Just outside the graph for values beyond it, so that no line runs along its edge; NaN is below.
fn visible_y(plot: &Plot, value_db: f64) -> f32 {
    let y = if value_db.is_nan() { f32::INFINITY } else { plot.y_at(value_db) };
    y.clamp(plot.rect.top() - 4.0, plot.rect.bottom() + 4.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Rect, vec2};

    fn plot() -> Plot {
        Plot::new(Rect::from_min_size(pos2(40.0, 20.0), vec2(601.0, 240.0)), 18.0)
    }

    #[test]
    fn a_curve_goes_from_edge_to_edge_and_through_its_values() {
        let plot = plot();
        let slope = |freq_hz: f64| (freq_hz / 1_000.0).log2();
        let places: Vec<Pos2> = places(&plot, &slope).collect();
        assert_eq!((places[0].x, places[places.len() - 1].x), (plot.rect.left(), plot.rect.right()));
        for place in places {
            // f32 positions: a thousandth of a pixel.
            assert!((place.y - plot.y_at(slope(plot.freq_hz_at(place.x)))).abs() < 1e-3);
        }
    }

    #[test]
    fn out_of_range_and_non_finite_values_stay_near_the_graph() {
        let plot = plot();
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert!(places(&plot, &|_| value).all(|place| plot.rect.expand(4.0).contains(place)), "{value}");
        }
    }
}

//! A picture to draw on: rectangles, lines and text, and the PNG it becomes. For every picture that is not a window.

use ab_glyph::{Font, FontRef, ScaleFont, point};
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Rect, Stroke};
use tiny_skia::{StrokeDash, Transform};

pub mod paper;

/// Red, green, blue and opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8, pub u8);

/// Where a text's given place lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its beginning.
    Left,
    /// In its middle.
    Middle,
    /// At its end.
    Right,
}

/// A picture in the making. Its ground is opaque, and so it stays.
pub struct Canvas {
    pixmap: Pixmap,
    font: FontRef<'static>,
}

impl Canvas {
    /// An empty picture.
    #[must_use]
    pub fn new(width: u32, height: u32, ground: Color) -> Option<Self> {
        let mut pixmap = Pixmap::new(width, height)?;
        let Color(r, g, b, _) = ground;
        pixmap.fill(tiny_skia::Color::from_rgba8(r, g, b, u8::MAX));
        let font = FontRef::try_from_slice(epaint_default_fonts::UBUNTU_LIGHT).ok()?;
        Some(Self { pixmap, font })
    }

    /// A filled rectangle from one corner to the other.
    pub fn rect(&mut self, [x0, y0]: [f32; 2], [x1, y1]: [f32; 2], color: Color) {
        if let Some(rect) = Rect::from_ltrb(x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)) {
            self.pixmap.fill_rect(rect, &paint(color), Transform::identity(), None);
        }
    }

    /// A line through points.
    pub fn line(&mut self, points: &[[f32; 2]], width: f32, color: Color) {
        self.stroke(points, width, color, None);
    }

    /// A dashed line through points.
    pub fn dashed(&mut self, points: &[[f32; 2]], width: f32, color: Color) {
        self.stroke(points, width, color, StrokeDash::new(vec![6.0, 5.0], 0.0));
    }

    fn stroke(&mut self, points: &[[f32; 2]], width: f32, color: Color, dash: Option<StrokeDash>) {
        let Some(path) = path(points) else { return };
        let stroke = Stroke { width, line_cap: LineCap::Butt, line_join: LineJoin::Round, dash, ..Stroke::default() };
        self.pixmap.stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
    }

    /// The area within points.
    pub fn area(&mut self, points: &[[f32; 2]], color: Color) {
        let Some(path) = path(points) else { return };
        self.pixmap.fill_path(&path, &paint(color), FillRule::Winding, Transform::identity(), None);
    }

    /// How wide a text is.
    #[must_use]
    pub fn text_width(&self, size: f32, text: &str) -> f32 {
        let font = self.font.as_scaled(size);
        text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum()
    }

    /// As much of a text as fits, from its beginning.
    #[must_use]
    pub fn fitting(&self, size: f32, text: &str, room: f32) -> String {
        if self.text_width(size, text) <= room {
            return text.to_owned();
        }
        let mut shown: String = text.to_owned();
        while !shown.is_empty() && self.text_width(size, &shown) + self.text_width(size, "...") > room {
            shown.pop();
        }
        shown + "..."
    }

    /// A text whose middle line is at `y`.
    pub fn text(&mut self, [x, y]: [f32; 2], size: f32, anchor: Anchor, color: Color, text: &str) {
        let width = self.text_width(size, text);
        let mut x = match anchor {
            Anchor::Left => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::Right => x - width,
        };
        let font = self.font.clone();
        let scaled = font.as_scaled(size);
        // Capitals and digits are about 0.7 of the ascent high: their middle goes to `y`.
        let baseline = y + 0.35 * scaled.ascent();
        for c in text.chars() {
            let id = scaled.glyph_id(c);
            let glyph = id.with_scale_and_position(size, point(x, baseline));
            x += scaled.h_advance(id);
            if let Some(outline) = scaled.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, share| {
                    self.blend(bounds.min.x as i64 + i64::from(dx), bounds.min.y as i64 + i64::from(dy), share, color);
                });
            }
        }
    }

    fn blend(&mut self, x: i64, y: i64, share: f32, Color(r, g, b, a): Color) {
        let (width, height) = (i64::from(self.pixmap.width()), i64::from(self.pixmap.height()));
        if !(0..width).contains(&x) || !(0..height).contains(&y) {
            return;
        }
        let share = share.clamp(0.0, 1.0) * f32::from(a) / 255.0;
        let pixel = &mut self.pixmap.pixels_mut()[(y * width + x) as usize];
        let mix =
            |below: u8, above: u8| (f32::from(below) + share * (f32::from(above) - f32::from(below))).round() as u8;
        let mixed = [mix(pixel.red(), r), mix(pixel.green(), g), mix(pixel.blue(), b)];
        if let Some(mixed) = PremultipliedColorU8::from_rgba(mixed[0], mixed[1], mixed[2], u8::MAX) {
            *pixel = mixed;
        }
    }

    /// The picture as a PNG file.
    #[must_use]
    pub fn png(&self) -> Option<Vec<u8>> {
        let rgb: Vec<u8> = self.pixmap.pixels().iter().flat_map(|p| [p.red(), p.green(), p.blue()]).collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.pixmap.width(), self.pixmap.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        // Areas of one colour pack best as they are.
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&rgb).ok()?;
        writer.finish().ok()?;
        Some(bytes)
    }
}

fn paint(Color(r, g, b, a): Color) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, a);
    paint.anti_alias = true;
    paint
}

fn path(points: &[[f32; 2]]) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    let (first, rest) = points.split_first()?;
    builder.move_to(first[0], first[1]);
    rest.iter().for_each(|[x, y]| builder.line_to(*x, *y));
    builder.finish()
}

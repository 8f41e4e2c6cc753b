//! A level meter: bars of peak, RMS inside them, a line that holds the peak, a scale, and the largest peak as a number.

use crate::scale::Scale;
use crate::text::{decibels, paint_text};
use crate::theme::{HOT_DBFS, Theme};
use egui::{Align2, Context, Id, Painter, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// The scale's ends in dBFS: above full scale as far as floats go in practice, and down to where nobody listens.
const TOP_DBFS: f64 = 6.0;
const BOTTOM_DBFS: f64 = -60.0;
/// Numbers on the scale, the ones that must not be left out first.
const NUMBERS: [i32; 9] = [0, 6, -60, -6, -12, -18, -24, -36, -48];
/// How long the line holds a peak, in seconds: long enough to read it off.
const HOLD_S: f64 = 1.5;
/// Width of a channel's bar, in points.
const BAR_WIDTH: f32 = 13.0;
/// Between two bars, and between bars and scale, in points.
const BAR_GAP: f32 = 2.0;
/// How much of its bar RMS fills.
const RMS_WIDTH: f32 = 0.5;
/// More channels than this are not shown.
const MAX_CHANNELS: usize = 2;

/// What a channel's bar shows. −∞ is silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Peak in dBFS.
    pub peak_dbfs: f64,
    /// RMS in dBFS.
    pub rms_dbfs: f64,
}

impl Reading {
    /// Of nothing.
    pub const SILENCE: Self = Self { peak_dbfs: f64::NEG_INFINITY, rms_dbfs: f64::NEG_INFINITY };
}

/// What the meter remembers between frames.
#[derive(Clone, Copy, Debug)]
struct Memory {
    held: [(f64, f64); MAX_CHANNELS],
    max_dbfs: f64,
}

impl Default for Memory {
    fn default() -> Self {
        Self { held: [(f64::NEG_INFINITY, 0.0); MAX_CHANNELS], max_dbfs: f64::NEG_INFINITY }
    }
}

/// A meter of one or two channels. `max_dbfs` is the largest peak so far, if somebody measures it; with `None` the
/// meter remembers the largest it was given. A click clears held peaks and the remembered maximum; a measured one is the
/// caller's to clear when the response was clicked.
pub fn meter_ui(
    ui: &mut Ui,
    theme: &Theme,
    height: f32,
    name: &str,
    channels: &[Reading],
    max_dbfs: Option<f64>,
) -> Response {
    let (_, rect) = ui.allocate_space(vec2(theme.meter_width, height));
    let id = ui.make_persistent_id(("meter", name));
    let mut response = ui.interact(rect, id, Sense::click());
    let channels = &channels[..channels.len().min(MAX_CHANNELS)];
    if response.clicked() {
        ui.data_mut(|data| data.remove::<Memory>(id));
        response.mark_changed();
    }
    let memory = remember(ui.ctx(), id, channels);
    let max_dbfs = max_dbfs.unwrap_or(memory.max_dbfs);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), name);
        info.current_text_value = Some(format!("{} dB", decibels(max_dbfs)));
        info
    });
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        cut = paint_meter(ui.painter(), theme, rect, name, channels, &memory, max_dbfs);
    }
    response.on_hover_ui(|ui| {
        ui.label(if cut { format!("{name}: click to clear the peak") } else { "Click to clear the peak".to_owned() });
    })
}

/// Takes this frame's peaks into the memory, and asks for a frame when a held one is due to fall.
fn remember(ctx: &Context, id: Id, channels: &[Reading]) -> Memory {
    let now_s = ctx.input(|i| i.time);
    let mut memory: Memory = ctx.data(|data| data.get_temp(id)).unwrap_or_default();
    for (held, reading) in memory.held.iter_mut().zip(channels) {
        memory.max_dbfs = memory.max_dbfs.max(reading.peak_dbfs);
        if reading.peak_dbfs >= held.0 || now_s - held.1 >= HOLD_S || !held.0.is_finite() {
            *held = (reading.peak_dbfs, now_s);
        } else {
            ctx.request_repaint_after_secs((HOLD_S - (now_s - held.1)) as f32);
        }
    }
    ctx.data_mut(|data| data.insert_temp(id, memory));
    memory
}

/// Returns whether the name was cut.
fn paint_meter(
    painter: &Painter,
    theme: &Theme,
    rect: Rect,
    name: &str,
    channels: &[Reading],
    memory: &Memory,
    max_dbfs: f64,
) -> bool {
    let name_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let max_rect = name_rect.translate(vec2(0.0, theme.name_height));
    let cut = paint_text(painter, name_rect, Align2::CENTER_CENTER, name, theme.font_small, theme.text_dim);
    let max_color = if max_dbfs >= HOT_DBFS { theme.level_color(max_dbfs) } else { theme.text };
    paint_text(painter, max_rect, Align2::CENTER_CENTER, decibels(max_dbfs), theme.font_body, max_color);

    // Half a line at both ends, for the numbers there.
    let y = Rangef::new(max_rect.bottom() + theme.name_height / 2.0, rect.bottom() - theme.name_height / 2.0);
    let scale = Scale { top_db: TOP_DBFS, bottom_db: BOTTOM_DBFS, y };
    let mut left = rect.left();
    for (reading, held) in channels.iter().zip(memory.held) {
        let bar = Rect::from_x_y_ranges(left..=left + BAR_WIDTH, y);
        paint_bar(painter, theme, &scale, bar, *reading, held.0);
        left += BAR_WIDTH + BAR_GAP;
    }
    let numbers = Rect::from_min_max(pos2(left, y.min), pos2(rect.right(), y.max));
    scale.paint(painter, theme, numbers, &NUMBERS);
    cut
}

fn paint_bar(painter: &Painter, theme: &Theme, scale: &Scale, bar: Rect, reading: Reading, held_dbfs: f64) {
    painter.rect_filled(bar, 1.0, theme.well);
    let rms = Rect::from_center_size(bar.center(), vec2(bar.width() * RMS_WIDTH, bar.height()));
    // From the top: over, hot, good.
    for (upper, lower) in [(f64::INFINITY, 0.0), (0.0, HOT_DBFS), (HOT_DBFS, BOTTOM_DBFS)] {
        let color = theme.level_color(lower);
        for (bar, level, color) in
            [(bar, reading.peak_dbfs, color.gamma_multiply(0.55)), (rms, reading.rms_dbfs, color)]
        {
            let level = level.min(upper);
            if level > lower {
                painter.rect_filled(scale.span(bar, level, lower), 0.0, color);
            }
        }
    }
    if held_dbfs > BOTTOM_DBFS {
        painter.hline(bar.x_range(), scale.y_at(held_dbfs), Stroke::new(2.0, theme.level_color(held_dbfs)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable;
    use std::cell::Cell;

    fn meter(peak: &Cell<f64>, max: Option<f64>) -> Harness<'_> {
        testing::harness(move |ui, theme| {
            let reading = Reading { peak_dbfs: peak.get(), rms_dbfs: peak.get() - 10.0 };
            meter_ui(ui, theme, 240.0, "Input", &[reading; 2], max);
        })
    }

    fn says(harness: &Harness<'_>) -> Option<String> {
        harness.get_by_label("Input").value()
    }

    #[test]
    fn it_remembers_the_largest_peak_until_a_click() {
        let peak = Cell::new(-3.0);
        let mut harness = meter(&peak, None);
        peak.set(-20.0);
        harness.run();
        assert_eq!(says(&harness).as_deref(), Some("-3.0 dB"));
        harness.get_by_label("Input").click();
        harness.run();
        assert_eq!(says(&harness).as_deref(), Some("-20.0 dB"));
    }

    #[test]
    fn a_measured_maximum_is_shown_as_it_is() {
        let peak = Cell::new(-3.0);
        let harness = meter(&peak, Some(1.25));
        assert_eq!(says(&harness).as_deref(), Some("1.3 dB"));
    }

    #[test]
    fn silence_and_nonsense_show_no_bar_and_do_no_harm() {
        for level in [f64::NEG_INFINITY, f64::NAN, f64::INFINITY, 1e300] {
            let peak = Cell::new(level);
            let mut harness = meter(&peak, None);
            harness.run();
            testing::assert_texts_are_apart(&harness);
        }
        let peak = Cell::new(f64::NEG_INFINITY);
        assert_eq!(says(&meter(&peak, None)).as_deref(), Some("–∞ dB"));
    }

    #[test]
    fn the_held_peak_falls_after_its_time_and_no_frame_is_asked_for_then() {
        let ctx = Context::default();
        let id = Id::unique("meter");
        let at = |time: f64, peak_dbfs: f64| {
            let mut held = 0.0;
            let input = egui::RawInput { time: Some(time), ..Default::default() };
            let output = ctx.run_ui(input, |ui| {
                held = remember(ui.ctx(), id, &[Reading { peak_dbfs, rms_dbfs: peak_dbfs }]).held[0].0;
            });
            output.drop_without_applying_deltas();
            held
        };
        assert_eq!([at(0.0, -6.0), at(0.1, -20.0), at(1.4, -20.0), at(1.6, -20.0)], [-6.0, -6.0, -6.0, -20.0]);
        assert_eq!(at(1.7, -3.0), -3.0, "a larger peak is taken at once");
    }

    #[test]
    fn short_meters_leave_numbers_out_and_keep_the_important_ones() {
        let harness = testing::harness(|ui, theme| {
            meter_ui(ui, theme, 120.0, "Input", &[Reading::SILENCE], None);
        });
        testing::assert_texts_are_apart(&harness);
        let texts: Vec<String> = testing::texts(&harness).into_iter().map(|(text, _)| text).collect();
        assert!(texts.contains(&"0".to_owned()) && texts.contains(&"-60".to_owned()), "{texts:?}");
        assert!(!texts.contains(&"-6".to_owned()), "{texts:?}");
    }
}

//! A level meter: peak bars with RMS inside, a peak-hold line, a scale, and the largest peak as a number. 0 dB is full
//! scale, or below it with colour zones for RMS, as in the K-System.

use crate::scale::Scale;
use crate::text::{decibels, paint_text};
use crate::theme::{HOT_DBFS, Theme};
use egui::{
    Align2, Color32, Context, Id, Painter, Rangef, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

/// Ends of the scale in dBFS: above full scale as far as floats go in practice, and down to inaudible levels.
const TOP_DBFS: f64 = 6.0;
const BOTTOM_DBFS: f64 = -60.0;
/// The same of a scale with headroom, whose end is full scale.
const HEADROOM_TOP_DBFS: f64 = 0.0;
/// Numbers on the scale, the most important first.
const NUMBERS: [i32; 9] = [0, 6, -60, -6, -12, -18, -24, -36, -48];
/// The same with headroom, between full scale and the lower end.
const HEADROOM_NUMBERS: [i32; 9] = [0, 4, -40, -20, -10, 8, -6, -30, -3];
/// Opacity of a peak bar in the colour of its level, and of one on a scale that only colours RMS.
const PEAK_OPACITY: [f32; 2] = [0.55, 0.3];
/// Peak hold time, in seconds: long enough to read.
const HOLD_S: f64 = 1.5;
/// Width of a channel's bar, in points.
const BAR_WIDTH: f32 = 13.0;
/// Gap between bars, and between bars and scale, in points.
const BAR_GAP: f32 = 2.0;
/// Width of the RMS bar as a fraction of the peak bar.
const RMS_WIDTH: f32 = 0.5;
/// More channels than this are not shown.
const MAX_CHANNELS: usize = 2;

/// What a channel's bar shows, in dB on the meter's scale. −∞ is silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Peak.
    pub peak_db: f64,
    /// RMS.
    pub rms_db: f64,
}

impl Reading {
    /// Silence.
    pub const SILENCE: Self = Self { peak_db: f64::NEG_INFINITY, rms_db: f64::NEG_INFINITY };
}

/// Reference and colour zones of a meter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelScale {
    /// Full scale, in dB on this scale: the headroom above its 0 dB.
    pub full_scale_db: f64,
    /// Levels from which on a level is hot, and over, in dB on this scale.
    pub zones_db: [f64; 2],
}

impl LevelScale {
    /// 0 dB is full scale.
    pub const DBFS: Self = Self { full_scale_db: 0.0, zones_db: [HOT_DBFS, 0.0] };

    fn has_headroom(&self) -> bool {
        self.full_scale_db > 0.0
    }

    fn top_db(&self) -> f64 {
        self.full_scale_db + if self.has_headroom() { HEADROOM_TOP_DBFS } else { TOP_DBFS }
    }

    fn bottom_db(&self) -> f64 {
        self.full_scale_db + BOTTOM_DBFS
    }

    /// The colour of an RMS, or of a peak where there is no headroom.
    fn color(&self, theme: &Theme, level_db: f64) -> Color32 {
        let [hot_db, over_db] = self.zones_db;
        if level_db >= over_db {
            theme.level_over
        } else if level_db >= hot_db {
            theme.level_hot
        } else {
            theme.level_good
        }
    }

    /// The colour of a peak: on a scale with headroom, only full scale has its own.
    fn peak_color(&self, theme: &Theme, peak_db: f64) -> Color32 {
        match (self.has_headroom(), peak_db >= self.full_scale_db) {
            (false, _) => self.color(theme, peak_db),
            (true, true) => theme.level_over,
            (true, false) => theme.text_dim,
        }
    }

    fn numbers(&self) -> Vec<i32> {
        if !self.has_headroom() {
            return NUMBERS.to_vec();
        }
        let within = |number: &i32| (self.bottom_db()..self.full_scale_db).contains(&f64::from(*number));
        [self.full_scale_db as i32].into_iter().chain(HEADROOM_NUMBERS.into_iter().filter(within)).collect()
    }
}

/// State between frames, in dBFS on every scale.
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

/// A meter of one or two channels. `max_db` is the largest peak so far, if it is measured elsewhere; with `None`
/// the meter keeps the largest it was given. A click clears held peaks and the kept maximum; a measured one is up to the
/// caller to clear on a click.
pub fn meter_ui(
    ui: &mut Ui,
    theme: &Theme,
    height: f32,
    name: &str,
    scale: &LevelScale,
    channels: &[Reading],
    max_db: Option<f64>,
) -> Response {
    let (_, rect) = ui.allocate_space(vec2(theme.meter_width, height));
    let id = ui.make_persistent_id(("meter", name));
    let mut response = ui.interact(rect, id, Sense::click());
    let channels = &channels[..channels.len().min(MAX_CHANNELS)];
    if response.clicked() {
        ui.data_mut(|data| data.remove::<Memory>(id));
        response.mark_changed();
    }
    let memory = remember(ui.ctx(), id, scale, channels);
    let max_db = max_db.unwrap_or(memory.max_dbfs + scale.full_scale_db);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, ui.is_enabled(), name);
        info.current_text_value = Some(format!("{} dB", decibels(max_db)));
        info
    });
    let mut cut = false;
    if ui.is_rect_visible(rect) {
        let bars = Bars { scale, channels, memory: &memory, max_db };
        cut = paint_meter(ui.painter(), theme, rect, name, &bars);
    }
    response.on_hover_ui(|ui| {
        ui.label(if cut { format!("{name}: click to clear the peak") } else { "Click to clear the peak".to_owned() });
    })
}

/// Updates the state with this frame's peaks, and requests a repaint for when a held one falls.
fn remember(ctx: &Context, id: Id, scale: &LevelScale, channels: &[Reading]) -> Memory {
    let now_s = ctx.input(|i| i.time);
    let mut memory: Memory = ctx.data(|data| data.get_temp(id)).unwrap_or_default();
    for (held, reading) in memory.held.iter_mut().zip(channels) {
        let peak_dbfs = reading.peak_db - scale.full_scale_db;
        memory.max_dbfs = memory.max_dbfs.max(peak_dbfs);
        if peak_dbfs >= held.0 || now_s - held.1 >= HOLD_S || !held.0.is_finite() {
            *held = (peak_dbfs, now_s);
        } else {
            ctx.request_repaint_after_secs((HOLD_S - (now_s - held.1)) as f32);
        }
    }
    ctx.data_mut(|data| data.insert_temp(id, memory));
    memory
}

/// What to show.
struct Bars<'a> {
    scale: &'a LevelScale,
    channels: &'a [Reading],
    memory: &'a Memory,
    max_db: f64,
}

/// Returns whether the name was cut.
fn paint_meter(painter: &Painter, theme: &Theme, rect: Rect, name: &str, bars: &Bars<'_>) -> bool {
    let Bars { scale: levels, channels, memory, max_db } = bars;
    let name_rect = Rect::from_min_size(rect.min, vec2(rect.width(), theme.name_height));
    let max_rect = name_rect.translate(vec2(0.0, theme.name_height));
    let cut = paint_text(painter, name_rect, Align2::CENTER_CENTER, name, theme.font_small, theme.text_dim);
    let max_dbfs = max_db - levels.full_scale_db;
    let max_color = if max_dbfs >= HOT_DBFS { theme.level_color(max_dbfs) } else { theme.text };
    paint_text(painter, max_rect, Align2::CENTER_CENTER, decibels(*max_db), theme.font_body, max_color);

    // Half a line at both ends, for the numbers there.
    let y = Rangef::new(max_rect.bottom() + theme.name_height / 2.0, rect.bottom() - theme.name_height / 2.0);
    let scale = Scale { top_db: levels.top_db(), bottom_db: levels.bottom_db(), y };
    let mut left = rect.left();
    for (reading, held) in channels.iter().zip(memory.held) {
        let bar = Rect::from_x_y_ranges(left..=left + BAR_WIDTH, y);
        paint_bar(painter, theme, (levels, &scale), bar, *reading, held.0 + levels.full_scale_db);
        left += BAR_WIDTH + BAR_GAP;
    }
    let numbers = Rect::from_min_max(pos2(left, y.min), pos2(rect.right(), y.max));
    scale.paint(painter, theme, numbers, &levels.numbers());
    cut
}

fn paint_bar(
    painter: &Painter,
    theme: &Theme,
    (levels, scale): (&LevelScale, &Scale),
    bar: Rect,
    reading: Reading,
    held_db: f64,
) {
    painter.rect_filled(bar, 1.0, theme.well);
    let rms = Rect::from_center_size(bar.center(), vec2(bar.width() * RMS_WIDTH, bar.height()));
    let ([hot_db, over_db], bottom_db) = (levels.zones_db, levels.bottom_db());
    let fill = |bar: Rect, level_db: f64, lower_db: f64, upper_db: f64, color: Color32| {
        let level_db = level_db.min(upper_db);
        if level_db > lower_db {
            painter.rect_filled(scale.span(bar, level_db, lower_db), 0.0, color);
        }
    };
    let [lit, plain] = PEAK_OPACITY;
    if levels.has_headroom() {
        fill(bar, reading.peak_db, bottom_db, f64::INFINITY, theme.text_dim.gamma_multiply(plain));
    }
    // From the top: over, hot, good.
    for (upper_db, lower_db) in [(f64::INFINITY, over_db), (over_db, hot_db), (hot_db, bottom_db)] {
        let color = levels.color(theme, lower_db);
        if !levels.has_headroom() {
            fill(bar, reading.peak_db, lower_db, upper_db, color.gamma_multiply(lit));
        }
        fill(rms, reading.rms_db, lower_db, upper_db, color);
    }
    if held_db > bottom_db {
        painter.hline(bar.x_range(), scale.y_at(held_db), Stroke::new(2.0, levels.peak_color(theme, held_db)));
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
            let reading = Reading { peak_db: peak.get(), rms_db: peak.get() - 10.0 };
            meter_ui(ui, theme, 240.0, "Input", &LevelScale::DBFS, &[reading; 2], max);
        })
    }

    fn says(harness: &Harness<'_>) -> Option<String> {
        harness.get_by_label("Input").value()
    }

    #[test]
    fn a_click_clears_the_largest_peak() {
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
    fn a_measured_maximum_is_shown_unchanged() {
        let peak = Cell::new(-3.0);
        let harness = meter(&peak, Some(1.25));
        assert_eq!(says(&harness).as_deref(), Some("1.3 dB"));
    }

    #[test]
    fn silence_and_non_finite_values_show_no_bar() {
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
    fn a_held_peak_falls_in_time_and_then_requests_no_repaint() {
        let ctx = Context::default();
        let id = Id::unique("meter");
        let at = |time: f64, peak_dbfs: f64| {
            let mut held = 0.0;
            let input = egui::RawInput { time: Some(time), ..Default::default() };
            let output = ctx.run_ui(input, |ui| {
                let reading = Reading { peak_db: peak_dbfs, rms_db: peak_dbfs };
                held = remember(ui.ctx(), id, &LevelScale::DBFS, &[reading]).held[0].0;
            });
            output.drop_without_applying_deltas();
            held
        };
        assert_eq!([at(0.0, -6.0), at(0.1, -20.0), at(1.4, -20.0), at(1.6, -20.0)], [-6.0, -6.0, -6.0, -20.0]);
        assert_eq!(at(1.7, -3.0), -3.0, "a larger peak is taken at once");
    }

    #[test]
    fn short_meters_keep_the_important_numbers() {
        let harness = testing::harness(|ui, theme| {
            meter_ui(ui, theme, 120.0, "Input", &LevelScale::DBFS, &[Reading::SILENCE], None);
        });
        testing::assert_texts_are_apart(&harness);
        let texts: Vec<String> = testing::texts(&harness).into_iter().map(|(text, _)| text).collect();
        assert!(texts.contains(&"0".to_owned()) && texts.contains(&"-60".to_owned()), "{texts:?}");
        assert!(!texts.contains(&"-6".to_owned()), "{texts:?}");
    }

    #[test]
    fn with_headroom_0_db_is_below_full_scale() {
        let full_scale_db = Cell::new(20.0);
        let mut harness = testing::harness(|ui, theme| {
            let scale = LevelScale { full_scale_db: full_scale_db.get(), zones_db: [0.0, 4.0] };
            let reading = Reading { peak_db: full_scale_db.get() - 3.0, rms_db: 2.0 };
            meter_ui(ui, theme, 400.0, "Input", &scale, &[reading; 2], None);
        });
        for (headroom_db, says) in [(20.0, "17.0 dB"), (14.0, "11.0 dB"), (12.0, "9.0 dB")] {
            full_scale_db.set(headroom_db);
            harness.run();
            assert_eq!(harness.get_by_label("Input").value().as_deref(), Some(says));
            let texts: Vec<String> = testing::texts(&harness).into_iter().map(|(text, _)| text).collect();
            for number in [headroom_db.to_string().as_str(), "0", "4", "-40"] {
                assert!(texts.iter().any(|text| text == number), "K-{headroom_db}: {number} of {texts:?}");
            }
            testing::assert_texts_are_apart(&harness);
        }
        let (theme, scale) = (Theme::default(), LevelScale { full_scale_db: 20.0, zones_db: [0.0, 4.0] });
        let colors = [-0.1, 0.0, 3.9, 4.0].map(|db| scale.color(&theme, db));
        assert_eq!(colors, [theme.level_good, theme.level_hot, theme.level_hot, theme.level_over]);
        assert_eq!([19.9, 20.0].map(|db| scale.peak_color(&theme, db)), [theme.text_dim, theme.level_over]);
    }
}

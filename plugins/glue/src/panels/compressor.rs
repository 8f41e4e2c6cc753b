//! The compressor: reduction of both lanes, static curve, knobs, and lines for what is seldom touched.

use super::lines::{lines_height, lines_ui};
use super::page::{knob_rows, lit_ui};
use crate::desk::Desk;
use dsp_core::dynamics::compressor::{Operation, Settings, Style};
use egui::{Ui, vec2};
use plumb_controls::Controlled;
use plumb_widgets::{Accent, Theme, Transfer, reductions_ui, reductions_width, transfer_ui};

/// Reduction from which on the working point is shown, in dB: below, it could be anywhere under the threshold.
const LEAST_REDUCTION_DB: f64 = 0.1;
/// Halvings in the search for the working point: 60 dB to a thousandth.
const HALVINGS: usize = 16;

const KNOBS: [(&str, &str); 8] = [
    ("comp_threshold_db", "Threshold"),
    ("comp_ratio", "Ratio"),
    ("comp_knee_db", "Knee"),
    ("comp_makeup_db", "Make-up"),
    ("comp_attack_ms", "Attack"),
    ("comp_hold_ms", "Hold"),
    ("comp_release_ms", "Release"),
    ("comp_mix_pct", "Mix"),
];
/// Knobs in a row.
const PER_ROW: usize = 4;
/// Lanes; how it listens.
const LANES: [(&str, &str); 3] = [("comp_channels", "Channels"), ("comp_link_pct", "Link"), ("comp_range_db", "Range")];
const DETECTOR: [(&str, &str); 3] =
    [("comp_detector", "Detector"), ("comp_lookahead", "Lookahead"), ("comp_listen", "Listen")];
/// What it listens to.
const KEY: [(&str, &str); 3] =
    [("comp_key", "Key"), ("comp_key_low_cut_hz", "Low cut"), ("comp_key_high_cut_hz", "High cut")];
/// Width of the columns of lines beside the knobs, in points.
const COLUMN_WIDTH: f32 = 164.0;
/// Width of the choice of a style in the header, in points.
const STYLE_WIDTH: f32 = 232.0;
/// Width of the switches in the header, in points.
const AUTO_WIDTH: f32 = 100.0;

/// Where the lines stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Under curve and knobs, three columns of three: higher.
    Below,
    /// Beside the knobs, two columns: wider.
    Beside,
}

/// What the compressor's panel shows, and in what space.
#[derive(Clone, Copy, Debug)]
pub struct Compressor {
    /// As set.
    pub settings: Settings,
    /// What it takes away now, left and right, or mid and side.
    pub reductions_db: [f64; 2],
    /// Width of the curve.
    pub curve_width: f32,
    /// Where its lines stand.
    pub lines: Lines,
}

impl Compressor {
    /// Height of the contents of the section.
    #[must_use]
    pub fn height(theme: &Theme, lines: Lines) -> f32 {
        let knobs = knob_rows(theme, 2);
        match lines {
            Lines::Below => knobs + theme.gap + lines_height(theme, KEY.len()),
            Lines::Beside => knobs,
        }
    }

    /// Width of the contents of the section without the curve.
    #[must_use]
    pub fn width_without_curve(theme: &Theme, lines: Lines) -> f32 {
        let knobs = PER_ROW as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
        let bare = reductions_width(theme) + theme.gap + theme.gap + knobs;
        match lines {
            Lines::Below => bare,
            Lines::Beside => bare + 2.0 * (theme.gap + COLUMN_WIDTH),
        }
    }
}

/// The compressor's section.
pub fn compressor_panel_ui<C: Controlled>(ui: &mut Ui, desk: &Desk<'_, C>, comp: &Compressor) {
    desk.section(ui, Accent::Compressor, "Compressor", Some("comp_on"), |ui, theme| {
        let height = Compressor::height(theme, comp.lines);
        let width = Compressor::width_without_curve(theme, comp.lines) + comp.curve_width;
        header_ui(ui, theme, desk, comp, width);
        ui.horizontal_top(|ui| {
            let letters = match comp.settings.operation {
                Operation::Stereo => ["L", "R"],
                Operation::MidSide => ["M", "S"],
            };
            let lanes = [0, 1].map(|lane| (letters[lane], comp.reductions_db[lane]));
            reductions_ui(ui, theme, height, "Comp GR", &lanes);
            match comp.lines {
                Lines::Below => {
                    ui.vertical(|ui| {
                        ui.horizontal_top(|ui| curve_and_knobs_ui(ui, theme, desk, comp));
                        let width = width - reductions_width(theme) - theme.gap;
                        lines_ui(ui, theme, desk, width, &[&LANES, &DETECTOR, &KEY]);
                    });
                }
                Lines::Beside => {
                    curve_and_knobs_ui(ui, theme, desk, comp);
                    let columns: [&[_]; 2] = [&[LANES, DETECTOR].concat()[..5], &[&DETECTOR[2..], &KEY].concat()];
                    lines_ui(ui, theme, desk, 2.0 * COLUMN_WIDTH + theme.gap, &columns);
                }
            }
        });
    });
}

fn header_ui<C: Controlled>(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, C>, comp: &Compressor, width: f32) {
    let wide = &Theme { switch_size: vec2(AUTO_WIDTH, theme.switch_size.y), ..*theme };
    desk.header(ui, width, |ui| {
        desk.switch(ui, wide, "comp_auto_makeup", "Auto make-up");
        // Opto releases so anyway.
        lit_ui(ui, theme, comp.settings.style != Style::Opto, |ui| {
            desk.switch(ui, wide, "comp_auto_release", "Auto release");
        });
        desk.inline(ui, theme, "comp_style", "Style", STYLE_WIDTH);
    });
}

fn curve_and_knobs_ui<C: Controlled>(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, C>, comp: &Compressor) {
    curve_ui(ui, theme, comp, knob_rows(theme, 2));
    desk.knobs(ui, theme, PER_ROW, &KNOBS);
}

fn curve_ui(ui: &mut Ui, theme: &Theme, comp: &Compressor, height: f32) {
    let theme = &Theme { transfer_size: vec2(comp.curve_width, height), ..*theme };
    let settings = &comp.settings;
    let transfer = Transfer {
        name: "Compressor curve",
        threshold_db: Some(settings.threshold_db),
        operating_db: working_point_db(settings, comp.reductions_db[0].max(comp.reductions_db[1])),
    };
    transfer_ui(ui, theme, &transfer, |input_db| settings.output_db(input_db));
}

/// Where on its curve the compressor works, told by what it takes away now: input and output in dB.
fn working_point_db(settings: &Settings, reduction_db: f64) -> Option<(f64, f64)> {
    if !settings.on || reduction_db < LEAST_REDUCTION_DB {
        return None;
    }
    let (mut low_db, mut high_db) = (-60.0, 0.0);
    for _ in 0..HALVINGS {
        let middle_db = f64::midpoint(low_db, high_db);
        if settings.reduction_db_at(middle_db) < reduction_db {
            low_db = middle_db;
        } else {
            high_db = middle_db;
        }
    }
    Some((high_db, settings.output_db(high_db)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_working_point_lies_on_the_curve_whatever_the_make_up() {
        for (auto_makeup, makeup_db) in [(false, 0.0), (true, 0.0), (true, 5.0), (false, -7.0)] {
            let settings = Settings { on: true, auto_makeup, makeup_db, ..Settings::default() };
            for input_db in [-15.0, -9.0, -1.0] {
                let reduction_db = settings.reduction_db_at(input_db);
                let (at_db, output_db) = working_point_db(&settings, reduction_db).unwrap();
                // The search ends within 60 dB / 2^16.
                assert!((at_db - input_db).abs() < 1e-3, "{input_db}: {at_db}");
                assert!((output_db - settings.output_db(input_db)).abs() < 1e-3, "{input_db}: {output_db}");
            }
        }
        assert_eq!(working_point_db(&Settings::default(), 6.0), None, "off");
    }
}

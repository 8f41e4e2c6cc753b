//! The compressor: gain reduction of both lanes, static curve, knobs, and one-line controls for the rest.

use crate::context::PanelContext;
use crate::lines::{lines_height, lines_ui};
use crate::page::{knob_rows, lit_ui};
use dsp_core::dynamics::compressor::{Operation, Settings, Style};
use egui::{Ui, vec2};
use plumb_controls::{Compressor, ControlTable};
use plumb_widgets::{Accent, Theme, Transfer, reductions_ui, reductions_width, transfer_ui};

/// Least gain reduction that shows the working point, in dB: below, the level could be anywhere under the threshold.
const LEAST_REDUCTION_DB: f64 = 0.1;
/// Bisections in the search for the working point: 60 dB to a thousandth.
const HALVINGS: usize = 16;

const KNOBS: [(Compressor, &str); 8] = [
    (Compressor::ThresholdDb, "Threshold"),
    (Compressor::Ratio, "Ratio"),
    (Compressor::KneeDb, "Knee"),
    (Compressor::MakeupDb, "Make-up"),
    (Compressor::AttackMs, "Attack"),
    (Compressor::HoldMs, "Hold"),
    (Compressor::ReleaseMs, "Release"),
    (Compressor::MixPct, "Mix"),
];
/// Knobs in a row.
const PER_ROW: usize = 4;
/// Lanes and detector.
const LANES: [(Compressor, &str); 3] =
    [(Compressor::Channels, "Channels"), (Compressor::LinkPct, "Link"), (Compressor::RangeDb, "Range")];
const DETECTOR: [(Compressor, &str); 3] =
    [(Compressor::Detector, "Detector"), (Compressor::Lookahead, "Lookahead"), (Compressor::Listen, "Listen")];
/// The sidechain.
const KEY: [(Compressor, &str); 3] =
    [(Compressor::Key, "Key"), (Compressor::KeyLowCutHz, "Low cut"), (Compressor::KeyHighCutHz, "High cut")];
/// Width of the columns of lines beside the knobs, in points.
const COLUMN_WIDTH: f32 = 164.0;
/// Width of the choice of a style in the header, in points.
const STYLE_WIDTH: f32 = 232.0;
/// Width of the switches in the header, in points.
const AUTO_WIDTH: f32 = 100.0;

/// Where the one-line controls are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Below curve and knobs, three columns of three: taller.
    Below,
    /// Beside the knobs, two columns: wider.
    Beside,
}

/// What the compressor's panel shows, and its layout.
#[derive(Clone, Copy, Debug)]
pub struct CompressorPanel {
    /// As set.
    pub settings: Settings,
    /// Gain reduction now, left and right or mid and side.
    pub reductions_db: [f64; 2],
    /// Width of the curve.
    pub curve_width: f32,
    /// Where its one-line controls are.
    pub lines: Lines,
}

impl CompressorPanel {
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
pub fn compressor_panel_ui<S: ControlTable<Id: From<Compressor>>, R>(
    ui: &mut Ui,
    context: &PanelContext<'_, S, R>,
    comp: &CompressorPanel,
) {
    context.section(ui, Accent::Compressor, "Compressor", Some(Compressor::On.into()), |ui, theme| {
        let height = CompressorPanel::height(theme, comp.lines);
        let width = CompressorPanel::width_without_curve(theme, comp.lines) + comp.curve_width;
        header_ui(ui, theme, context, comp, width);
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
                        ui.horizontal_top(|ui| curve_and_knobs_ui(ui, theme, context, comp));
                        let width = width - reductions_width(theme) - theme.gap;
                        lines_ui(ui, theme, context, width, &[&LANES, &DETECTOR, &KEY]);
                    });
                }
                Lines::Beside => {
                    curve_and_knobs_ui(ui, theme, context, comp);
                    let columns: [&[_]; 2] = [&[LANES, DETECTOR].concat()[..5], &[&DETECTOR[2..], &KEY].concat()];
                    lines_ui(ui, theme, context, 2.0 * COLUMN_WIDTH + theme.gap, &columns);
                }
            }
        });
    });
}

fn header_ui<S: ControlTable<Id: From<Compressor>>, R>(
    ui: &mut Ui,
    theme: &Theme,
    context: &PanelContext<'_, S, R>,
    comp: &CompressorPanel,
    width: f32,
) {
    let wide = &Theme { switch_size: vec2(AUTO_WIDTH, theme.switch_size.y), ..*theme };
    context.header(ui, width, |ui| {
        context.switch(ui, wide, Compressor::AutoMakeup, "Auto make-up");
        // Opto always releases automatically.
        lit_ui(ui, theme, comp.settings.style != Style::Opto, |ui| {
            context.switch(ui, wide, Compressor::AutoRelease, "Auto release");
        });
        context.inline(ui, theme, Compressor::Style, "Style", STYLE_WIDTH);
    });
}

fn curve_and_knobs_ui<S: ControlTable<Id: From<Compressor>>, R>(
    ui: &mut Ui,
    theme: &Theme,
    context: &PanelContext<'_, S, R>,
    comp: &CompressorPanel,
) {
    curve_ui(ui, theme, comp, knob_rows(theme, 2));
    context.knobs(ui, theme, PER_ROW, &KNOBS);
}

fn curve_ui(ui: &mut Ui, theme: &Theme, comp: &CompressorPanel, height: f32) {
    let theme = &Theme { transfer_size: vec2(comp.curve_width, height), ..*theme };
    let settings = &comp.settings;
    let transfer = Transfer {
        name: "Compressor curve",
        threshold_db: Some(settings.threshold_db),
        operating_db: working_point_db(settings, comp.reductions_db[0].max(comp.reductions_db[1])),
    };
    transfer_ui(ui, theme, &transfer, |input_db| settings.output_db(input_db));
}

/// Where on its curve the compressor works, found from the gain reduction now: input and output in dB.
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

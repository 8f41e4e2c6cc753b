//! The selected band of the multiband: its static curve with its working point, its dynamics, its saturation. Controls
//! without effect as the band is set are dim, but work.

use egui::{Ui, vec2};
use plumb_controls::{MultibandBand, MultibandSaturation};
use plumb_panels::{BusContext, knob_rows, lines_height, lines_ui, lit_ui, title_ui};
use plumb_widgets::{Theme, Transfer, transfer_ui};

/// Knobs in a row.
const PER_ROW: f32 = 4.0;
/// Height of the line with its name, in points.
const NAME_HEIGHT: f32 = 20.0;
/// Width of the saturation's switch, in points.
const SATURATION_WIDTH: f32 = 84.0;

const DYNAMICS: [(MultibandBand, &str); 4] = [
    (MultibandBand::ThresholdDb, "Threshold"),
    (MultibandBand::Ratio, "Ratio"),
    (MultibandBand::KneeDb, "Knee"),
    (MultibandBand::RangeDb, "Range"),
];
const TIMES: [(MultibandBand, &str); 2] = [(MultibandBand::AttackMs, "Attack"), (MultibandBand::ReleaseMs, "Release")];

/// Width of everything.
pub(super) fn width(theme: &Theme) -> f32 {
    PER_ROW * (theme.knob_cell.x + theme.gap) - theme.gap
}

/// Everything of the band at an index, within a height.
pub(super) fn band_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, place: usize, height: f32) {
    let theme = &Theme { accent: theme.band_color(place), ..*theme };
    let band = &context.settings.multiband.band[place];
    let id = |row: MultibandBand| (place, row);
    let half = (width(theme) - theme.gap) / 2.0;
    ui.scope(|ui| {
        ui.set_height(NAME_HEIGHT);
        title_ui(ui, &format!("Band {}", place + 1), theme.font_title, &Theme { text: theme.accent, ..*theme });
    });
    lit_ui(ui, theme, band.on, |ui| {
        let below = knob_rows(theme, 2) + lines_height(theme, 3) + 2.0 * theme.gap;
        let curve = height - NAME_HEIGHT - theme.gap - below - theme.gap;
        ui.horizontal_top(|ui| {
            curve_ui(&mut *ui, &Theme { transfer_size: vec2(half, curve), ..*theme }, context, place);
            ui.vertical(|ui| {
                context.choice(ui, theme, id(MultibandBand::Mode), "Mode", half);
                context.choice(ui, theme, id(MultibandBand::Key), "Key", half);
            });
        });
        ui.horizontal_top(|ui| DYNAMICS.iter().for_each(|(row, name)| context.knob(ui, theme, id(*row), name)));
        ui.horizontal_top(|ui| {
            TIMES.iter().for_each(|(row, name)| context.knob(ui, theme, id(*row), name));
            lit_ui(ui, theme, band.mode.has_floor(), |ui| context.knob(ui, theme, id(MultibandBand::FloorDb), "Floor"));
            context.knob(ui, theme, id(MultibandBand::GainDb), "Gain");
        });
        let [width_pct, link_pct] = [MultibandBand::WidthPct, MultibandBand::LinkPct].map(id);
        lines_ui(ui, theme, context, width(theme), &[&[(width_pct, "Width")], &[(link_pct, "Link")]]);
        saturation_ui(ui, theme, context, place);
    });
}

/// The band's static curve and working point.
fn curve_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, place: usize) {
    let multiband = &context.settings.multiband;
    let band = &multiband.band[place];
    let level_db = context.readings.multiband_levels_db[place];
    let works = multiband.on && band.on;
    let transfer = Transfer {
        name: "Band curve",
        threshold_db: Some(band.threshold_db),
        operating_db: works.then(|| (level_db, band.output_db(level_db))),
    };
    transfer_ui(ui, theme, &transfer, |input_db| band.output_db(input_db));
}

/// The band's saturation: two lines.
fn saturation_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, place: usize) {
    let id = |row: MultibandSaturation| (place, row);
    let lit = context.settings.multiband.band[place].saturation.on;
    let third = (width(theme) - 2.0 * theme.gap) / 3.0;
    ui.horizontal_top(|ui| {
        let size = vec2(SATURATION_WIDTH, theme.switch_size.y);
        context.switch(ui, &Theme { switch_size: size, ..*theme }, id(MultibandSaturation::On), "Saturation");
        lit_ui(ui, theme, lit, |ui| {
            context.inline(
                ui,
                theme,
                id(MultibandSaturation::Curve),
                "Curve",
                width(theme) - SATURATION_WIDTH - theme.gap,
            );
        });
    });
    lit_ui(ui, theme, lit, |ui| {
        ui.horizontal_top(|ui| {
            for (row, name) in [
                (MultibandSaturation::DriveDb, "Drive"),
                (MultibandSaturation::ToneDb, "Tone"),
                (MultibandSaturation::MixPct, "Mix"),
            ] {
                context.field(ui, theme, id(row), name, vec2(third, theme.switch_size.y));
            }
        });
    });
}

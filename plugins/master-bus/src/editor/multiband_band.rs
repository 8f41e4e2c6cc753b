//! The multiband's band in hand: its static curve with the level it works at, its dynamics, its saturation. What has no
//! effect as the band is set is dim, but works.

use dsp_core::chain::master::MasterBus;
use egui::{Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{knob_rows, lines_height, lines_ui, lit_ui, title_ui};
use plumb_widgets::{Theme, Transfer, transfer_ui};

/// Knobs in a row.
const PER_ROW: f32 = 4.0;
/// Height of the line with its name, in points.
const NAME_HEIGHT: f32 = 20.0;
/// Width of the saturation's switch, in points.
const SATURATION_WIDTH: f32 = 84.0;

const DYNAMICS: [(&str, &str); 4] =
    [("threshold_db", "Threshold"), ("ratio", "Ratio"), ("knee_db", "Knee"), ("range_db", "Range")];
const TIMES: [(&str, &str); 2] = [("attack_ms", "Attack"), ("release_ms", "Release")];

/// Width of everything.
pub(super) fn width(theme: &Theme) -> f32 {
    PER_ROW * (theme.knob_cell.x + theme.gap) - theme.gap
}

/// Everything of the band at a place, in a space of a height.
pub(super) fn band_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, place: usize, height: f32) {
    let theme = &Theme { accent: theme.band_color(place), ..*theme };
    let band = &desk.settings.multiband.band[place];
    let id = |field: &str| format!("mb_{}_{field}", place + 1);
    let half = (width(theme) - theme.gap) / 2.0;
    ui.scope(|ui| {
        ui.set_height(NAME_HEIGHT);
        title_ui(ui, &format!("Band {}", place + 1), theme.font_title, &Theme { text: theme.accent, ..*theme });
    });
    lit_ui(ui, theme, band.on, |ui| {
        let below = knob_rows(theme, 2) + lines_height(theme, 3) + 2.0 * theme.gap;
        let curve = height - NAME_HEIGHT - theme.gap - below - theme.gap;
        ui.horizontal_top(|ui| {
            curve_ui(&mut *ui, &Theme { transfer_size: vec2(half, curve), ..*theme }, desk, place);
            ui.vertical(|ui| {
                desk.choice(ui, theme, &id("mode"), "Mode", half);
                desk.choice(ui, theme, &id("key"), "Key", half);
            });
        });
        ui.horizontal_top(|ui| DYNAMICS.iter().for_each(|(field, name)| desk.knob(ui, theme, &id(field), name)));
        ui.horizontal_top(|ui| {
            TIMES.iter().for_each(|(field, name)| desk.knob(ui, theme, &id(field), name));
            lit_ui(ui, theme, band.mode.has_floor(), |ui| desk.knob(ui, theme, &id("floor_db"), "Floor"));
            desk.knob(ui, theme, &id("gain_db"), "Gain");
        });
        let [width_pct, link_pct] = ["width_pct", "link_pct"].map(id);
        lines_ui(ui, theme, desk, width(theme), &[&[(&width_pct, "Width")], &[(&link_pct, "Link")]]);
        saturation_ui(ui, theme, desk, place);
    });
}

/// The band's static curve, and the level it works at now.
fn curve_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, place: usize) {
    let multiband = &desk.settings.multiband;
    let band = &multiband.band[place];
    let level_db = desk.readings.multiband_levels_db[place];
    let works = multiband.on && band.on;
    let transfer = Transfer {
        name: "Band curve",
        threshold_db: Some(band.threshold_db),
        operating_db: works.then(|| (level_db, band.output_db(level_db))),
    };
    transfer_ui(ui, theme, &transfer, |input_db| band.output_db(input_db));
}

/// The band's saturation: two lines.
fn saturation_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, place: usize) {
    let id = |field: &str| format!("mb_{}_sat_{field}", place + 1);
    let lit = desk.settings.multiband.band[place].saturation.on;
    let third = (width(theme) - 2.0 * theme.gap) / 3.0;
    ui.horizontal_top(|ui| {
        let size = vec2(SATURATION_WIDTH, theme.switch_size.y);
        desk.switch(ui, &Theme { switch_size: size, ..*theme }, &id("on"), "Saturation");
        lit_ui(ui, theme, lit, |ui| {
            desk.inline(ui, theme, &id("curve"), "Curve", width(theme) - SATURATION_WIDTH - theme.gap);
        });
    });
    lit_ui(ui, theme, lit, |ui| {
        ui.horizontal_top(|ui| {
            for (field, name) in [("drive_db", "Drive"), ("tone_db", "Tone"), ("mix_pct", "Mix")] {
                desk.field(ui, theme, &id(field), name, vec2(third, theme.switch_size.y));
            }
        });
    });
}

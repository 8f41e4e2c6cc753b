//! The equaliser: its graph, a strip of all bands under it, the selected band's knobs beside it.

use super::output_panel;
use dsp_core::chain::master::{BANDS, MasterBus};
use egui::{Button, Color32, RichText, Ui, vec2};
use plumb_glue::Desk;
use plumb_glue::panels::{FRAME, GraphBand, eq_graph_ui, title_ui};
use plumb_widgets::{Accent, Theme};

/// Width of the button that selects a band, in points.
const SELECT_WIDTH: f32 = 40.0;

/// The equaliser's section, as wide as the sections beside it allow.
pub(super) fn eq_panel_ui(ui: &mut Ui, desk: &Desk<'_, MasterBus>, selected: &mut usize, height: f32) {
    let theme = &desk.theme;
    let width = ui.available_width() - output_panel::width(theme) - theme.gap - 2.0 * theme.gap - FRAME;
    desk.section(ui, Accent::Eq, "EQ", Some("eq_on"), |ui, theme| {
        let bands: Vec<GraphBand> = (0..BANDS).map(|index| graph_band(desk, index)).collect();
        let strip_height = theme.switch_size.y + theme.gap + theme.choice_size.y;
        let graph = vec2(width - theme.knob_cell.x - theme.gap, height - strip_height - theme.gap);
        ui.horizontal_top(|ui| {
            let curve = |freq_hz| desk.settings.eq.gain_db_at(freq_hz, desk.sample_rate_hz);
            eq_graph_ui(ui, theme, desk, graph, &bands, selected, curve);
            selected_ui(ui, theme, desk, &bands, *selected);
        });
        ui.horizontal_top(|ui| {
            let cell = (width + theme.gap) / BANDS as f32 - theme.gap;
            for (index, band) in bands.iter().enumerate() {
                let theme = &Theme { accent: theme.band_color(index), ..*theme };
                if band_ui(ui, theme, desk, band, cell, index == *selected) {
                    *selected = index;
                }
            }
        });
    });
}

fn graph_band(desk: &Desk<'_, MasterBus>, index: usize) -> GraphBand {
    GraphBand {
        prefix: format!("eq_{}", index + 1),
        name: format!("Band {}", index + 1),
        mark: (index + 1).to_string(),
        band: desk.settings.eq.bands[index],
    }
}

/// Frequency, gain and Q of the selected band.
fn selected_ui(ui: &mut Ui, theme: &Theme, desk: &Desk<'_, MasterBus>, bands: &[GraphBand], selected: usize) {
    let Some(band) = bands.get(selected) else { return };
    let theme = &Theme { accent: theme.band_color(selected), ..*theme };
    ui.vertical(|ui| {
        title_ui(ui, &band.name, theme.font_body, &Theme { text: theme.accent, ..*theme });
        for (field, label) in [("freq_hz", "Freq"), ("gain_db", "Gain"), ("q", "Q")] {
            desk.knob(ui, theme, &format!("{}_{field}", band.prefix), label);
        }
    });
}

/// One band in the strip: a button that selects it, its switch, its shape. Returns whether it was selected.
fn band_ui(
    ui: &mut Ui,
    theme: &Theme,
    desk: &Desk<'_, MasterBus>,
    band: &GraphBand,
    width: f32,
    is_selected: bool,
) -> bool {
    let id = |field: &str| format!("{}_{field}", band.prefix);
    ui.vertical(|ui| {
        let clicked = ui.horizontal_top(|ui| {
            let text = RichText::new(&band.mark).color(if is_selected { theme.text_on_accent } else { theme.accent });
            let fill = if is_selected { theme.accent } else { theme.face };
            let button =
                Button::new(text).fill(fill).stroke((1.0, if is_selected { theme.text } else { Color32::TRANSPARENT }));
            let size = vec2(SELECT_WIDTH, theme.switch_size.y);
            let clicked = ui.add_sized(size, button).on_hover_text(format!("Show {}", band.name)).clicked();
            let rest = vec2(width - SELECT_WIDTH - theme.gap, theme.switch_size.y);
            desk.switch(ui, &Theme { switch_size: rest, ..*theme }, &id("on"), "On");
            clicked
        });
        desk.choice(ui, theme, &id("shape"), "Shape", width);
        clicked.inner
    })
    .inner
}

//! The transient shaper: a column of two knobs and one-line controls.

use egui::{Ui, vec2};
use plumb_controls::strip::Transient;
use plumb_panels::StripContext;
use plumb_widgets::{Accent, Theme};

/// Width of the column, in points: that of the section's header.
const WIDTH: f32 = 100.0;

/// The transient shaper's section.
pub(super) fn transient_panel_ui(ui: &mut Ui, context: &StripContext<'_>) {
    context.section(ui, Accent::Transient, "Transient", Some(Transient::On.into()), |ui, theme| {
        let line = vec2(WIDTH, theme.switch_size.y);
        let wide = Theme { knob_cell: vec2(WIDTH, theme.knob_cell.y), switch_size: line, ..*theme };
        ui.vertical(|ui| {
            context.knob(ui, &wide, Transient::AttackDb, "Attack");
            context.knob(ui, &wide, Transient::SustainDb, "Sustain");
            context.field(ui, &wide, Transient::MixPct, "Mix", line);
            context.switch(ui, &wide, Transient::ClipSafe, "Clip-safe");
            context.switch(ui, &wide, Transient::Delta, "Delta");
        });
    });
}

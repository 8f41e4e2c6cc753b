//! The clipper: its transfer curve, three knobs, oversampling, and what it removes.

use egui::{Ui, Vec2, vec2};
use plumb_controls::Clipper;
use plumb_panels::BusContext;
use plumb_widgets::{Theme, Transfer, transfer_ui};

const KNOBS: [(Clipper, &str); 3] =
    [(Clipper::DriveDb, "Drive"), (Clipper::CeilingDb, "Ceiling"), (Clipper::KneePct, "Knee")];

/// The clipper, within a size.
pub(super) fn clipper_ui(ui: &mut Ui, theme: &Theme, context: &BusContext<'_>, size: Vec2) {
    let knobs = KNOBS.len() as f32 * (theme.knob_cell.x + theme.gap) - theme.gap;
    let settings = context.settings.clipper;
    ui.horizontal_top(|ui| {
        let curve = Theme { transfer_size: vec2(size.x - knobs - 2.0 * theme.gap, size.y), ..*theme };
        let threshold_db = Some(settings.ceiling_db - settings.drive_db);
        let transfer = Transfer { name: "Clipper curve", threshold_db, operating_db: None };
        transfer_ui(ui, &curve, &transfer, |input_db| settings.output_db(input_db));
        ui.add_space(theme.gap);
        ui.vertical(|ui| {
            context.knobs(ui, theme, KNOBS.len(), &KNOBS);
            context.choice(ui, theme, Clipper::Oversampling, "Oversampling", knobs);
            context.switch(ui, theme, Clipper::Delta, "Delta");
        });
    });
}

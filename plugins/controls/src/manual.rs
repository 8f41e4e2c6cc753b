//! The control reference `docs/controls.md`, generated as Markdown.

use crate::bus::master_bus;
use crate::control::Control;
use crate::strip::channel_strip;
use crate::table::{ControlTable, Controls};
use std::fmt::Write as _;

/// The contents of `docs/controls.md`: every control of both products, section by section.
#[must_use]
pub fn manual() -> String {
    let mut text = String::from(
        "# Controls\n\nEvery control of both plugins, in signal order. `cargo xtask manual` generates this page from the \
         plugins' own table. Ids are used by `plumb render --set` and presets. Times are the time to cover 63 % of a step \
         in dB.\n",
    );
    product(&mut text, "Plumb Channel Strip", &channel_strip());
    product(&mut text, "Plumb Master Bus", &master_bus());
    text
}

fn product<S: ControlTable>(text: &mut String, name: &str, controls: &Controls<S>) {
    line(text, &format!("\n## {name}"));
    let mut group = None;
    for control in controls.list() {
        if group != Some(&control.group) {
            group = Some(&control.group);
            let title = if control.group.is_empty() { "Global" } else { &control.group };
            line(text, &format!("\n### {title}\n\n| control | values | default | id |\n|--|--|--|--|"));
        }
        line(text, &row(control));
    }
}

fn row<S>(control: &Control<S>) -> String {
    let values = if control.choices().is_empty() { control.expected() } else { control.choices().join(", ") };
    let automation = if control.automatable { "" } else { " Not automatable." };
    format!(
        "| **{}** {}{automation} | {values} | {} | `{}` |",
        control.name,
        control.help,
        control.text_with_unit(control.default),
        control.id
    )
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

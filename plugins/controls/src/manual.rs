//! The part of the manual that is the table of controls, as Markdown.

use crate::table::Controls;
use crate::{Control, channel_strip, master_bus};
use std::fmt::Write as _;

/// The controls of both products, section by section: what `docs/controls.md` holds.
#[must_use]
pub fn manual() -> String {
    let mut text = String::from(
        "# Controls\n\nEvery control of both plugins, in signal order; made from the plugins' own table by \
         `cargo xtask manual`. Ids are for `plumb render --set` and presets. A time is the time to cover 63 % of a step.\n",
    );
    product(&mut text, "Plumb Channel Strip", &channel_strip());
    product(&mut text, "Plumb Master Bus", &master_bus());
    text
}

fn product<S>(text: &mut String, name: &str, controls: &Controls<S>) {
    line(text, &format!("\n## {name}"));
    let mut group = None;
    for control in controls.list() {
        if group != Some(&control.group) {
            group = Some(&control.group);
            let title = if control.group.is_empty() { "Whole" } else { &control.group };
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
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

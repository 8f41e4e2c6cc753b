//! `plumb params`: lists every control of a product.

use crate::args::{ParamsArgs, Product};
use crate::error::{Error, print, print_json};
use crate::table::{Align, lay_out};
use plumb_controls::{Control, ControlTable, Controls, channel_strip, master_bus};
use serde::Serialize;

/// A control in JSON.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    group: &'a str,
    min: f64,
    /// `None` if infinite.
    max: Option<f64>,
    default: f64,
    unit: &'static str,
    automatable: bool,
    choices: &'static [&'static str],
}

/// Lists the controls.
pub(crate) fn run(args: &ParamsArgs) -> Result<(), Error> {
    match args.product {
        Product::ChannelStrip => list(&channel_strip(), args.json),
        Product::MasterBus => list(&master_bus(), args.json),
    }
}

fn list<S: ControlTable>(controls: &Controls<S>, json: bool) -> Result<(), Error> {
    if json {
        return print_json(&controls.list().iter().map(row).collect::<Vec<_>>());
    }
    let head = ["Id", "Name", "Group", "Default", "Values"].map(String::from).to_vec();
    let rows: Vec<_> = core::iter::once(head).chain(controls.list().iter().map(cells)).collect();
    print(&lay_out(&[Align::Left, Align::Left, Align::Left, Align::Right, Align::Left], &rows))
}

fn row<S>(control: &Control<S>) -> Row<'_> {
    Row {
        id: &control.id,
        name: &control.name,
        group: &control.group,
        min: control.min(),
        max: Some(control.max()).filter(|max| max.is_finite()),
        default: control.default,
        unit: control.unit(),
        automatable: control.automatable,
        choices: control.choices(),
    }
}

fn cells<S>(control: &Control<S>) -> Vec<String> {
    let expected = control.expected();
    let values = expected.strip_prefix("one of ").unwrap_or(&expected);
    let note = if control.automatable { "" } else { " (not automatable)" };
    vec![
        control.id.clone(),
        control.name.clone(),
        control.group.clone(),
        control.text_with_unit(control.default),
        format!("{values}{note}"),
    ]
}

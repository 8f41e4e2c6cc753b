//! What the host tests share: the built plugins, and their controls by the ids of the table.

use plumb_controls::{ControlTable, Controls, Kind, channel_strip, master_bus};
use plumb_hosts::audio::{Audio, Change};
use plumb_hosts::bundles::{Format, Product};
use plumb_hosts::clap::Plugin;
use plumb_hosts::programme::programme;
use std::process::{Command, Stdio};

/// The usual rate.
pub(crate) const RATE_HZ: f64 = 48_000.0;
/// The usual longest block.
pub(crate) const BLOCK: usize = 512;

/// A control, whatever settings it belongs to.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) is_stepped: bool,
    pub(crate) is_switch: bool,
    pub(crate) automatable: bool,
    pub(crate) is_bypass: bool,
    pub(crate) default_text: String,
    pub(crate) min_text: String,
    pub(crate) max_text: String,
}

/// The table of a product's controls.
pub(crate) fn table(product: Product) -> Vec<Row> {
    fn rows<S: ControlTable>(controls: &Controls<S>) -> Vec<Row> {
        let row = |control: &plumb_controls::Control<S>| Row {
            id: control.id.clone(),
            name: control.name.clone(),
            group: control.group.clone(),
            is_stepped: !matches!(control.kind, Kind::Number(_)),
            is_switch: control.kind == Kind::Switch,
            automatable: control.automatable,
            is_bypass: control.is_bypass,
            default_text: control.text_with_unit(control.default),
            min_text: control.text_with_unit(control.min()),
            max_text: control.text_with_unit(control.max()),
        };
        controls.list().iter().map(row).collect()
    }
    match product {
        Product::ChannelStrip => rows(&channel_strip()),
        Product::MasterBus => rows(&master_bus()),
    }
}

/// The id of a control in hosts: the framework's hash of its permanent id.
pub(crate) fn number(id: &str) -> u32 {
    id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) & !(1 << 31)
}

/// A built plugin, inactive.
pub(crate) fn load(product: Product) -> Plugin {
    Plugin::load(&product.built(Format::Clap).unwrap()).unwrap()
}

/// A built plugin, running at the usual rate.
pub(crate) fn run(product: Product) -> Plugin {
    let mut plugin = load(product);
    plugin.activate(RATE_HZ, BLOCK).unwrap();
    plugin
}

/// Sets controls by text.
pub(crate) fn set(plugin: &mut Plugin, values: &[(&str, &str)]) {
    let values: Vec<_> = values.iter().map(|(id, typed)| value(plugin, id, typed)).collect();
    plugin.set(&values).unwrap();
}

/// The host's id of a control, and its value of a text.
pub(crate) fn value(plugin: &mut Plugin, id: &str, typed: &str) -> (u32, f64) {
    (number(id), plugin.parse(number(id), typed).unwrap_or_else(|error| panic!("{id}: {error:#}")))
}

/// A change of a control at a frame.
pub(crate) fn change(plugin: &mut Plugin, frame: usize, id: &str, typed: &str) -> Change {
    let (id, value) = value(plugin, id, typed);
    Change { frame, id, value }
}

/// Whether a control replaces the output, to listen to something else.
fn is_listen_control(id: &str) -> bool {
    ["_listen", "_solo", "_delta", "_unity_gain"].iter().any(|end| id.ends_with(end))
}

/// Every section on and active.
pub(crate) fn everything_on(product: Product) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> = table(product)
        .iter()
        .filter(|row| row.is_switch && !row.is_bypass && row.id != "polarity_invert" && !is_listen_control(&row.id))
        .map(|row| (row.id.clone(), "On".to_owned()))
        .collect();
    let gains = table(product).into_iter().filter(|row| row.id.starts_with("eq_") && row.id.ends_with("_gain_db"));
    values.extend(gains.map(|row| (row.id, "4 dB".to_owned())));
    values.push(("comp_threshold_db".into(), "-30 dB".into()));
    if product == Product::MasterBus {
        values.push(("limiter_drive_db".into(), "9 dB".into()));
    }
    values
}

/// Switches every section on.
pub(crate) fn set_everything_on(plugin: &mut Plugin, product: Product) {
    let values = everything_on(product);
    set(plugin, &values.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>());
}

/// A music-like signal.
pub(crate) fn music(seconds: f64) -> Audio {
    Audio::from_frames(&programme(seconds, RATE_HZ), 2)
}

/// Asserts that two renderings are identical to the bit.
#[track_caller]
pub(crate) fn assert_same(what: &str, actual: &Audio, expected: &Audio) {
    assert_eq!(actual.frames(), expected.frames(), "{what}: length");
    if let Some(frame) = actual.first_difference(expected) {
        let at = |audio: &Audio| audio.0.iter().map(|channel| channel[frame]).collect::<Vec<_>>();
        panic!(
            "{what}: differs from frame {frame} on ({:?}, expected {:?}), by {:.1} dB at most",
            at(actual),
            at(expected),
            actual.difference_db(expected)
        );
    }
}

/// Set in a process that may crash without ending the other tests.
const VICTIM: &str = "PLUMB_VICTIM";

/// Whether this is such a process.
pub(crate) fn is_victim() -> bool {
    std::env::var_os(VICTIM).is_some()
}

/// Runs one of these tests in a process of its own; returns whether it survived.
pub(crate) fn survives(test: &str) -> bool {
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", test, "--test-threads=1"]).env(VICTIM, "1");
    again.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

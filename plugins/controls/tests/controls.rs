//! Properties of every control of both products.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use dsp_core::chain::{channel, master};
use plumb_controls::{ControlTable, Controls, Kind, Preset, PresetError, channel_strip, master_bus};
use std::collections::HashSet;

fn for_both(check: impl Fn(&dyn Table)) {
    check(&(channel_strip(), channel::Settings::default()));
    check(&(master_bus(), master::Settings::default()));
}

/// One control, independent of its product.
struct Row {
    id: String,
    name: String,
    group: String,
    unit: &'static str,
    kind: Kind,
    values: Vec<f64>,
    default: f64,
}

trait Table {
    fn rows(&self) -> Vec<Row>;
    /// The value read back through settings, through the host's 32 bits, and through text.
    fn round_trip(&self, id: &str, value: f64) -> [f64; 3];
    /// Ids whose value differs from the default after setting one control.
    fn changed_by(&self, id: &str, value: f64) -> Vec<String>;
}

impl<S: ControlTable> Table for (Controls<S>, S) {
    fn rows(&self) -> Vec<Row> {
        let row = |c: &plumb_controls::Control<S>| Row {
            id: c.id.clone(),
            name: c.name.clone(),
            group: c.group.clone(),
            unit: c.unit(),
            kind: c.kind,
            values: match c.kind {
                Kind::Number(range) => (0..=20).map(|n| range.at_position(f64::from(n) / 20.0)).collect(),
                _ => (0..=c.max() as usize).map(|n| n as f64).collect(),
            },
            default: c.default,
        };
        self.0.list().iter().map(row).collect()
    }

    fn round_trip(&self, id: &str, value: f64) -> [f64; 3] {
        let control = self.0.find(id).unwrap();
        let mut settings = self.1;
        control.set(&mut settings, value);
        let typed = control.parse_strict(&control.text_with_unit(value)).unwrap();
        [control.get(&settings), control.from_stored(control.stored(value)), typed]
    }

    fn changed_by(&self, id: &str, value: f64) -> Vec<String> {
        let mut settings = self.1;
        self.0.find(id).unwrap().set(&mut settings, value);
        self.0.list().iter().filter(|c| c.get(&settings) != c.default).map(|c| c.id.clone()).collect()
    }
}

#[test]
fn ids_and_names_are_unique_and_well_formed() {
    for_both(|table| {
        let rows = table.rows();
        assert_eq!(rows.iter().map(|r| &r.id).collect::<HashSet<_>>().len(), rows.len());
        assert_eq!(rows.iter().map(|r| &r.name).collect::<HashSet<_>>().len(), rows.len());
        for row in rows {
            assert!(row.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{}", row.id);
            assert!(!row.group.is_empty() || row.id == "bypass", "{} is in no section", row.id);
            let suffix = match row.unit {
                "dB" => "_db",
                "Hz" => "_hz",
                "ms" => "_ms",
                "%" => "_pct",
                "LUFS" => "_lufs",
                _ => "",
            };
            assert!(row.id.ends_with(suffix), "{} does not end with its unit {}", row.id, row.unit);
        }
    });
}

#[test]
fn every_value_survives_settings_host_storage_and_text() {
    for_both(|table| {
        for row in table.rows() {
            for value in row.values.iter().copied().chain([row.default]) {
                let [settings, host, typed] = table.round_trip(&row.id, value);
                assert_eq!(settings, value, "{}", row.id);
                // 32 bits and the displayed digits are coarsest at a ratio of 20:1.
                let near = |x: f64, part: f64| x == value || (x - value).abs() <= part * value.abs().max(1.0);
                assert!(near(host, 1e-5), "{}: the host returns {host} for {value}", row.id);
                assert!(near(typed, 5e-3), "{}: the text of {value} parses as {typed}", row.id);
            }
        }
    });
}

#[test]
fn each_control_changes_one_setting_only() {
    for_both(|table| {
        for row in table.rows() {
            let other = row.values.iter().copied().find(|v| *v != row.default).unwrap();
            assert_eq!(table.changed_by(&row.id, other), [row.id]);
        }
    });
}

#[test]
fn defaults_are_in_range() {
    for_both(|table| {
        for row in table.rows() {
            if let Kind::Number(range) = row.kind {
                assert!((range.min..=range.max).contains(&row.default), "{}", row.id);
            }
        }
    });
}

#[test]
fn typed_values_out_of_range_are_rejected_with_what_is_expected() {
    let controls = channel_strip();
    let say = |id: &str, typed: &str| controls.find(id).unwrap().parse_strict(typed).unwrap_err().to_string();
    assert_eq!(say("comp_threshold_db", "3"), "comp_threshold_db: invalid value '3'; expected -60.0 to 0.0 dB");
    assert_eq!(say("comp_key", "sidechain"), "comp_key: invalid value 'sidechain'; expected one of Internal, External");
    assert_eq!(controls.find("comp_ratio").unwrap().parse_strict("inf").unwrap(), f64::INFINITY);
    assert_eq!(controls.find("low_cut_slope").unwrap().parse_strict("24 db/oct").unwrap(), 3.0);
    assert!(controls.find("comp_treshold_db").unwrap_err().to_string().contains("did you mean 'comp_threshold_db'?"));
}

#[test]
fn a_preset_restores_every_value() {
    let controls = channel_strip();
    let mut settings = channel::Settings::default();
    for (n, control) in controls.list().iter().enumerate() {
        if let Kind::Number(range) = control.kind {
            control.set(&mut settings, range.at_position(n as f64 / controls.list().len() as f64));
        } else {
            control.set(&mut settings, control.max());
        }
    }
    settings.compressor.ratio = f64::INFINITY;
    let json = Preset::of(&controls, &settings).to_json();
    assert_eq!(
        Preset::from_json(&json).unwrap().settings(&controls, &mut |warning| panic!("{warning}")).unwrap(),
        settings
    );
}

#[test]
fn bad_presets_are_rejected_by_name() {
    let strip = channel_strip();
    let say = |json: &str| match Preset::from_json(json).and_then(|p| p.settings(&strip, &mut |_| {})) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    };
    assert!(say("{").starts_with("not a Plumb preset"));
    assert!(say(r#"{"plumb_preset":2,"product":"channel-strip","values":{}}"#).contains("newer"));
    assert!(say(r#"{"plumb_preset":1,"product":"master-bus","values":{}}"#).contains("expected one for channel-strip"));
    assert!(
        say(r#"{"plumb_preset":1,"product":"channel-strip","values":{"nope":1}}"#).contains("unknown control 'nope'")
    );
    assert!(say(r#"{"plumb_preset":1,"product":"channel-strip","values":{"gate_on":7}}"#).contains("gate_on"));
    assert!(say(r#"{"plumb_preset":1,"product":"channel-strip","values":{"gate_on":[1]}}"#).contains("gate_on"));
    assert_eq!(say(r#"{"plumb_preset":1,"product":"channel-strip","values":{"gate_on":true,"comp_ratio":"inf"}}"#), "");
    assert!(matches!(Preset::from_json("[]"), Err(PresetError::Format(_))));
}

#[test]
fn every_control_has_a_help_text() {
    fn check<S: ControlTable>(controls: &Controls<S>) {
        for control in controls.list() {
            let help = control.help;
            assert!(help.ends_with('.') && help.len() > 10 && !help.contains('|'), "{}: '{help}'", control.id);
        }
    }
    check(&channel_strip());
    check(&master_bus());
}

#[test]
fn the_manual_is_up_to_date() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/controls.md");
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(written, plumb_controls::manual(), "run `cargo xtask manual`");
}

#[test]
fn a_wrong_order_in_a_preset_is_completed_with_one_warning() {
    let strip = channel_strip();
    let read = |order: &str| {
        let json =
            format!(r#"{{ "plumb_preset": 1, "product": "channel-strip", "values": {{ "order": "{order}" }} }}"#);
        let mut warnings = Vec::new();
        let settings =
            Preset::from_json(&json).unwrap().settings(&strip, &mut |warning| warnings.push(warning)).unwrap();
        (settings.order.to_string(), warnings)
    };
    let whole = "De-ess > EQ > Trans > Gate > Sat > Comp";
    assert_eq!(read(whole), (whole.to_owned(), Vec::new()));
    let (order, warnings) = read("EQ > EQ > Reverb > Comp");
    assert_eq!(order, "EQ > Comp > Gate > Trans > Sat > De-ess");
    assert_eq!(
        warnings,
        ["order: 'EQ' is repeated, 'Reverb' is unknown, 'Gate' is missing, 'Trans' is missing, 'Sat' is missing, \
          'De-ess' is missing; using EQ > Comp > Gate > Trans > Sat > De-ess"]
    );
}

#[test]
fn an_order_is_typed_as_its_names_or_its_number() {
    let strip = channel_strip();
    let order = strip.find("order").unwrap();
    let code = order.parse_strict("comp > gate > eq > sat > de-ess > trans").unwrap();
    assert_eq!((code, order.text(code)), (1.0, "Comp > Gate > EQ > Sat > De-ess > Trans".to_owned()));
    assert_eq!(order.parse_strict("119").unwrap(), 119.0);
    for wrong in ["", "comp", "comp > comp > gate > eq > sat > trans", "720", "-1", "1.5"] {
        let error = order.parse_strict(wrong).unwrap_err();
        assert!(error.to_string().contains("expected an order of Gate, Comp, EQ, Sat, De-ess, Trans"), "{error}");
    }
}

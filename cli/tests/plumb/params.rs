//! `plumb params` and the help texts.

use crate::support::quiet;
use serde_json::Value;
use std::io::Read;
use std::process::{Command, Stdio};
use tempfile::tempdir;

fn params(product: &str) -> Vec<Value> {
    serde_json::from_str(&quiet(&tempdir().unwrap(), &["params", product, "--json"])).unwrap()
}

fn by_id<'a>(params: &'a [Value], id: &str) -> &'a Value {
    params.iter().find(|param| param["id"] == id).unwrap()
}

#[test]
fn json_is_an_array_of_objects_with_these_keys() {
    for product in ["channel-strip", "master-bus"] {
        for param in params(product) {
            let mut keys: Vec<_> = param.as_object().unwrap().keys().map(String::as_str).collect();
            keys.sort_unstable();
            let names = ["automatable", "choices", "default", "group", "id", "max", "min", "name", "unit"];
            assert_eq!(keys, names, "{param}");
            assert!(param["min"].is_number() && param["default"].is_number(), "{param}");
            assert!(param["max"].is_number() || param["id"].as_str().unwrap().ends_with("_ratio"), "{param}");
        }
    }
}

#[test]
fn values_are_plain_numbers_in_their_unit() {
    let (strip, bus) = (params("channel-strip"), params("master-bus"));
    let threshold = by_id(&strip, "comp_threshold_db");
    assert_eq!(
        (&threshold["min"], &threshold["max"], &threshold["unit"]),
        (&(-60.0).into(), &0.0.into(), &"dB".into())
    );
    assert_eq!(threshold["choices"], Value::Array(vec![]));
    assert!(by_id(&strip, "comp_ratio")["max"].is_null());
    let key = by_id(&strip, "comp_key");
    assert_eq!(key["choices"], serde_json::json!(["Internal", "External"]));
    assert_eq!((&key["min"], &key["max"], &key["default"]), (&0.0.into(), &1.0.into(), &0.0.into()));
    assert_eq!(by_id(&bus, "limiter_on")["choices"], serde_json::json!(["Off", "On"]));
    assert_eq!(by_id(&bus, "limiter_lookahead_ms")["automatable"], false);
    assert_eq!(by_id(&bus, "limiter_ceiling_db")["automatable"], true);
}

#[test]
fn the_table_lists_every_control_in_order() {
    for product in ["channel-strip", "master-bus"] {
        let table = quiet(&tempdir().unwrap(), &["params", product]);
        let listed: Vec<_> = table.lines().skip(1).map(|row| row.split_whitespace().next().unwrap()).collect();
        let ids: Vec<_> = params(product).iter().map(|param| param["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(listed, ids);
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plumb"))
        .args(["params", "master-bus", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
fn help_explains_readings_options_and_exit_status() {
    let folder = tempdir().unwrap();
    let help = |args: &[&str]| quiet(&folder, args).split_whitespace().collect::<Vec<_>>().join(" ");
    let top = help(&["--help"]);
    for word in ["measure", "check", "render", "params", "Exit status", "FLAC", "plumb: <file or id>"] {
        assert!(top.contains(word), "{word}");
    }
    let measure = help(&["measure", "--help"]);
    for word in ["integrated_lufs", "plr_lu", "min_correlation", "dc_offset", "null"] {
        assert!(measure.contains(word), "{word}");
    }
    let render = help(&["render", "--help"]);
    for word in ["--preset", "--set", "--sidechain", "--bits", "latency", "clipped", "mean", "32f"] {
        assert!(render.contains(word), "{word}");
    }
    assert!(quiet(&folder, &["--version"]).starts_with("plumb "));
}

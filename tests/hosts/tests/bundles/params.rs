//! The static side of the CLAP bundles: names, ports, parameters, texts.

use crate::common::{load, number, table};
use clack_extensions::params::ParamInfoFlags;
use plumb_hosts::bundles::Product;

#[test]
fn both_plugins_have_their_permanent_ids() {
    for product in Product::ALL {
        let plugin = load(product);
        assert_eq!((plugin.id(), plugin.name()), (product.clap_id(), product.name()));
    }
}

#[test]
fn each_has_a_sidechain_as_wide_as_its_main_input() {
    for product in Product::ALL {
        for channels in [2, 1] {
            let mut plugin = load(product);
            plugin.select_channels(channels).unwrap();
            for (is_input, count) in [(true, 2), (false, 1)] {
                let ports = plugin.ports(is_input);
                assert_eq!(ports.len(), count, "{product:?} {ports:?}");
                assert!(ports.iter().all(|port| port.channels == channels), "{product:?} {ports:?}");
                let main: Vec<_> = ports.iter().map(|port| port.is_main).collect();
                assert_eq!(main, [true, false][..count], "{product:?} {ports:?}");
            }
        }
    }
}

#[test]
fn the_default_layout_is_stereo() {
    for product in Product::ALL {
        assert_eq!(load(product).ports(true)[0].channels, 2);
    }
}

#[test]
fn parameters_match_the_table_in_order() {
    for product in Product::ALL {
        let mut plugin = load(product);
        let (params, table) = (plugin.params().unwrap(), table(product));
        assert_eq!(params.len(), table.len());
        for (param, row) in params.iter().zip(&table) {
            assert_eq!(param.id, number(&row.id), "{}: sessions would lose it", row.id);
            assert_eq!(param.name, row.name);
            assert!(param.module.contains(&row.group), "{}: '{}' lacks '{}'", row.id, param.module, row.group);
            assert_eq!(param.flags.contains(ParamInfoFlags::IS_STEPPED), row.is_stepped, "{}", row.id);
            assert_eq!(param.flags.contains(ParamInfoFlags::IS_AUTOMATABLE), row.automatable, "{}", row.id);
            assert_eq!(param.flags.contains(ParamInfoFlags::IS_BYPASS), row.is_bypass, "{}", row.id);
            let [_, default, _] = param.range;
            assert_eq!(plugin.value(param.id).unwrap(), default, "{} starts at its default", row.id);
        }
    }
}

#[test]
fn texts_match_the_table_and_parse_back() {
    for product in Product::ALL {
        let mut plugin = load(product);
        for (param, row) in plugin.params().unwrap().iter().zip(table(product)) {
            let [min, default, max] = param.range;
            for (value, text) in [(min, &row.min_text), (default, &row.default_text), (max, &row.max_text)] {
                assert_eq!(&plugin.text(param.id, value).unwrap(), text, "{}", row.id);
            }
            for step in 0..=20 {
                let value = min + (max - min) * f64::from(step) / 20.0;
                let value = if row.is_stepped { value.round() } else { value };
                let text = plugin.text(param.id, value).unwrap();
                let back = plugin.parse(param.id, &text).unwrap();
                assert_eq!(plugin.text(param.id, back).unwrap(), text, "{}", row.id);
            }
            assert!(plugin.parse(param.id, "rubbish").is_err(), "{}", row.id);
        }
    }
}

#[test]
fn a_value_reads_back_as_set() {
    for product in Product::ALL {
        let mut plugin = load(product);
        for param in plugin.params().unwrap() {
            let [min, _, max] = param.range;
            for value in [max, min] {
                plugin.set(&[(param.id, value)]).unwrap();
                assert_eq!(plugin.value(param.id).unwrap(), value, "{}", param.name);
            }
        }
    }
}

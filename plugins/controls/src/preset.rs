//! Presets: a JSON file of plain values that a person can read and write.
//!
//! ```json
//! { "plumb_preset": 1, "product": "channel-strip", "values": { "comp_on": 1, "comp_threshold_db": -24.0 } }
//! ```
//! What is not named keeps its default. A choice may be given as its text or its place; an infinite ratio is the
//! text `"inf"`.

use crate::control::ValueError;
use crate::table::{Controls, UnknownId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Version of the format this build writes, and the newest it reads.
const VERSION: u32 = 1;

/// Values of one product's controls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    plumb_preset: u32,
    product: String,
    values: BTreeMap<String, Value>,
}

/// Why a preset was refused; the settings it was meant for are as they were.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// Not a preset at all.
    #[error("not a Plumb preset: {0}")]
    Format(#[from] serde_json::Error),
    /// Made by a newer Plumb.
    #[error("preset format {actual}: expected {VERSION} or older; made by a newer Plumb")]
    Version {
        /// What the file says.
        actual: u32,
    },
    /// Made for the other product.
    #[error("preset for {actual}: expected one for {expected}")]
    Product {
        /// What the file says.
        actual: String,
        /// What it was to be loaded into.
        expected: &'static str,
    },
    /// Names a control that does not exist.
    #[error(transparent)]
    Id(#[from] UnknownId),
    /// Gives a control a value it cannot take.
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl Preset {
    /// The values of settings, all of them.
    #[must_use]
    pub fn of<S>(controls: &Controls<S>, settings: &S) -> Self {
        let values = controls.list().iter().map(|control| {
            let value = control.get(settings);
            let json = if control.choices().is_empty() && value.is_finite() {
                Value::from(value)
            } else {
                Value::from(control.text(value))
            };
            (control.id.clone(), json)
        });
        Self { plumb_preset: VERSION, product: controls.product.into(), values: values.collect() }
    }

    /// Reads a preset from JSON text.
    ///
    /// # Errors
    /// It is no preset, or one of a newer format.
    pub fn from_json(text: &str) -> Result<Self, PresetError> {
        let preset: Self = serde_json::from_str(text)?;
        if preset.plumb_preset > VERSION {
            return Err(PresetError::Version { actual: preset.plumb_preset });
        }
        Ok(preset)
    }

    /// The preset as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Every value is a finite number or a text, every key a string: nothing of that can fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Default settings with the preset's values.
    ///
    /// # Errors
    /// The preset is of another product, names an unknown control, or gives one a value it cannot take.
    pub fn settings<S: Default>(&self, controls: &Controls<S>) -> Result<S, PresetError> {
        if self.product != controls.product {
            return Err(PresetError::Product { actual: self.product.clone(), expected: controls.product });
        }
        let mut settings = S::default();
        for (id, json) in &self.values {
            let control = controls.find(id)?;
            let value = match json {
                Value::Number(number) => control.check(number.as_f64().unwrap_or(f64::NAN))?,
                Value::Bool(on) => control.check(f64::from(u8::from(*on)))?,
                Value::String(text) => control.parse_strict(text)?,
                other => control.parse_strict(&other.to_string())?,
            };
            control.set(&mut settings, value);
        }
        Ok(settings)
    }
}

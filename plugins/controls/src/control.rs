//! One control: what it is called, what it may be, and which setting it turns.

use crate::number;
use dsp_core::Range;
use std::fmt;

/// Texts of a switch, off first.
const SWITCH_TEXTS: &[&str] = &["Off", "On"];

/// What kind of value a control has. Every value is a plain number: a choice is the place of its text, a switch 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number within a range, in its unit.
    Number(Range),
    /// One of several texts.
    Choice(&'static [&'static str]),
    /// Off or on.
    Switch,
}

/// A value that a control cannot take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: '{value}' is not a value of it; expected {expected}")]
pub struct ValueError {
    /// The control.
    pub id: String,
    /// What was given.
    pub value: String,
    /// What would have been right.
    pub expected: String,
}

/// Reads one setting.
type Get<S> = Box<dyn Fn(&S) -> f64 + Send + Sync>;
/// Writes one setting.
type Set<S> = Box<dyn Fn(&mut S, f64) + Send + Sync>;

/// One control of a product whose settings are `S`.
pub struct Control<S> {
    /// Permanent name, in every session and preset: lower case, with its unit.
    pub id: String,
    /// What hosts and editors show.
    pub name: String,
    /// The section it stands in.
    pub group: String,
    /// What it does, in a sentence or two: tooltips and the manual.
    pub help: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Whether a host may automate it. Structural controls cannot be, as they change the latency; nor can listening, which
    /// is for the one at the desk.
    pub automatable: bool,
    /// Whether it is the bypass that hosts know as such.
    pub is_bypass: bool,
    /// Value in default settings.
    pub default: f64,
    /// How near a stored number is to the round one it is read as, see [`number::rounding`].
    pub(crate) rounding: f64,
    pub(crate) get: Get<S>,
    pub(crate) set: Set<S>,
}

impl<S> fmt::Debug for Control<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl<S> Control<S> {
    /// Says what it does.
    pub(crate) fn help(&mut self, help: &'static str) -> &mut Self {
        self.help = help;
        self
    }

    /// Its value in some settings.
    #[must_use]
    pub fn get(&self, settings: &S) -> f64 {
        (self.get)(settings)
    }

    /// Puts a value into settings, clamped. Neither allocates nor panics.
    pub fn set(&self, settings: &mut S, value: f64) {
        (self.set)(settings, self.clamp(value));
    }

    /// Smallest value.
    #[must_use]
    pub fn min(&self) -> f64 {
        match self.kind {
            Kind::Number(range) => range.min,
            Kind::Choice(_) | Kind::Switch => 0.0,
        }
    }

    /// Largest value; infinite for a ratio.
    #[must_use]
    pub fn max(&self) -> f64 {
        match self.kind {
            Kind::Number(range) => range.max,
            Kind::Choice(texts) => (texts.len() - 1) as f64,
            Kind::Switch => 1.0,
        }
    }

    /// Unit as printed after the number; empty for choices and switches.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Number(range) => range.unit,
            Kind::Choice(_) | Kind::Switch => "",
        }
    }

    /// Texts of a choice or switch; empty for a number.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Number(_) => &[],
            Kind::Choice(texts) => texts,
            Kind::Switch => SWITCH_TEXTS,
        }
    }

    /// The nearest allowed value; NaN becomes the default.
    #[must_use]
    pub fn clamp(&self, value: f64) -> f64 {
        match self.kind {
            _ if value.is_nan() => self.default,
            Kind::Number(range) => range.clamp(value),
            Kind::Choice(_) | Kind::Switch => value.round().clamp(0.0, self.max()),
        }
    }

    /// A value as a host stores it, in 32 bits: equal differences are equal travel, and a range may grow later
    /// without old values moving.
    #[must_use]
    pub fn stored(&self, value: f64) -> f32 {
        match self.kind {
            Kind::Number(range) => number::stored(&range, self.clamp(value)),
            Kind::Choice(_) | Kind::Switch => self.clamp(value) as f32,
        }
    }

    /// The inverse of [`Control::stored`]; round numbers come back round.
    #[must_use]
    pub fn from_stored(&self, stored: f32) -> f64 {
        match self.kind {
            Kind::Number(range) if stored.is_nan() => range.clamp(self.default),
            Kind::Number(range) => number::from_stored(&range, self.rounding, stored),
            Kind::Choice(_) | Kind::Switch => self.clamp(f64::from(stored)),
        }
    }

    /// Value as text without the unit.
    #[must_use]
    pub fn text(&self, value: f64) -> String {
        match self.kind {
            Kind::Number(range) => number::text(&range, value),
            Kind::Choice(_) | Kind::Switch => self.choices()[self.clamp(value) as usize].to_owned(),
        }
    }

    /// Value as text with the unit.
    #[must_use]
    pub fn text_with_unit(&self, value: f64) -> String {
        match self.unit() {
            "" => self.text(value),
            ":1" => format!("{}:1", self.text(value)),
            unit => format!("{} {unit}", self.text(value)),
        }
    }

    /// What a person typed, as a value; not clamped. A choice is typed as its text or its place.
    #[must_use]
    pub fn parse(&self, typed: &str) -> Option<f64> {
        let typed = typed.trim();
        match self.kind {
            Kind::Number(range) => number::parse(&range, typed),
            Kind::Choice(_) | Kind::Switch => {
                let texts = self.choices();
                let by_text = texts.iter().position(|text| text.eq_ignore_ascii_case(typed));
                let by_place = || typed.parse::<usize>().ok().filter(|place| *place < texts.len());
                let by_word = || match typed.to_ascii_lowercase().as_str() {
                    "true" | "yes" if self.kind == Kind::Switch => Some(1),
                    "false" | "no" if self.kind == Kind::Switch => Some(0),
                    _ => None,
                };
                by_text.or_else(by_place).or_else(by_word).map(|place| place as f64)
            }
        }
    }

    /// What a person typed, as a value within bounds.
    ///
    /// # Errors
    /// The text is no value of this control, or lies outside its bounds.
    pub fn parse_strict(&self, typed: &str) -> Result<f64, ValueError> {
        self.parse(typed).filter(|value| (self.min()..=self.max()).contains(value)).ok_or_else(|| ValueError {
            id: self.id.clone(),
            value: typed.trim().to_owned(),
            expected: self.expected(),
        })
    }

    /// A value within bounds.
    ///
    /// # Errors
    /// The value lies outside the bounds, or is not a place of a choice.
    pub fn check(&self, value: f64) -> Result<f64, ValueError> {
        if (self.min()..=self.max()).contains(&value) && (self.choices().is_empty() || value.fract() == 0.0) {
            Ok(value)
        } else {
            Err(ValueError { id: self.id.clone(), value: value.to_string(), expected: self.expected() })
        }
    }

    /// What may be given, in words.
    #[must_use]
    pub fn expected(&self) -> String {
        match self.kind {
            Kind::Number(range) => {
                format!("{} to {}", number::text(&range, range.min), self.text_with_unit(range.max))
            }
            Kind::Choice(_) | Kind::Switch => format!("one of {}", self.choices().join(", ")),
        }
    }
}

//! Verdicts: numbers held against limits.

use super::report::finite;
use serde::Serialize;

/// How bad a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// Nothing to do.
    Ok,
    /// Worth a thought.
    Note,
    /// To be mended before delivery.
    Problem,
}

impl Verdict {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
}

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Group {
    /// Levels and clipping.
    Peaks,
    /// Phase and mono compatibility.
    Stereo,
    /// Silence at both ends.
    Ends,
    /// Fit for a CD.
    Cd,
    /// Fit for a lacquer.
    Vinyl,
    /// What services do with it.
    Streaming,
}

/// Which side of its limit a number belongs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Bound {
    /// Below it.
    Max,
    /// Above it.
    Min,
    /// On it.
    Is,
}

/// A line of the report, as JSON shows it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) group: Group,
    pub(super) name: &'static str,
    pub(super) verdict: Verdict,
    pub(super) value: Option<f64>,
    pub(super) unit: &'static str,
    pub(super) bound: Option<Bound>,
    pub(super) limit: Option<f64>,
    pub(super) at_s: Option<f64>,
    pub(super) detail: String,
    /// Decimals of the text.
    #[serde(skip)]
    pub(super) decimals: usize,
    /// What the text shows for no value.
    #[serde(skip)]
    pub(super) none: &'static str,
}

impl Check {
    /// A number without a limit yet.
    pub(super) fn new(group: Group, id: &'static str, name: &'static str, value: f64, unit: &'static str) -> Self {
        let none = if value == f64::INFINITY { "inf" } else { "-inf" };
        Self {
            id,
            group,
            name,
            verdict: Verdict::Ok,
            value: finite(value),
            unit,
            bound: None,
            limit: None,
            at_s: None,
            detail: String::new(),
            decimals: 2,
            none,
        }
    }

    /// A count.
    pub(super) fn count(group: Group, id: &'static str, name: &'static str, count: u64, unit: &'static str) -> Self {
        Self::new(group, id, name, count as f64, unit).decimals(0)
    }

    /// Holds `value` against the limits beyond which it is a note and a problem.
    pub(super) fn held(mut self, value: f64, bound: Bound, [note, problem]: [f64; 2]) -> Self {
        let broken = |limit: f64| match bound {
            Bound::Max => value > limit,
            Bound::Min => value < limit,
            Bound::Is => value != limit,
        };
        let (verdict, limit) = if broken(problem) {
            (Verdict::Problem, problem)
        } else if broken(note) {
            (Verdict::Note, note)
        } else {
            (Verdict::Ok, note)
        };
        self.verdict = verdict;
        self.bound = Some(bound);
        self.limit = Some(limit);
        self
    }

    /// A verdict for another reason than the number.
    pub(super) fn at_least(mut self, verdict: Verdict) -> Self {
        self.verdict = self.verdict.max(verdict);
        self
    }

    /// A verdict no worse than this.
    pub(super) fn at_most(mut self, verdict: Verdict) -> Self {
        self.verdict = self.verdict.min(verdict);
        self
    }

    pub(super) fn decimals(mut self, decimals: usize) -> Self {
        self.decimals = decimals;
        self
    }

    pub(super) fn at(mut self, at_s: Option<f64>) -> Self {
        self.at_s = at_s;
        self
    }

    pub(super) fn saying(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// A limit that nothing breaks.
pub(super) const NEVER: f64 = f64::INFINITY;

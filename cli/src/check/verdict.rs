//! Verdicts: readings compared with limits.

use crate::level::finite;
use serde::Serialize;

/// The severity of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// Passed.
    Ok,
    /// Worth a look.
    Note,
    /// To be fixed before delivery.
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

/// The subject of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Group {
    /// Levels and clipping.
    Peaks,
    /// Phase and mono compatibility.
    Stereo,
    /// Silence at the start and the end.
    Ends,
    /// Suitability for CD.
    Cd,
    /// Suitability for vinyl.
    Vinyl,
    /// Normalisation by streaming services.
    Streaming,
}

/// How a reading is compared with its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Bound {
    /// Must not exceed it.
    Max,
    /// Must not be below it.
    Min,
    /// Must equal it.
    Is,
}

/// A line of the report, as in JSON.
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
    /// Decimals in the text.
    #[serde(skip)]
    pub(super) decimals: usize,
    /// Text for a missing value.
    #[serde(skip)]
    pub(super) none: &'static str,
}

impl Check {
    /// A reading without a limit yet.
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

    /// Compares `value` with the limits for a note and a problem.
    pub(super) fn limit_to(mut self, value: f64, bound: Bound, [note, problem]: [f64; 2]) -> Self {
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

    /// Raises the verdict to at least this one.
    pub(super) fn at_least(mut self, verdict: Verdict) -> Self {
        self.verdict = self.verdict.max(verdict);
        self
    }

    /// Lowers the verdict to at most this one.
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

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
}

/// A limit that is never exceeded.
pub(super) const NEVER: f64 = f64::INFINITY;

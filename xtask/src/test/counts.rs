//! Counts of passed, failed and skipped tests, read from the output of test harnesses.

use std::fmt;
use std::ops::AddAssign;

/// Number of tests by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// The number before a word, as in `12 passed`, or after it, as in `skipped=3`.
fn number(part: &str, word: &str) -> Option<usize> {
    let part = part.trim();
    part.strip_suffix(word).or_else(|| part.strip_prefix(word)?.strip_prefix('=')).and_then(|n| n.trim().parse().ok())
}

/// Adds up the results of Rust's and Python's harnesses, and the tests that report themselves skipped.
pub(super) fn read(output: &str) -> Counts {
    let mut counts = Counts::default();
    let mut said_so = 0;
    let mut python_tests: usize = 0;
    for line in output.lines() {
        if line.contains("SKIPPED ") {
            said_so += 1;
        } else if let Some((_, results)) = line.split_once("test result: ") {
            for part in results.split([';', '.']) {
                counts.passed += number(part, "passed").unwrap_or(0);
                counts.failed += number(part, "failed").unwrap_or(0);
                counts.skipped += number(part, "ignored").unwrap_or(0);
            }
        } else if let Some(ran) = line.strip_prefix("Ran ") {
            python_tests = ran.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0);
        } else if python_tests > 0 && (line.starts_with("OK") || line.starts_with("FAILED (")) {
            let parts: Vec<_> = line.split(['(', ')', ',']).collect();
            let sum = |word| parts.iter().filter_map(|part| number(part, word)).sum::<usize>();
            let (failed, skipped) = (sum("failures") + sum("errors"), sum("skipped"));
            counts += Counts { passed: python_tests.saturating_sub(failed + skipped), failed, skipped };
            python_tests = 0;
        }
    }
    // The harness counts these as passed.
    counts.passed = counts.passed.saturating_sub(said_so);
    counts.skipped += said_so;
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harnesses_of_both_languages_are_added_up() {
        let rust = "\
running 2 tests
SKIPPED an_editor_opens: no display
test a ... ok
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        assert_eq!(read(rust), Counts { passed: 14, failed: 2, skipped: 2 });
        let python = "Ran 9 tests in 3.2s\n\nFAILED (failures=1, errors=2, skipped=1)\n";
        assert_eq!(read(python), Counts { passed: 5, failed: 3, skipped: 1 });
        assert_eq!(read("Ran 4 tests in 1s\n\nOK (skipped=4)"), Counts { passed: 0, failed: 0, skipped: 4 });
        assert_eq!(read("Ran 4 tests in 1s\n\nOK"), Counts { passed: 4, failed: 0, skipped: 0 });
    }

    #[test]
    fn the_count_reads_as_asked() {
        let counts = Counts { passed: 3, failed: 1, skipped: 2 };
        assert_eq!(counts.to_string(), "3 passed, 1 failed, 2 skipped");
    }
}

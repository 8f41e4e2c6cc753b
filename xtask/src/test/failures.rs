//! The excerpt of a failed step's log that is printed: every failed test, and the end of the log.

/// Lines printed of the log's end.
const TAIL_LINES: usize = 60;
/// Most lines printed of earlier failures.
const MOST_LINES: usize = 300;

/// Each test program's list of failures, then the end of the log.
pub(super) fn of(log: &str) -> Vec<&str> {
    let lines: Vec<_> = log.lines().collect();
    let (front, tail) = lines.split_at(lines.len().saturating_sub(TAIL_LINES));
    let mut listed = false;
    let mut shown: Vec<_> = front
        .iter()
        .filter(|line| {
            // The harness prints the output of failed tests between these lines.
            listed = (listed || **line == "failures:") && !line.starts_with("test result: ");
            listed
        })
        .take(MOST_LINES)
        .copied()
        .collect();
    shown.extend(tail);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_long_before_the_end_is_shown() {
        let fine = "test fine ... ok\n".repeat(100);
        let log = format!("{fine}failures:\n\n---- a stdout ----\n3 is not 4\n\ntest result: FAILED. 1 failed\n{fine}");
        let shown = of(&log);
        assert_eq!(shown[..4], ["failures:", "", "---- a stdout ----", "3 is not 4"]);
        assert_eq!(shown.len(), 5 + TAIL_LINES);
    }

    #[test]
    fn a_short_log_is_shown_whole() {
        assert_eq!(of("a\nfailures:\nb"), ["a", "failures:", "b"]);
    }
}

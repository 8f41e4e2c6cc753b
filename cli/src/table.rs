//! Text tables with aligned columns.

/// Spaces between two columns.
const GAP: &str = "  ";

/// Alignment of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// Formats rows with one text per column; each column is as wide as its widest text.
pub(crate) fn lay_out(columns: &[Align], rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(columns.iter().zip(&widths)).map(|(text, (align, width))| match align {
            Align::Left => format!("{text:<width$}"),
            Align::Right => format!("{text:>width$}"),
        });
        cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_align_left_and_numbers_right() {
        let rows = [["a", "1.0"], ["bcd", "-10.0"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(lay_out(&[Align::Left, Align::Right], &rows), "a      1.0\nbcd  -10.0\n");
    }
}

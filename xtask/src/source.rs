//! Source files of a tree and their lines of production code.

use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Every file with an extension below a directory, except in `target` and hidden directories.
pub(crate) fn files(directory: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !name.starts_with('.') && name != "target" {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|other| other == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file's path within a tree, separated by `/`.
pub(crate) fn name(tree: &Path, path: &Path) -> String {
    path.strip_prefix(tree).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Lines before the tests.
pub(crate) fn code_lines(text: &str) -> usize {
    text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_do_not_count_as_lines() {
        assert_eq!(code_lines("a\nb\n#[cfg(test)]\nmod tests {\n}"), 2);
    }
}

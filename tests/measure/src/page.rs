//! A page in the making: text, tables and pictures, and the files they become.

use crate::figure::Figure;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Width of the text, in characters.
const COLUMNS: usize = 120;

/// A page.
pub(crate) struct Page {
    name: &'static str,
    text: String,
    pictures: Vec<(String, Vec<u8>)>,
}

impl Page {
    /// A page with a title; `name` is the file's, and that of the directory of its pictures.
    pub(crate) fn new(name: &'static str, title: &str) -> Self {
        Self { name, text: format!("# {title}\n"), pictures: Vec::new() }
    }

    /// Begins a part.
    pub(crate) fn part(&mut self, title: &str) {
        self.text += &format!("\n## {title}\n");
    }

    /// A paragraph.
    pub(crate) fn say(&mut self, paragraph: &str) {
        let mut column = 0;
        self.text.push('\n');
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > COLUMNS {
                self.text.push('\n');
                column = 0;
            } else if column > 0 {
                self.text.push(' ');
                column += 1;
            }
            self.text += word;
            column += length;
        }
        self.text.push('\n');
    }

    /// A table.
    pub(crate) fn table<const N: usize>(&mut self, head: [&str; N], rows: &[[String; N]]) {
        self.text += &format!("\n| {} |\n|{}\n", head.join(" | "), "--|".repeat(N));
        for row in rows {
            self.text += &format!("| {} |\n", row.join(" | "));
        }
    }

    /// A picture, with what it shows in words.
    pub(crate) fn picture(&mut self, name: &str, shows: &str, figure: &Figure) -> Result<()> {
        let png = figure.png().with_context(|| format!("drawing {name}"))?;
        self.text += &format!("\n![{shows}]({}/{name}.png)\n", self.name);
        self.pictures.push((format!("{name}.png"), png));
        Ok(())
    }

    /// The text so far.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Writes everything below a directory; pictures that were there before are gone.
    pub(crate) fn keep(&self, directory: &Path) -> Result<()> {
        let pictures = directory.join(self.name);
        if pictures.exists() {
            fs::remove_dir_all(&pictures).with_context(|| format!("clearing {}", pictures.display()))?;
        }
        fs::create_dir_all(&pictures).with_context(|| format!("making {}", pictures.display()))?;
        for (name, png) in &self.pictures {
            fs::write(pictures.join(name), png).with_context(|| format!("writing {name}"))?;
        }
        let page = directory.join(format!("{}.md", self.name));
        fs::write(&page, &self.text).with_context(|| format!("writing {}", page.display()))
    }
}

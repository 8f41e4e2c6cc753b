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

    /// Whether what is here is in the kept page, word for word.
    #[cfg(test)]
    pub(crate) fn assert_kept(&self) {
        let kept = crate::measurements().join(format!("{}.md", self.name));
        let kept = fs::read_to_string(&kept).unwrap_or_default();
        let part = self.text.trim_start_matches("# \n");
        assert!(kept.contains(part), "the page is older than the code; `cargo xtask measure` makes it:\n{part}");
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    #[test]
    fn every_page_shows_its_pictures_and_no_other() {
        let directory = crate::measurements();
        let files = fs::read_dir(&directory).unwrap().map(|file| file.unwrap().path());
        let pages: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
        // `cargo xtask bench --page` makes the page of speed.
        let ours = pages.iter().filter(|page| page.file_stem().is_none_or(|name| name != "speed"));
        assert_eq!(ours.count(), crate::PAGES.len());
        for page in pages {
            let name = page.file_stem().unwrap().to_str().unwrap();
            let text = fs::read_to_string(&page).unwrap();
            let start = format!("]({name}/");
            let shown: BTreeSet<_> = text.split(&start).skip(1).filter_map(|rest| rest.split(')').next()).collect();
            let kept: Vec<_> = fs::read_dir(directory.join(name)).unwrap().map(|file| file.unwrap()).collect();
            let names: BTreeSet<_> = kept.iter().map(|file| file.file_name().into_string().unwrap()).collect();
            assert_eq!(names, shown.iter().map(|&name| name.to_owned()).collect());
            assert!(!names.is_empty(), "{name}");
            for file in kept {
                let bytes = file.metadata().unwrap().len();
                assert!((1000..120_000).contains(&bytes), "{file:?} has {bytes} bytes");
            }
        }
    }
}

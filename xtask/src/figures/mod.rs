//! `cargo xtask figures`: lines of production code, import cycles and unsafe code.

mod imports;
mod modules;
mod tokens;

use crate::run::say;
use crate::{revision, source, unsafe_list};
use anyhow::{Context, Result, bail};
use imports::{cycles, imports};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tokens::Token;

/// The crate whose directories are counted one by one.
const CORE: &str = "dsp-core";

/// The figures of a source tree.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Lines of production code, per package and per directory of `dsp-core`.
    pub(crate) lines: BTreeMap<String, usize>,
    /// Import cycles: the files, and the names that each imports from the next.
    pub(crate) cycles: Vec<String>,
    /// Unsafe blocks and implementations per file.
    pub(crate) unsafe_places: BTreeMap<String, usize>,
}

/// Prints the figures of this tree, next to those of a base: a directory or a revision.
pub(crate) fn figures(args: &[String]) -> Result<()> {
    let base = match args {
        [] => None,
        [option, base] if option == "--base" => Some(Figures::of(&tree(base)?)?),
        _ => bail!("expected nothing, or --base REVISION or --base DIRECTORY"),
    };
    let now = Figures::of(Path::new("."))?;
    table("lines of production code", &now.lines, base.as_ref().map(|base| &base.lines));
    table("unsafe blocks and implementations", &now.unsafe_places, base.as_ref().map(|base| &base.unsafe_places));
    say("\nof these outside the files set aside for them:");
    for file in now.unsafe_places.keys().filter(|file| !unsafe_list::is_home(file)) {
        say(&format!("{file}: {}", unsafe_list::reason(file).unwrap_or("NOT LISTED")));
    }
    let before = base.map(|base| format!(" (base {})", base.cycles.len())).unwrap_or_default();
    say(&format!("\nimport cycles: {}{before}", now.cycles.len()));
    now.cycles.iter().for_each(|cycle| say(cycle));
    Ok(())
}

/// Prints numbers by name, next to those of a base, and their sums.
fn table(title: &str, now: &BTreeMap<String, usize>, base: Option<&BTreeMap<String, usize>>) {
    say(&format!("\n{title}"));
    let mut names: Vec<_> = now.keys().chain(base.into_iter().flat_map(BTreeMap::keys)).collect();
    names.sort();
    names.dedup();
    let row = |name: &str, now: usize, base: Option<usize>| match base {
        Some(base) => say(&format!("{name:44} {now:7} {base:7} {:+7}", now as i64 - base as i64)),
        None => say(&format!("{name:44} {now:7}")),
    };
    let of = |figures: &BTreeMap<String, usize>, name: &str| figures.get(name).copied().unwrap_or(0);
    for name in names {
        row(name, of(now, name), base.map(|base| of(base, name)));
    }
    // Indented rows are part of another row.
    let sum = |figures: &BTreeMap<String, usize>| {
        figures.iter().filter(|(name, _)| !name.starts_with(' ')).map(|(_, n)| n).sum()
    };
    row("sum", sum(now), base.map(sum));
}

/// The directory of a base; a revision is checked out.
fn tree(base: &str) -> Result<PathBuf> {
    if Path::new(base).is_dir() {
        return Ok(base.into());
    }
    revision::checked_out(base)
}

impl Figures {
    /// Counts the packages of a tree.
    pub(crate) fn of(tree: &Path) -> Result<Self> {
        let mut figures = Self::default();
        for manifest in source::files(tree, "toml")?.iter().filter(|path| path.ends_with("Cargo.toml")) {
            let package = manifest.parent().unwrap_or(tree);
            for root in ["src/lib.rs", "src/main.rs"].map(|root| package.join(root)).iter().filter(|root| root.exists())
            {
                figures.add(tree, package, root)?;
            }
        }
        Ok(figures)
    }

    fn add(&mut self, tree: &Path, package: &Path, root: &Path) -> Result<()> {
        let found = modules::read(root)?;
        let shown = |path: &Path| source::name(tree, path);
        for path in &found.files {
            let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            let lines = source::code_lines(&text);
            *self.lines.entry(shown(package)).or_default() += lines;
            if shown(package) == CORE {
                *self.lines.entry(format!("  {}", part(package, path))).or_default() += lines;
            }
            let places = unsafe_places(&tokens::production(&text));
            if places > 0 {
                self.unsafe_places.insert(shown(path), places);
            }
        }
        let imports = imports(&found);
        for cycle in cycles(&imports) {
            let mut lines = vec![cycle.iter().map(|file| shown(&found.files[*file])).collect::<Vec<_>>().join(" -> ")];
            for (from, to) in cycle.iter().zip(cycle.iter().cycle().skip(1)) {
                lines.push(format!("    {} uses {}", shown(&found.files[*from]), names(&imports[from][to])));
            }
            self.cycles.push(lines.join("\n"));
        }
        Ok(())
    }
}

/// The directory of `dsp-core` that a file belongs to; `eq.rs` belongs to `eq/`.
fn part(package: &Path, file: &Path) -> String {
    let below = file.strip_prefix(package.join("src")).unwrap_or(file).with_extension("");
    let first = below.iter().next().unwrap_or_default();
    let is_directory = package.join("src").join(first).is_dir();
    format!("{CORE}/src/{}", if is_directory { first.to_string_lossy() } else { "*.rs".into() })
}

/// Names and where each is used first; paths into an item count as the item.
fn names(said: &BTreeSet<(usize, String)>) -> String {
    let mut known = BTreeSet::new();
    let item =
        |name: &str| name.split("::").find(|part| part.starts_with(char::is_uppercase)).unwrap_or(name).to_owned();
    let new = said.iter().filter(|(_, name)| known.insert(item(name)));
    new.map(|(line, name)| format!("{name} (line {line})")).collect::<Vec<_>>().join(", ")
}

/// Number of unsafe blocks and implementations. An unsafe function does nothing until a block calls it.
fn unsafe_places(tokens: &[Token<'_>]) -> usize {
    let begins =
        |pair: &&[Token<'_>]| pair[0].word() == Some("unsafe") && (pair[1].is('{') || pair[1].word() == Some("impl"));
    tokens.windows(2).filter(begins).count()
}

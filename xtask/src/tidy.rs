//! `cargo xtask tidy`: rules that the compiler does not check.

mod painting;

use crate::figures::Figures;
use crate::run::{cargo, say};
use crate::{source, unsafe_list};
use anyhow::{Context, Result, ensure};
use painting::painting;
use std::fs;
use std::path::Path;

/// Most lines of a file, tests excluded, without a warning.
const MAX_LINES: usize = 400;
/// The only file of dsp-core that may use it.
const LOG10_HOME: &str = "dsp-core/src/units.rs";

/// The only file that may install an allocation guard, and how a line that installs one begins, by file extension.
const GUARD_HOME: &str = "tests/signals/src/guard.rs";
const GUARDS: [(&str, &str); 2] = [(".rs", "#[global_allocator]"), (".toml", "assert_no_alloc")];

/// Packages that a package must not depend on, directly or indirectly; `*` ends a prefix.
const ARROWS: [(&str, &[&str]); 10] = [
    ("dsp-core", &["plumb-*", "nice-plug*", "egui*", "baseview", "clap", "serde*"]),
    ("plumb-canvas", &["plumb-*", "dsp-core", "nice-plug*", "egui*", "baseview"]),
    ("plumb-controls", &["plumb-*", "nice-plug*", "egui*", "baseview"]),
    ("plumb-widgets", &["plumb-*", "dsp-core", "nice-plug*"]),
    ("plumb-panels", &["nice-plug*", "baseview", "plumb-glue", "plumb-channel-strip", "plumb-master-bus"]),
    ("plumb-glue", &["plumb-channel-strip", "plumb-master-bus"]),
    ("plumb-channel-strip", &["plumb-master-bus", "plumb-cli"]),
    ("plumb-master-bus", &["plumb-channel-strip", "plumb-cli"]),
    ("plumb-cli", &["nice-plug*", "egui*", "baseview", "plumb-glue", "plumb-panels", "plumb-widgets"]),
    ("plumb-hosts", &["nice-plug*", "plumb-*"]),
];

/// Packages that a package must not name in its own manifest, although others depend on them.
const DIRECT_ARROWS: [(&str, &[&str]); 1] = [("plumb-glue", &["plumb-widgets"])];

/// Checks all rules and prints every violation.
pub(crate) fn tidy() -> Result<()> {
    let mut wrong = Vec::new();
    for (arrows, depth) in [(&ARROWS[..], None), (&DIRECT_ARROWS[..], Some("1"))] {
        for (package, forbidden) in arrows {
            for used in dependencies(package, depth)?.iter().filter(|used| used != package) {
                if forbidden.iter().any(|pattern| matches(pattern, used)) {
                    wrong.push(format!("{package} must not use {used}"));
                }
            }
        }
    }
    let tree = Path::new(".");
    for path in source::files(tree, "rs")?.into_iter().chain(source::files(tree, "toml")?) {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let file = source::name(tree, &path);
        wrong.extend(complaints(&file, &text));
        wrong.extend(painting(&file, &text));
        let lines = source::code_lines(&text);
        if lines > MAX_LINES {
            say(&format!("warning: {file} has {lines} lines without its tests; {MAX_LINES} is the limit for a reader"));
        }
    }
    wrong.extend(of_the_whole(&Figures::of(tree)?));
    for line in &wrong {
        say(line);
    }
    ensure!(wrong.is_empty(), "{} rules broken", wrong.len());
    Ok(())
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start))
}

/// Names of all packages that a package depends on at run time, down to a depth.
fn dependencies(package: &str, depth: Option<&str>) -> Result<Vec<String>> {
    let args = ["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--package", package];
    let depth = depth.map(|depth| ["--depth", depth]);
    let output = cargo().args(args).args(depth.iter().flatten()).output().context("could not start cargo tree")?;
    ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim());
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect())
}

/// Violations in one file.
fn complaints(file: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if file.ends_with(".rs") && !text.starts_with("//! ") {
        wrong.push(format!("{file}: the first line must say what the file is, with //!"));
    }
    if file.starts_with("dsp-core/src/") && file != LOG10_HOME {
        let spelled = |(_, line): &(usize, &str)| line.contains("log10") && !line.trim_start().starts_with("//");
        for (number, _) in text.lines().enumerate().filter(spelled) {
            wrong.push(format!("{file}:{}: decibels are made in {LOG10_HOME} only", number + 1));
        }
    }
    let installs =
        |line: &str| GUARDS.iter().any(|(kind, guard)| file.ends_with(kind) && line.trim_start().starts_with(guard));
    if file != GUARD_HOME && text.lines().any(installs) {
        wrong.push(format!(
            "{file}: allocations are guarded by plumb_signals::assert_no_alloc only, which guards itself"
        ));
    }
    wrong
}

/// Import cycles and violations in unsafe code.
fn of_the_whole(figures: &Figures) -> Vec<String> {
    let mut wrong: Vec<_> = figures.cycles.iter().map(|cycle| format!("import cycle: {cycle}")).collect();
    let is_unsafe = |file: &str| figures.unsafe_places.contains_key(file);
    for file in figures.unsafe_places.keys().filter(|file| !unsafe_list::is_home(file)) {
        if unsafe_list::reason(file).is_none() {
            wrong.push(format!("{file}: unsafe code is not allowed here; xtask/src/unsafe_list.rs says where it is"));
        }
    }
    for file in unsafe_list::listed().filter(|file| !is_unsafe(file)) {
        wrong.push(format!("xtask/src/unsafe_list.rs: {file} has no unsafe code (any more)"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_names_or_beginnings() {
        assert!(matches("egui*", "egui_glow") && matches("dsp-core", "dsp-core"));
        assert!(!matches("dsp-core", "dsp-core-x") && !matches("egui*", "ecolor"));
    }

    #[test]
    fn files_without_a_first_line_and_stray_decibels_are_found() {
        assert!(complaints("a.rs", "//! What it is.\nlet x = y.log10();").is_empty(), "log10 outside dsp-core is free");
        assert_eq!(complaints("a.rs", "use x;").len(), 1);
        assert_eq!(complaints("dsp-core/src/gain.rs", "//! x\nlet d = 20.0 * x.log10();\n// log10").len(), 1);
        assert!(complaints(LOG10_HOME, "//! x\nx.log10()").is_empty());
    }

    #[test]
    fn a_second_allocation_guard_is_refused() {
        let (installs, uses) = ("//! x\n#[global_allocator]\n", "//! x\nassert_no_alloc(f);\n");
        assert_eq!((complaints("a.rs", installs).len(), complaints("a.rs", uses).len()), (1, 0));
        assert_eq!(
            (complaints(GUARD_HOME, installs).len(), complaints("Cargo.toml", "assert_no_alloc = \"1\"").len()),
            (0, 1)
        );
    }

    #[test]
    fn unlisted_unsafe_code_and_cycles_are_refused() {
        let mut figures = Figures { cycles: vec!["a -> b".to_owned()], ..Figures::default() };
        figures.unsafe_places.extend([("a.rs".to_owned(), 1), ("dsp-core/src/simd/x.rs".to_owned(), 1)]);
        let wrong = of_the_whole(&figures);
        assert!(wrong.iter().any(|line| line.contains("cycle")) && wrong.iter().any(|line| line.starts_with("a.rs")));
        assert!(!wrong.iter().any(|line| line.starts_with("dsp-core/src/simd")));
    }
}

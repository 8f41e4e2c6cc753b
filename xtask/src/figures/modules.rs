//! A crate's modules: their files, the items they define, and the paths they use.

use super::tokens::{Kind, Token, closed, production};
use anyhow::{Context, Result};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// A module's place in [`Crate::modules`].
pub(super) type ModuleId = usize;
/// A file's place in [`Crate::files`].
pub(super) type FileId = usize;

/// A crate's source.
#[derive(Debug, Default)]
pub(super) struct Crate {
    pub(super) files: Vec<PathBuf>,
    /// The root comes first.
    pub(super) modules: Vec<Module>,
}

/// A module, in a file of its own or inside another.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) file: FileId,
    pub(super) parent: ModuleId,
    pub(super) children: HashMap<String, ModuleId>,
    /// Names defined here that are no modules.
    pub(super) items: BTreeSet<String>,
    pub(super) imports: Vec<Import>,
    /// Paths of more than one segment, outside `use`.
    pub(super) paths: Vec<(Vec<String>, usize)>,
    /// Every word and its number of uses outside `use`.
    pub(super) words: HashMap<String, usize>,
}

/// A leaf of a `use`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) path: Vec<String>,
    /// Its name here; none for `*`.
    pub(super) name: Option<String>,
    /// Whether it is a re-export.
    pub(super) is_public: bool,
    pub(super) line: usize,
}

/// Reads a crate from its root file.
pub(super) fn read(root: &Path) -> Result<Crate> {
    let mut found = Crate::default();
    let directory = root.parent().unwrap_or(Path::new("")).to_owned();
    found.file(root, &directory, 0)?;
    Ok(found)
}

impl Crate {
    /// Reads a file as a new module whose children are below a directory.
    fn file(&mut self, path: &Path, directory: &Path, parent: ModuleId) -> Result<ModuleId> {
        let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let (file, id) = (self.files.len(), self.modules.len());
        self.files.push(path.to_owned());
        self.modules.push(Module { file, parent, ..Module::default() });
        self.module(id, &production(&text), directory)?;
        Ok(id)
    }

    /// Reads a module's tokens.
    fn module(&mut self, id: ModuleId, tokens: &[Token<'_>], directory: &Path) -> Result<()> {
        let (mut at, mut depth, mut other_path) = (0, 0_usize, None);
        while at < tokens.len() {
            let following = |n: usize| tokens.get(at + n);
            let name = following(1).and_then(Token::word);
            match tokens[at].kind {
                Kind::Word("mod") if depth == 0 && name.is_some() => {
                    let name = name.unwrap_or_default();
                    let child = if following(2).is_some_and(|token| token.is('{')) {
                        let (child, end) = (self.modules.len(), closed(tokens, at + 2));
                        let file = self.modules[id].file;
                        self.modules.push(Module { file, parent: id, ..Module::default() });
                        self.module(child, &tokens[at + 3..end - 1], &directory.join(name))?;
                        at = end;
                        child
                    } else {
                        at += 3;
                        // `#[path]` starts at the file's own directory.
                        let own = self.files.get(self.modules[id].file).and_then(|file| file.parent());
                        let other = other_path.take().map(|other| own.unwrap_or(directory).join(other));
                        let (path, directory) = place(directory, name, other);
                        self.file(&path, &directory, id)?
                    };
                    self.modules[id].children.insert(name.to_owned(), child);
                }
                Kind::Word("use") if !following(1).is_some_and(|token| token.is('<')) => {
                    let end = at + tokens[at..].iter().take_while(|token| !token.is(';')).count();
                    let is_public = is_public(&tokens[..at]);
                    let line = tokens[at].line;
                    let mut leaf = |path: Vec<String>, name| {
                        self.modules[id].imports.push(Import { path, name, is_public, line });
                    };
                    leaves(&tokens[at + 1..end], &[], &mut leaf);
                    at = end;
                }
                Kind::Word("path") if following(1).is_some_and(|token| token.is('=')) => {
                    if let Some(Kind::Text(text)) = following(2).map(|token| token.kind) {
                        other_path = Some(text.trim_matches('"'));
                    }
                    at += 1;
                }
                Kind::Word(word) => {
                    let module = &mut self.modules[id];
                    *module.words.entry(word.to_owned()).or_default() += 1;
                    if depth == 0 {
                        module.items.extend(defined(&tokens[at..]));
                    }
                    let path = path(tokens, at);
                    if path.len() > 1 {
                        module.paths.push((path, tokens[at].line));
                    }
                    at += 1;
                }
                Kind::Sign(sign) => {
                    match sign {
                        '{' => depth += 1,
                        '}' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    at += 1;
                }
                _ => at += 1,
            }
        }
        Ok(())
    }
}

/// A module's file, and the directory of its children.
fn place(directory: &Path, name: &str, other: Option<PathBuf>) -> (PathBuf, PathBuf) {
    let flat = directory.join(format!("{name}.rs"));
    match other {
        Some(path) => {
            let below = path.parent().unwrap_or(directory).to_owned();
            (path, below)
        }
        None if flat.exists() => (flat, directory.join(name)),
        None => (directory.join(name).join("mod.rs"), directory.join(name)),
    }
}

/// Whether `pub` or `pub(…)` ends these tokens.
fn is_public(before: &[Token<'_>]) -> bool {
    let mut rest = before;
    if rest.last().is_some_and(|token| token.is(')')) {
        let open = rest.iter().rposition(|token| token.is('(')).unwrap_or(0);
        rest = &rest[..open];
    }
    rest.last().and_then(Token::word) == Some("pub")
}

/// The name of the item that begins at these tokens, if one does.
fn defined(tokens: &[Token<'_>]) -> Option<String> {
    let mut rest = tokens[1..].iter();
    let name = match tokens[0].word()? {
        "struct" | "enum" | "union" | "trait" | "type" | "fn" | "static" => rest.next()?.word()?,
        "const" => rest.next()?.word().filter(|word| *word != "fn")?,
        "macro_rules" => rest.nth(1)?.word()?,
        _ => return None,
    };
    Some(name.to_owned())
}

/// The path `a::b::c` that begins at a token; empty within a path.
fn path(tokens: &[Token<'_>], at: usize) -> Vec<String> {
    let mut path = Vec::new();
    let before = at.checked_sub(1).map(|n| tokens[n].kind);
    if matches!(before, Some(Kind::Path | Kind::Sign('.'))) {
        return path;
    }
    let mut at = at;
    while let Some(word) = tokens.get(at).and_then(Token::word) {
        path.push(word.to_owned());
        if tokens.get(at + 1).map(|token| token.kind) != Some(Kind::Path) {
            break;
        }
        at += 2;
    }
    path
}

/// Visits every leaf of a `use` tree: its path and its name here, none for `*`.
fn leaves(tokens: &[Token<'_>], prefix: &[String], leaf: &mut impl FnMut(Vec<String>, Option<String>)) {
    let mut path = prefix.to_vec();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Sign('{') => {
                let end = closed(tokens, at);
                for part in parts(&tokens[at + 1..end - 1]) {
                    leaves(part, &path, leaf);
                }
                return;
            }
            Kind::Sign('*') => return leaf(path, None),
            Kind::Word("as") => {
                let name = tokens.get(at + 1).and_then(Token::word).unwrap_or("_");
                return leaf(path, Some(name.to_owned()));
            }
            // `use a::{self}` is `use a`.
            Kind::Word("self") if !path.is_empty() => {}
            Kind::Word(word) => path.push(word.to_owned()),
            _ => {}
        }
        at += 1;
    }
    let name = path.last().cloned();
    leaf(path, name);
}

/// Splits at commas outside brackets.
fn parts<'a, 'b>(tokens: &'a [Token<'b>]) -> Vec<&'a [Token<'b>]> {
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Sign('{') => at = closed(tokens, at),
            Kind::Sign(',') => {
                parts.push(&tokens[from..at]);
                at += 1;
                from = at;
            }
            _ => at += 1,
        }
    }
    parts.push(&tokens[from..]);
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Module {
        let mut found = Crate::default();
        found.modules.push(Module::default());
        found.module(0, &production(text), Path::new("")).expect("no files to read");
        found.modules.swap_remove(0)
    }

    #[test]
    fn use_trees_are_read_to_their_leaves() {
        let module = module("pub(crate) use a::{self, b::{C as D, *}, e}; use f;");
        let said: Vec<_> = module
            .imports
            .iter()
            .map(|import| (import.path.join("::"), import.name.clone().unwrap_or("*".to_owned()), import.is_public))
            .collect();
        let expected =
            [("a", "a", true), ("a::b::C", "D", true), ("a::b", "*", true), ("a::e", "e", true), ("f", "f", false)];
        assert_eq!(said, expected.map(|(path, name, public)| (path.to_owned(), name.to_owned(), public)));
    }

    #[test]
    fn items_are_those_of_the_module_itself() {
        let module = module(
            "pub struct A; impl A { fn b() { const C: u8 = 0; } } const fn d() {} const E: u8 = 0; macro_rules! f { }",
        );
        assert_eq!(module.items.into_iter().collect::<Vec<_>>(), ["A", "E", "d", "f"]);
    }

    #[test]
    fn paths_are_read_from_their_beginning() {
        let module = module("fn a() { x.b::<u8>(crate::c::D::new(), [super::e::F; 2]); }");
        let paths: Vec<_> = module.paths.iter().map(|(path, _)| path.join("::")).collect();
        assert_eq!(paths, ["crate::c::D::new", "super::e::F"]);
    }
}

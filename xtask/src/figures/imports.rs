//! Imports between the files of a crate: every path is followed, through re-exports, to the file that defines its item.

use super::modules::{Crate, FileId, Import, ModuleId};
use std::collections::{BTreeMap, BTreeSet};

/// Re-exports followed before giving up: two may name each other.
const MOST_STEPS: usize = 16;

/// What each file imports: from which file, and which names, with their lines.
pub(super) type Imports = BTreeMap<FileId, BTreeMap<FileId, BTreeSet<(usize, String)>>>;

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Module(ModuleId),
    Item(FileId),
    /// What another crate defines.
    Elsewhere,
}

/// Finds all imports. A `mod` is no import; neither is a re-export that its own file does not use.
pub(super) fn imports(found: &Crate) -> Imports {
    let mut imports = Imports::new();
    for (id, module) in found.modules.iter().enumerate() {
        let mut need = |file: FileId, name: &str, line: usize| {
            if file != module.file {
                imports.entry(module.file).or_default().entry(file).or_default().insert((line, name.to_owned()));
            }
        };
        let says = |name: &str| module.words.contains_key(name);
        for import in &module.imports {
            let target = found.resolve(id, &import.path, 0);
            match (&import.name, target) {
                (Some(name), Some(Target::Item(file))) if !import.is_public || says(name) => {
                    need(file, name, import.line)
                }
                (None, Some(Target::Module(all))) => {
                    for name in found.names(all).into_iter().filter(|name| says(name)) {
                        if let Some(Target::Item(file)) = found.lookup(all, &name, 0) {
                            need(file, &name, import.line);
                        }
                    }
                }
                (None, Some(Target::Item(file))) => need(file, "*", import.line),
                _ => {}
            }
        }
        for (path, line) in &module.paths {
            if let Some(Target::Item(file)) = found.resolve(id, path, 0) {
                need(file, &path.join("::"), *line);
            }
        }
    }
    imports
}

impl Crate {
    /// What a path said in a module leads to; nothing for paths of other crates.
    fn resolve(&self, from: ModuleId, path: &[String], steps: usize) -> Option<Target> {
        let (head, mut rest) = path.split_first()?;
        let mut target = match head.as_str() {
            "crate" | "$crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.modules[from].parent),
            name => self.lookup(from, name, steps)?,
        };
        while let Target::Module(id) = target {
            let Some((name, more)) = rest.split_first() else { break };
            target = match name.as_str() {
                "super" => Target::Module(self.modules[id].parent),
                "self" => target,
                // Items made by a macro are taken to be where the macro is called.
                name => self.lookup(id, name, steps).unwrap_or(Target::Item(self.modules[id].file)),
            };
            rest = more;
        }
        Some(target)
    }

    /// What a name means in a module.
    fn lookup(&self, id: ModuleId, name: &str, steps: usize) -> Option<Target> {
        let module = &self.modules[id];
        if let Some(child) = module.children.get(name) {
            return Some(Target::Module(*child));
        }
        if module.items.contains(name) {
            return Some(Target::Item(module.file));
        }
        if steps > MOST_STEPS {
            return None;
        }
        // `use name;` would look itself up.
        let is_itself = |import: &Import| import.path.len() == 1 && import.path[0] == name;
        if let Some(import) = module.imports.iter().find(|import| import.name.as_deref() == Some(name)) {
            let target = if is_itself(import) { None } else { self.resolve(id, &import.path, steps + 1) };
            return Some(target.unwrap_or(Target::Elsewhere));
        }
        module.imports.iter().filter(|import| import.name.is_none()).find_map(|import| {
            match self.resolve(id, &import.path, steps + 1)? {
                Target::Module(all) if all != id => self.lookup(all, name, steps + 1),
                _ => None,
            }
        })
    }

    /// Names that `*` brings from a module.
    fn names(&self, id: ModuleId) -> BTreeSet<String> {
        let module = &self.modules[id];
        module.items.iter().cloned().chain(module.imports.iter().filter_map(|import| import.name.clone())).collect()
    }
}

/// For each import that is part of a cycle, the shortest such cycle; each is listed once.
pub(super) fn cycles(imports: &Imports) -> Vec<Vec<FileId>> {
    let mut found = BTreeSet::new();
    for (file, others) in imports {
        for other in others.keys() {
            if let Some(mut way) = shortest(imports, *other, *file) {
                let first = way.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(at, _)| at);
                way.rotate_left(first);
                found.insert(way);
            }
        }
    }
    let mut cycles: Vec<_> = found.into_iter().collect();
    cycles.sort_by_key(Vec::len);
    cycles
}

/// The shortest path of imports from a file to another, both included.
fn shortest(imports: &Imports, from: FileId, to: FileId) -> Option<Vec<FileId>> {
    let mut came_from = BTreeMap::from([(from, from)]);
    let mut wave = vec![from];
    while !wave.is_empty() && !came_from.contains_key(&to) {
        let mut next = Vec::new();
        for file in wave {
            for other in imports.get(&file).into_iter().flat_map(BTreeMap::keys) {
                came_from.entry(*other).or_insert_with(|| {
                    next.push(*other);
                    file
                });
            }
        }
        wave = next;
    }
    let mut way = vec![to];
    while *way.last()? != from {
        way.push(*came_from.get(way.last()?)?);
    }
    way.reverse();
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::super::modules::read;
    use super::*;
    use std::fs;

    /// Cycles of a crate of these files, by the files' names.
    fn cycles_of(name: &str, files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let directory = std::env::temp_dir().join(format!("plumb-imports-{name}-{}", std::process::id()));
        for (file, text) in files {
            let path = directory.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = read(&directory.join("lib.rs")).unwrap();
        fs::remove_dir_all(&directory).unwrap();
        let name = |file: &FileId| found.files[*file].strip_prefix(&directory).unwrap().display().to_string();
        cycles(&imports(&found)).iter().map(|cycle| cycle.iter().map(name).collect()).collect()
    }

    #[test]
    fn a_module_and_its_child_that_import_each_other_are_a_cycle() {
        let child = ("a/b.rs", "use super::K; pub struct B;");
        let cycle = [["a/mod.rs", "a/b.rs"].map(str::to_owned).to_vec()];
        for text in [
            "mod b; use b::B; pub const K: u8 = 0;",
            "mod b; pub use b::B; pub const K: u8 = 0; fn f(_: B) {}",
            "mod b; pub const K: u8 = 0; fn f(_: b::B) {}",
            "mod b; use b::*; pub const K: u8 = 0; fn f(_: B) {}",
            "mod b; pub const K: u8 = { assert!(crate::a::b::B); 0 };",
        ] {
            let found = cycles_of("child", &[("lib.rs", "mod a;"), ("a/mod.rs", text), child]);
            assert_eq!(found, cycle, "{text}");
        }
    }

    #[test]
    fn module_declarations_re_exports_and_tests_are_no_imports() {
        let parent = "pub mod b; pub use b::B; pub const K: u8 = 0; #[cfg(test)] mod tests { use super::b::B; }";
        let files = [("lib.rs", "mod a;"), ("a/mod.rs", parent), ("a/b.rs", "use super::K; pub struct B;")];
        assert!(cycles_of("none", &files).is_empty());
    }

    #[test]
    fn a_re_export_is_followed_to_the_file_that_defines_the_name() {
        let files = [
            ("lib.rs", "mod a; mod c; mod d;"),
            ("a.rs", "mod b; pub use b::*;"),
            ("a/b.rs", "use crate::c; pub struct B(c::C);"),
            ("c.rs", "use crate::d::D; pub struct C;"),
            ("d.rs", "use crate::a::B; pub struct D;"),
        ];
        assert_eq!(cycles_of("followed", &files), [["a/b.rs", "c.rs", "d.rs"].map(str::to_owned)]);
    }
}

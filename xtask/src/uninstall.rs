//! `cargo xtask uninstall`: removes what install has installed, and nothing else.

use crate::install::{Destination, MANIFEST, OWN_DIRECTORY, listed, remove};
use crate::run::say;
use anyhow::{Result, ensure};
use plumb_hosts::bundles::Format;
use std::fs;
use std::path::{Component, Path};

/// Removes every bundle in the destination's manifests, then the manifests.
pub(crate) fn uninstall(args: &[String]) -> Result<()> {
    let destination = Destination::parse(args)?;
    let mut removed = 0;
    for format in Format::ALL {
        removed += clear(destination.directory(format))?;
    }
    if removed == 0 {
        say("Nothing was installed there.");
    }
    Ok(())
}

/// Removes what one directory's manifest lists; returns how many.
fn clear(directory: &Path) -> Result<usize> {
    let names = listed(directory)?;
    let mut removed = 0;
    for name in names.iter().filter(|name| !name.is_empty() && *name != OWN_DIRECTORY) {
        // Anyone can edit the manifest: only names in its own directory are accepted.
        let mut parts = Path::new(name).components();
        let is_name = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        ensure!(is_name && Format::of(Path::new(name)).is_some(), "'{name}' on the list is no bundle of ours");
        let path = directory.join(name);
        if path.exists() {
            remove(&path)?;
            say(&format!("Removed {}", path.display()));
            removed += 1;
        }
    }
    remove(&directory.join(MANIFEST))?;
    if names.iter().any(|name| name == OWN_DIRECTORY) && fs::read_dir(directory)?.next().is_none() {
        fs::remove_dir(directory)?;
    }
    Ok(removed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_listed_goes() {
        let directory = std::env::temp_dir().join(format!("plumb-clear-{}", std::process::id()));
        fs::create_dir_all(directory.join("Ours.vst3/Contents")).unwrap();
        for file in ["Ours.clap", "Theirs.clap"] {
            fs::write(directory.join(file), "x").unwrap();
        }
        fs::write(directory.join(MANIFEST), "Ours.clap\nOurs.vst3\nLost.clap\n").unwrap();
        assert_eq!(clear(&directory).unwrap(), 2);
        let left: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["Theirs.clap"]);
        fs::write(directory.join(MANIFEST), ".\n").unwrap();
        clear(&directory).unwrap();
        assert!(directory.exists(), "a directory with something of others stays");
        fs::write(directory.join(MANIFEST), "../elsewhere.clap\n").unwrap();
        assert!(clear(&directory).is_err(), "a list must not reach outside its directory");
        remove(&directory).unwrap();
    }

    #[test]
    fn a_directory_made_for_the_bundles_goes_with_them() {
        let directory = std::env::temp_dir().join(format!("plumb-own-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("Ours.clap"), "x").unwrap();
        fs::write(directory.join(MANIFEST), format!("{OWN_DIRECTORY}\nOurs.clap\n")).unwrap();
        assert_eq!(clear(&directory).unwrap(), 1);
        assert!(!directory.exists());
    }
}

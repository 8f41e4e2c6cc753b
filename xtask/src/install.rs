//! `cargo xtask install`: builds both plugins, puts them where hosts look, and proves that they play.

use crate::{bundle, prove, run::say, system};
use anyhow::{Context, Result, bail, ensure};
use plumb_hosts::bundles::{Format, Product};
use std::fs;
use std::path::{Path, PathBuf};

/// Name of the manifest: the list of installed files, kept in their directory.
pub(crate) const MANIFEST: &str = ".plumb-installed";
/// Its entry for the directory itself, if install made it.
pub(crate) const OWN_DIRECTORY: &str = ".";

/// Install directories by format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    clap: PathBuf,
    vst3: PathBuf,
}

impl Destination {
    /// The destination named by the arguments.
    pub(crate) fn parse(args: &[String]) -> Result<Self> {
        let args: Vec<_> = args.iter().map(String::as_str).collect();
        match args.as_slice() {
            [] | ["--user"] => {
                let home = PathBuf::from(std::env::var_os("HOME").context("HOME is not set: use --dest DIR")?);
                Ok(Self { clap: home.join(".clap"), vst3: home.join(".vst3") })
            }
            ["--system"] => Ok(Self { clap: "/usr/lib/clap".into(), vst3: "/usr/lib/vst3".into() }),
            ["--dest", dir] => {
                let dir = std::path::absolute(dir)?;
                Ok(Self { clap: dir.clone(), vst3: dir })
            }
            _ => bail!("expected --user, --system or --dest DIR"),
        }
    }

    /// The directory for a format.
    pub(crate) fn directory(&self, format: Format) -> &Path {
        match format {
            Format::Clap => &self.clap,
            Format::Vst3 => &self.vst3,
        }
    }
}

/// Builds, copies, proves.
pub(crate) fn install(args: &[String]) -> Result<()> {
    let destination = Destination::parse(args)?;
    system::ensure(&system::BUILD)?;
    say("Building both plugins; the first time takes several minutes");
    bundle::bundle()?;
    let mut installed = Vec::new();
    for format in Format::ALL {
        let directory = destination.directory(format);
        make(directory)?;
        for product in Product::ALL {
            let to = directory.join(product.file_name(format));
            // Listed before it is copied, so that nothing is ever installed unlisted.
            list(directory, &product.file_name(format))?;
            replace(&product.built(format)?, &to)?;
            say(&format!("Installed {}", to.display()));
            installed.push(to);
        }
    }
    say("\nProof: ten seconds of programme through each");
    prove::prove_each(&installed)?;
    say(&next_steps(&destination));
    Ok(())
}

/// Makes a directory if it is missing, and lists it as ours.
fn make(directory: &Path) -> Result<()> {
    if directory.exists() {
        return Ok(());
    }
    fs::create_dir_all(directory).with_context(|| format!("making {}", directory.display()))?;
    list(directory, OWN_DIRECTORY)
}

/// Adds a name to a directory's manifest.
fn list(directory: &Path, name: &str) -> Result<()> {
    let path = directory.join(MANIFEST);
    let mut names = listed(directory)?;
    if !names.iter().any(|listed| listed == name) {
        names.push(name.to_owned());
    }
    let whole = directory.join(format!("{MANIFEST}.new"));
    fs::write(&whole, names.join("\n") + "\n").with_context(|| format!("writing {}", whole.display()))?;
    fs::rename(&whole, &path).with_context(|| format!("writing {}", path.display()))
}

/// The names in a directory's manifest; none without one.
pub(crate) fn listed(directory: &Path) -> Result<Vec<String>> {
    let path = directory.join(MANIFEST);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let list = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(list.lines().map(str::to_owned).collect())
}

/// Installs a bundle by copy and rename: a host never finds half a bundle, and a running host keeps the file it loaded.
fn replace(from: &Path, to: &Path) -> Result<()> {
    let directory = to.parent().context("no directory")?;
    let name = to.file_name().context("no name")?.to_string_lossy().into_owned();
    let (fresh, old) = (directory.join(format!(".{name}.new")), directory.join(format!(".{name}.old")));
    for leftover in [&fresh, &old] {
        remove(leftover)?;
    }
    copy(from, &fresh)?;
    if to.exists() {
        fs::rename(to, &old).with_context(|| format!("replacing {}", to.display()))?;
    }
    fs::rename(&fresh, to).with_context(|| format!("installing {}", to.display()))?;
    remove(&old)
}

/// Copies a file or a directory tree.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("copying {} to {}", from.display(), to.display());
    if !from.is_dir() {
        fs::copy(from, to).with_context(failed)?;
        return Ok(());
    }
    fs::create_dir_all(to).with_context(failed)?;
    for entry in fs::read_dir(from).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Removes a file or a directory tree, if present.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Err(_) => return Ok(()),
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    removed.with_context(|| format!("removing {}", path.display()))?;
    ensure!(!path.exists(), "{} is still there", path.display());
    Ok(())
}

fn next_steps(destination: &Destination) -> String {
    let (clap, vst3) = (destination.clap.display(), destination.vst3.display());
    format!(
        "
What to do next
  Reaper   Options > Preferences > Plug-ins > CLAP (or VST): Re-scan; then Add FX and type Plumb
  Bitwig   nothing: it watches its folders (Settings > Locations lists them); look for Plumb
  Live     Windows and macOS only
  Ardour   Window > Plugin Manager > Rescan Plugins; then look for Plumb (VST3)
Hosts look for CLAP in {clap} and VST3 in {vst3}; if yours does not, add these folders in its settings.
`cargo xtask uninstall` with the same option removes the plugins again."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("plumb-{name}-{}", std::process::id()));
        remove(&directory).unwrap();
        fs::create_dir_all(&directory).unwrap();
        directory
    }

    #[test]
    fn a_bundle_takes_the_place_of_an_older_one_whole() {
        let directory = scratch("replace");
        let (from, to) = (directory.join("build/X.vst3"), directory.join("X.vst3"));
        fs::create_dir_all(from.join("Contents/x")).unwrap();
        fs::write(from.join("Contents/x/X.so"), "new").unwrap();
        fs::create_dir_all(to.join("Contents/gone")).unwrap();
        replace(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("Contents/x/X.so")).unwrap(), "new");
        assert!(!to.join("Contents/gone").exists(), "the older bundle must be gone");
        let left: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "nothing but the build and the bundle: {left:?}");
        remove(&directory).unwrap();
    }

    #[test]
    fn the_list_names_each_bundle_once() {
        let directory = scratch("list");
        for name in ["A.clap", "B.clap", "A.clap"] {
            list(&directory, name).unwrap();
        }
        assert_eq!(listed(&directory).unwrap(), ["A.clap", "B.clap"]);
        remove(&directory).unwrap();
    }

    #[test]
    fn a_destination_is_one_of_three() {
        let parse = |args: &[&str]| Destination::parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>());
        assert_eq!(parse(&["--system"]).unwrap().directory(Format::Vst3), Path::new("/usr/lib/vst3"));
        assert_eq!(parse(&["--dest", "/x"]).unwrap().directory(Format::Clap), Path::new("/x"));
        assert_eq!(parse(&[]).unwrap(), parse(&["--user"]).unwrap());
        assert!(parse(&["--dest"]).is_err() && parse(&["--all"]).is_err());
    }
}

//! Files that are whole or not there: written beside their place and moved to it.

use crate::error::Error;
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// Begins a file that will be at `path`; its name must end in one of `endings`, which makes it a `kind`.
pub(crate) fn create(path: &Path, kind: &str, endings: &[&str]) -> Result<NamedTempFile, Error> {
    let is_one = path.extension().is_some_and(|e| endings.iter().any(|ending| e.eq_ignore_ascii_case(ending)));
    let ending = endings.first().unwrap_or(&"");
    if !is_one {
        return Err(Error::file(path, format!("not the name of a {kind} file; expected one ending in .{ending}")));
    }
    if path.is_dir() {
        return Err(Error::file(path, "is a folder; expected a file to write"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    temporary(folder, ending)
        .map_err(|error| Error::file(path, format!("cannot write there: {error}; expected a folder to write in")))
}

/// Moves a complete file to its place.
pub(crate) fn keep(file: NamedTempFile, path: &Path) -> Result<(), Error> {
    // What it may replace is gone for good afterwards: the new one has to be on the disk first.
    file.as_file().sync_all().map_err(|error| Error::write(path, error))?;
    file.persist(path).map_err(|error| Error::write(path, error.error))?;
    Ok(())
}

/// A file without a name yet, with the rights that any new file gets.
fn temporary(folder: &Path, ending: &str) -> io::Result<NamedTempFile> {
    let suffix = format!(".{ending}");
    let mut builder = tempfile::Builder::new();
    builder.prefix(".plumb-").suffix(&suffix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

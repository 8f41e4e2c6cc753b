//! Atomic file output: a temporary file in the same folder, renamed when complete.

use crate::error::Error;
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

/// Creates the temporary file for `path`, a file of a `kind` whose name must end in one of `endings`.
pub(crate) fn create(path: &Path, kind: &str, endings: &[&str]) -> Result<NamedTempFile, Error> {
    let matches = path.extension().is_some_and(|e| endings.iter().any(|ending| e.eq_ignore_ascii_case(ending)));
    let ending = endings.first().unwrap_or(&"");
    if !matches {
        return Err(Error::file(path, format!("not a {kind} file name; expected one ending in .{ending}")));
    }
    if path.is_dir() {
        return Err(Error::file(path, "is a folder; expected a file to write"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    temporary(folder, ending)
        .map_err(|error| Error::file(path, format!("cannot write there: {error}; expected a writable folder")))
}

/// Renames a complete temporary file to `path`.
pub(crate) fn commit(file: NamedTempFile, path: &Path) -> Result<(), Error> {
    // The rename may replace an existing file, so the new one must be on disk first.
    file.as_file().sync_all().map_err(|error| Error::write(path, error))?;
    file.persist(path).map_err(|error| Error::write(path, error.error))?;
    Ok(())
}

/// A temporary file with the permissions of any new file.
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

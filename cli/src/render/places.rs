//! Which file goes where.

use crate::audio_out::Kind;
use crate::error::Error;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file to read, and the one to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) input: PathBuf,
    pub(super) output: PathBuf,
}

/// One file goes to `output`; several go into it, each under its own name.
pub(super) fn places(inputs: &[PathBuf], output: &Path) -> Result<Vec<Places>, Error> {
    if let [input] = inputs {
        return Ok(vec![Places { input: input.clone(), output: output.to_owned() }]);
    }
    if !output.is_dir() {
        return Err(Error::file(output, format!("is no folder; expected one for {} files", inputs.len())));
    }
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    let mut all = Vec::with_capacity(inputs.len());
    for input in inputs {
        let name = input.file_name().ok_or_else(|| Error::file(input, "has no name; expected a file"))?;
        let mut output = output.join(name);
        if Kind::of(&output).is_none() {
            output.set_extension("wav");
        }
        if let Some(other) = taken.insert(output.clone(), input) {
            let problem =
                format!("would be {}, as {} would; expected names that differ", output.display(), other.display());
            return Err(Error::file(input, problem));
        }
        all.push(Places { input: input.clone(), output });
    }
    Ok(all)
}

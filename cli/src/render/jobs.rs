//! Pairs of input and output files.

use crate::audio_out::Kind;
use crate::error::Error;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// An input file and its output file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) input: PathBuf,
    pub(super) output: PathBuf,
}

/// The job of one input, which goes to `output`, or the jobs of several, which go into the folder `output` under their
/// own names.
pub(super) fn jobs(inputs: &[PathBuf], output: &Path) -> Result<Vec<Job>, Error> {
    if let [input] = inputs {
        return Ok(vec![Job { input: input.clone(), output: output.to_owned() }]);
    }
    if !output.is_dir() {
        return Err(Error::file(output, format!("is not a folder; expected one for {} files", inputs.len())));
    }
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    let mut all = Vec::with_capacity(inputs.len());
    for input in inputs {
        let name = input.file_name().ok_or_else(|| Error::file(input, "has no file name; expected a file"))?;
        let mut output = output.join(name);
        if Kind::of(&output).is_none() {
            output.set_extension("wav");
        }
        if let Some(other) = taken.insert(output.clone(), input) {
            let problem = format!(
                "would be written to {}, as would {}; expected distinct names",
                output.display(),
                other.display()
            );
            return Err(Error::file(input, problem));
        }
        all.push(Job { input: input.clone(), output });
    }
    Ok(all)
}

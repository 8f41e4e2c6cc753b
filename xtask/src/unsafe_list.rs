//! Where unsafe code is allowed, and why. `cargo xtask tidy` refuses unsafe code elsewhere, and entries no longer needed.

/// Directories and files dedicated to it: vectors, and the C interfaces of the plugin formats.
const HOMES: [&str; 2] = ["dsp-core/src/simd/", "plugins/glue/src/vst3.rs"];

/// Other files and reasons.
const LISTED: [(&str, &str); 0] = [];

/// Whether a file is dedicated to unsafe code.
pub(crate) fn is_home(file: &str) -> bool {
    HOMES.iter().any(|home| file.starts_with(home))
}

/// The reason for a listed file.
pub(crate) fn reason(file: &str) -> Option<&'static str> {
    LISTED.iter().find(|(listed, _)| *listed == file).map(|(_, reason)| *reason)
}

/// All listed files.
pub(crate) fn listed() -> impl Iterator<Item = &'static str> {
    LISTED.iter().map(|(file, _)| *file)
}

//! Where unsafe code is allowed, and why. `cargo xtask tidy` refuses unsafe code elsewhere, and entries no longer needed.

/// Directories and files dedicated to it: vectors, and the C interfaces of the plugin formats.
const HOMES: [&str; 2] = ["dsp-core/src/simd/", "plugins/glue/src/vst3.rs"];

/// Other files and reasons.
const LISTED: [(&str, &str); 13] = [
    ("plugins/glue/src/editor_host.rs", "the framework takes parameters as raw pointers when an editor moves them"),
    ("plugins/glue/src/params.rs", "`Params` is an unsafe trait: it hands out pointers to parameters"),
    ("plugins/glue/src/window.rs", "gestures that an editor leaves open are ended by raw pointers to parameters"),
    ("benches/src/clock.rs", "reads the CPU clock of a thread"),
    ("benches/src/peers.rs", "hosts other makers' plugins through a C library"),
    ("benches/src/yardstick.rs", "calls a function compiled for FMA; shares no code with the product"),
    ("tests/hosts/src/clap/editor.rs", "embeds an editor in an X11 window"),
    ("tests/hosts/src/clap/plugin.rs", "loads CLAP libraries"),
    ("tests/hosts/src/vst3/module.rs", "loads VST3 libraries"),
    ("tests/hosts/src/vst3/objects.rs", "the host's objects of the VST3 interface"),
    ("tests/hosts/src/vst3/plugin.rs", "calls the VST3 interface"),
    ("tests/signals/src/guard.rs", "the global allocator that catches allocations"),
    ("tests/signals/src/system_calls.rs", "asks the kernel to report system calls"),
];

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

//! Keeps the library in memory once a host has loaded it.

#![expect(clippy::print_stdout, reason = "it is how a build script speaks to cargo")]

fn main() {
    // A thread of the host that has called the plugin runs clean-up code of the Rust runtime when it ends, which lies
    // in the library. Without this a host that unloads the last instance first crashes there.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    println!("cargo::rerun-if-changed=../keep_loaded.rs");
}

//! Makes the pages of measurements: every number and picture in `docs/measurements` is measured here, from the code
//! that the plugins run. `cargo xtask measure` runs it. One file a page; a page's parts are in a directory beside it.

mod common;
mod dynamics;
mod eq;
mod figure;
mod limiter;
mod loudness;
mod page;
mod reference;
mod spectrum;
#[path = "../../../dsp-core/benches/support/mod.rs"]
mod timing;

use anyhow::Result;
use page::Page;
use std::path::PathBuf;

/// Where the pages are.
fn measurements() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "measurements"].iter().collect()
}

/// The pages.
const PAGES: [fn() -> Result<Page>; 4] = [eq::page, dynamics::page, limiter::page, loudness::page];

fn main() -> Result<()> {
    for page in PAGES {
        page()?.keep(&measurements())?;
    }
    Ok(())
}

//! Known defects of the plugin framework (nice-plug 0.4.2), each shown in a process of its own, which crashes.
//!
//! When one of these tests fails, the framework has been fixed: remove the test, and the workaround in our hosts and
//! plugins.

use crate::common::{BLOCK, change, is_victim, music, run, survives};
use clack_extensions::params::{ParamInfoBuffer, PluginParams};
use plumb_hosts::audio::Change;
use plumb_hosts::bundles::Product;

/// The info of a parameter index past the end: the framework panics across the C boundary, which aborts the host. CLAP
/// requires it to return false. Hosts do not ask for it.
#[test]
fn a_parameter_index_past_the_end_crashes_the_host() {
    if is_victim() {
        let mut plugin = run(Product::ChannelStrip);
        let behind_the_last = plugin.with_extension::<PluginParams, _>(|params, handle| {
            params.get_info(handle, params.count(handle), &mut ParamInfoBuffer::new()).is_some()
        });
        assert!(!behind_the_last.unwrap());
        return;
    }
    assert!(!survives("defects::a_parameter_index_past_the_end_crashes_the_host"), "the framework has been mended");
}

/// An event at or past the end of its block: the framework takes the block to be longer and reads past the host's
/// buffers. CLAP forbids such events, so well-behaved hosts do not send them.
#[test]
fn an_event_past_the_end_of_its_block_crashes_the_host() {
    if is_victim() {
        let mut plugin = run(Product::ChannelStrip);
        let gain = change(&mut plugin, 0, "output_gain_db", "-6 dB");
        plugin.render_unchecked(&music(0.1), &[Change { frame: BLOCK + 1, ..gain }], BLOCK).unwrap();
        return;
    }
    assert!(!survives("defects::an_event_past_the_end_of_its_block_crashes_the_host"), "the framework has been mended");
}

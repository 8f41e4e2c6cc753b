//! Known defects of the plugin framework (nice-plug 0.4.2), each shown in a process of its own that does not survive.
//!
//! They are not ours to mend. When one of these tests fails, the framework has been mended: drop the test, and the rule
//! that hosts and plugins here follow because of it.

use crate::common::{BLOCK, change, is_victim, music, run, survives};
use clack_extensions::params::{ParamInfoBuffer, PluginParams};
use plumb_hosts::audio::Change;
use plumb_hosts::bundles::Product;

/// The information of the parameter just behind the last one: the framework panics across the C boundary, which ends
/// the host. CLAP says to return false. Hosts do not ask for it.
#[test]
fn asking_for_a_parameter_behind_the_last_ends_the_host() {
    if is_victim() {
        let mut plugin = run(Product::ChannelStrip);
        let behind_the_last = plugin.with_extension::<PluginParams, _>(|params, handle| {
            params.get_info(handle, params.count(handle), &mut ParamInfoBuffer::new()).is_some()
        });
        assert!(!behind_the_last.unwrap());
        return;
    }
    assert!(
        !survives("defects::asking_for_a_parameter_behind_the_last_ends_the_host"),
        "the framework has been mended"
    );
}

/// An event at or behind the end of its block: the framework takes the block for longer than it is and hands out memory
/// behind the host's buffers. CLAP forbids such events, so that well-behaved hosts do not send them.
#[test]
fn an_event_behind_the_end_of_its_block_ends_the_host() {
    if is_victim() {
        let mut plugin = run(Product::ChannelStrip);
        let gain = change(&mut plugin, 0, "output_gain_db", "-6 dB");
        plugin.render_unchecked(&music(0.1), &[Change { frame: BLOCK + 1, ..gain }], BLOCK).unwrap();
        return;
    }
    assert!(!survives("defects::an_event_behind_the_end_of_its_block_ends_the_host"), "the framework has been mended");
}

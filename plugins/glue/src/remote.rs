//! Remote-control pages of hardware controllers, from the table: a section for each group, eight controls a page.

use crate::params::{HostParam, HostParams};
use nice_plug::prelude::{RemoteControlsContext, RemoteControlsPage, RemoteControlsSection};

/// Name of the page of controls that stand in no group.
const NO_GROUP: &str = "Main";

/// Adds a section for every group of controls. The framework splits what is longer than a page.
pub(crate) fn add_pages<S: Default + Copy + 'static>(params: &HostParams<S>, context: &mut impl RemoteControlsContext) {
    let all: Vec<_> = params.iter().collect();
    for group in all.chunk_by(|(a, _), (b, _)| a.group == b.group) {
        let Some((first, _)) = group.first() else { continue };
        let name = if first.group.is_empty() { NO_GROUP } else { &first.group };
        context.add_section(name, |section| {
            section.add_page(name, |page| {
                for (_, param) in group {
                    match param {
                        HostParam::Number(param) => page.add_param(param),
                        HostParam::Choice(param) => page.add_param(param),
                        HostParam::Switch(param) => page.add_param(param),
                    }
                }
            });
        });
    }
}

//! Remote-control pages for hardware controllers, from the table: a section for each group, eight controls a page.

use crate::params::{HostParam, HostParams};
use nice_plug::prelude::{RemoteControlsContext, RemoteControlsPage, RemoteControlsSection};
use plumb_controls::ControlTable;

/// Name of the page of controls without a group.
const NO_GROUP: &str = "Main";

/// Adds a section for every group of controls. The framework splits long groups into pages.
pub(crate) fn add_pages<S: ControlTable>(params: &HostParams<S>, context: &mut impl RemoteControlsContext) {
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

//! Renamed control ids and choices: [`super::settings`] uses the new names; older revisions are given the old ones.

/// Old id, new id. One that begins with `_` is the end of an id.
const IDS: [(&str, &str); 10] = [
    ("_dyn_source", "_dyn_key"),
    ("_target", "_channels"),
    ("comp_operation", "comp_channels"),
    ("eq_scale_pct", "eq_gain_scale_pct"),
    ("limiter_ceiling_dbtp", "limiter_ceiling_db"),
    ("limiter_clip_pct", "limiter_soft_clip_pct"),
    ("limiter_link_pct", "limiter_transient_link_pct"),
    ("limiter_true_peak", "limiter_detection"),
    ("pan_pct", "stereo_pan_pct"),
    ("width_pct", "stereo_width_pct"),
];
/// Old text of a choice, new text.
const CHOICES: [(&str, &str); 3] =
    [("Sidechain", "External"), ("Removed", "Delta"), ("EQ > Comp", "Gate > Trans > EQ > Comp > Sat > De-ess")];

/// An id and a value in the names of a revision; `choices_of` returns the choices of its ids. None if it lacks the
/// control.
pub(super) fn translated(
    id: &str,
    value: &str,
    choices_of: impl Fn(&str) -> Option<Vec<String>>,
) -> Option<(String, String)> {
    let old = IDS.iter().filter_map(|(old, new)| match id.strip_suffix(new) {
        Some(start) if start.is_empty() || new.starts_with('_') => Some(format!("{start}{old}")),
        _ => None,
    });
    let (known, choices) = std::iter::once(id.to_owned()).chain(old).find_map(|id| {
        let choices = choices_of(&id)?;
        Some((id, choices))
    })?;
    let old_value = CHOICES.iter().find(|(old, new)| *new == value && choices.iter().any(|choice| choice == old));
    Some((known, old_value.map_or(value, |(old, _)| old).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_revisions_are_given_the_old_names() {
        let old = |id: &str| match id {
            "eq_lf_dyn_source" => Some(vec!["Band".to_owned(), "Sidechain".to_owned()]),
            "gate_key" => Some(vec!["Internal".to_owned(), "External".to_owned()]),
            "width_pct" => Some(Vec::new()),
            _ => None,
        };
        let pair = |id: &str, value: &str| Some((id.to_owned(), value.to_owned()));
        assert_eq!(translated("eq_lf_dyn_key", "External", old), pair("eq_lf_dyn_source", "Sidechain"));
        assert_eq!(translated("gate_key", "External", old), pair("gate_key", "External"));
        assert_eq!(translated("stereo_width_pct", "120", old), pair("width_pct", "120"));
        assert_eq!(translated("transient_on", "On", old), None);
    }
}

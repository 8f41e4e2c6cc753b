//! Renamed control ids and choices: [`super::settings`] uses the new names; older revisions are given the old ones.

/// Old id, new id.
pub(super) const IDS: [(&str, &str); 0] = [];
/// New id, old text of a choice, new text.
pub(super) const CHOICES: [(&str, &str, &str); 0] = [];

/// `id=value` in the names of a revision; `choices_of` returns the choices of its ids. None if it lacks the control.
pub(super) fn in_its_words(id: &str, value: &str, choices_of: impl Fn(&str) -> Option<Vec<String>>) -> Option<String> {
    let old = IDS.iter().find(|(_, new)| *new == id).map(|(old, _)| *old);
    let (known, choices) = [Some(id), old].into_iter().flatten().find_map(|id| Some((id, choices_of(id)?)))?;
    let old_value = CHOICES.iter().find(|(of, _, new)| *of == id && *new == value).map(|(_, old, _)| *old);
    let value = old_value.filter(|old| choices.iter().any(|choice| choice == old)).unwrap_or(value);
    Some(format!("{known}={value}"))
}

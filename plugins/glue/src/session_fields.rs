//! What sessions store besides the parameters: the version of the state and the size of the editor.

use atomic_float::AtomicF32;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;

/// Version of the states this build writes, and the newest it reads.
pub(crate) const VERSION: u32 = 1;

/// Field with the version.
pub(crate) const VERSION_FIELD: &str = "plumb_state";
/// Field with the size of the editor, in logical pixels: `1180x760`.
const SIZE_FIELD: &str = "editor_size";

/// What sessions store besides the parameters.
#[derive(Debug)]
pub struct SessionFields {
    width: AtomicF32,
    height: AtomicF32,
}

impl SessionFields {
    /// An editor of a size.
    #[must_use]
    pub fn new((width, height): (f32, f32)) -> Self {
        Self { width: AtomicF32::new(width), height: AtomicF32::new(height) }
    }

    /// Size of the editor in logical pixels.
    #[must_use]
    pub fn editor_size(&self) -> (f32, f32) {
        (self.width.load(Relaxed), self.height.load(Relaxed))
    }

    /// The editor has been resized.
    pub fn set_editor_size(&self, (width, height): (f32, f32)) {
        self.width.store(width, Relaxed);
        self.height.store(height, Relaxed);
    }

    pub(crate) fn save(&self) -> BTreeMap<String, String> {
        let (width, height) = self.editor_size();
        [(VERSION_FIELD, VERSION.to_string()), (SIZE_FIELD, format!("{width:.0}x{height:.0}"))]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// Takes any finite size; the window clamps it to what the editor allows.
    pub(crate) fn load(&self, fields: &BTreeMap<String, String>) {
        let size = fields.get(SIZE_FIELD).and_then(|size| size.split_once('x'));
        if let Some((Ok(width), Ok(height))) = size.map(|(w, h)| (w.parse::<f32>(), h.parse::<f32>()))
            && width.is_finite()
            && height.is_finite()
        {
            self.set_editor_size((width, height));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_the_editor_comes_back_and_nonsense_does_not() {
        let fields = SessionFields::new((1180.0, 760.0));
        fields.set_editor_size((1400.4, 900.0));
        let saved = fields.save();
        assert_eq!(saved[VERSION_FIELD], "1");
        let fields = SessionFields::new((1180.0, 760.0));
        for nonsense in ["", "x", "12", "NaNx3", "infx1", "axb"] {
            fields.load(&[(SIZE_FIELD.to_owned(), nonsense.to_owned())].into());
            assert_eq!(fields.editor_size(), (1180.0, 760.0), "{nonsense}");
        }
        fields.load(&saved);
        assert_eq!(fields.editor_size(), (1400.0, 900.0));
    }
}

//! A window for an editor to be embedded in, a mouse, and a camera, all through X11 itself.

use anyhow::{Context, Result};
use std::path::Path;
use std::time::Duration;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux,
    EventMask, ImageFormat, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, PropMode, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Time between two moves of the mouse: editors look at it once a frame.
const STEP: Duration = Duration::from_millis(12);
/// The left button.
const LEFT: u8 = 1;

/// Whether there is an X server to open windows on.
#[must_use]
pub fn has_display() -> bool {
    std::env::var_os("DISPLAY").is_some() && RustConnection::connect(None).is_ok()
}

/// A picture of part of the screen, 8-bit red, green, blue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
    /// Row by row.
    pub rgb: Vec<[u8; 3]>,
}

/// A plain window without decorations, at a known place.
pub struct Window {
    connection: RustConnection,
    root: u32,
    id: u32,
    at: (i16, i16),
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Window").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Window {
    /// Opens a window with its inside at a place on the screen.
    ///
    /// # Errors
    /// There is no X server.
    pub fn open(title: &str, at: (i16, i16), size: (u16, u16)) -> Result<Self> {
        let (connection, screen) = RustConnection::connect(None).context("no X server: set DISPLAY")?;
        let root = connection.setup().roots[screen].root;
        let id = connection.generate_id()?;
        // No window manager in between: the place is the one asked for, and the keyboard is not taken away.
        let settings = CreateWindowAux::new().override_redirect(1).background_pixel(0).event_mask(EventMask::EXPOSURE);
        let (width, height) = size;
        connection.create_window(
            x11rb::COPY_DEPTH_FROM_PARENT,
            id,
            root,
            at.0,
            at.1,
            width,
            height,
            0,
            WindowClass::INPUT_OUTPUT,
            x11rb::COPY_FROM_PARENT,
            &settings,
        )?;
        connection.change_property8(PropMode::REPLACE, id, AtomEnum::WM_NAME, AtomEnum::STRING, title.as_bytes())?;
        connection.map_window(id)?;
        connection.sync()?;
        Ok(Self { connection, root, id, at })
    }

    /// The X server's number for it.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Makes it another size.
    ///
    /// # Errors
    /// The X server has gone.
    pub fn resize(&self, (width, height): (u16, u16)) -> Result<()> {
        let size = ConfigureWindowAux::new().width(u32::from(width)).height(u32::from(height));
        self.connection.configure_window(self.id, &size)?;
        self.connection.sync()?;
        Ok(())
    }

    /// Size of the first window that was embedded in it.
    ///
    /// # Errors
    /// There is none.
    pub fn child_size(&self) -> Result<(u16, u16)> {
        let tree = self.connection.query_tree(self.id)?.reply()?;
        let child = *tree.children.first().context("nothing is embedded in the window")?;
        let geometry = self.connection.get_geometry(child)?.reply()?;
        Ok((geometry.width, geometry.height))
    }

    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) -> Result<()> {
        self.connection.xtest_fake_input(kind, detail, 0, self.root, self.at.0 + x, self.at.1 + y, 0)?;
        self.connection.sync()?;
        std::thread::sleep(STEP);
        Ok(())
    }

    /// Moves the mouse to a point of the window.
    ///
    /// # Errors
    /// The X server has gone.
    pub fn point(&self, at: (i16, i16)) -> Result<()> {
        self.fake(MOTION_NOTIFY_EVENT, 0, at)
    }

    /// Drags the mouse from a point by an offset, in small steps as a hand does, calling `each` after every one.
    ///
    /// # Errors
    /// The X server has gone.
    pub fn drag(&self, from: (i16, i16), (dx, dy): (i16, i16), steps: i16, mut each: impl FnMut()) -> Result<()> {
        self.point(from)?;
        each();
        self.fake(BUTTON_PRESS_EVENT, LEFT, from)?;
        each();
        let mut at = from;
        for step in 1..=steps {
            at = (from.0 + dx * step / steps, from.1 + dy * step / steps);
            self.point(at)?;
            each();
        }
        self.fake(BUTTON_RELEASE_EVENT, LEFT, at)?;
        each();
        Ok(())
    }

    /// Presses and releases a key by its X keycode.
    ///
    /// # Errors
    /// The X server has gone.
    pub fn key(&self, keycode: u8) -> Result<()> {
        self.fake(KEY_PRESS_EVENT, keycode, (0, 0))?;
        self.fake(KEY_RELEASE_EVENT, keycode, (0, 0))
    }

    /// Takes a picture of what the screen shows where the window is.
    ///
    /// # Errors
    /// The window is not fully on the screen.
    pub fn picture(&self) -> Result<Picture> {
        let size = self.connection.get_geometry(self.id)?.reply()?;
        let (x, y) = self.at;
        let whole = u32::MAX;
        let request =
            self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, size.width, size.height, whole)?;
        let image = request.reply().context("the window must be on the screen")?;
        // 24-bit screens hold blue, green, red and a spare byte.
        let rgb = image.data.chunks_exact(4).map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        Ok(Picture { width: size.width, height: size.height, rgb })
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The server clears up after a lost connection by itself.
        let _ = self.connection.destroy_window(self.id);
        let _ = self.connection.sync();
    }
}

impl Picture {
    /// Number of different colours.
    #[must_use]
    pub fn colours(&self) -> usize {
        self.rgb.iter().collect::<std::collections::HashSet<_>>().len()
    }

    /// Share of pixels that have the commonest colour.
    #[must_use]
    pub fn commonest_share(&self) -> f64 {
        let mut counts = std::collections::HashMap::new();
        for pixel in &self.rgb {
            *counts.entry(pixel).or_insert(0_usize) += 1;
        }
        counts.values().max().map_or(1.0, |most| *most as f64 / self.rgb.len() as f64)
    }

    /// Writes it as a PNG file, making its directory.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        let file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let mut encoder = png::Encoder::new(file, u32::from(self.width), u32::from(self.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(self.rgb.as_flattened())?;
        Ok(())
    }
}

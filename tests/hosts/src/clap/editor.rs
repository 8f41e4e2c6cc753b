//! The editor of a CLAP plugin, embedded in a window of ours.

use super::plugin::Plugin;
use crate::window::Window;
use anyhow::{Context, Result, bail};
use clack_extensions::gui::{GuiApiType, GuiConfiguration, GuiSize, PluginGui, Window as ClapWindow};
use std::time::{Duration, Instant};

/// Longest wait for the thread of a closed editor.
const PATIENCE: Duration = Duration::from_secs(3);

/// Number of threads of this process; 0 where nobody knows.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

/// How an editor is to be opened.
const EMBEDDED: GuiConfiguration<'static> = GuiConfiguration { api_type: GuiApiType::X11, is_floating: false };

impl Plugin {
    /// Opens the editor in a window of the size that it asks for.
    ///
    /// # Errors
    /// There is no display, or the plugin has no editor for X11.
    pub fn open_editor(&mut self, at: (i16, i16)) -> Result<Window> {
        let gui = self.extension::<PluginGui>()?;
        let title = self.name().to_owned();
        let handle = self.instance.plugin_handle();
        if !gui.is_api_supported(&handle, EMBEDDED) {
            bail!("the editor does not support X11");
        }
        gui.create(&handle, EMBEDDED)?;
        let size = gui.get_size(&handle).context("the editor has no size")?;
        let window = Window::open(&title, at, (u16::try_from(size.width)?, u16::try_from(size.height)?))?;
        let parent = ClapWindow::from_x11_handle(window.id().into());
        // SAFETY: the window outlives the editor: the caller closes the editor before dropping it, and a window that
        // has gone is an error of the X server, not of memory.
        unsafe { gui.set_parent(&handle, parent) }?;
        // Embedded editors need not be shown; some refuse.
        let _ = gui.show(&handle);
        Ok(window)
    }

    /// Closes the editor, then its window.
    ///
    /// The window toolkit (baseview 0.4.2) asks the editor's thread to end and does not wait for it. The window stays
    /// until it has ended, and so does the process: a process that ends meanwhile crashes in OpenGL's clean-up.
    ///
    /// # Errors
    /// The plugin has no editor.
    pub fn close_editor(&mut self, window: Window) -> Result<()> {
        let gui = self.extension::<PluginGui>()?;
        let running = threads();
        gui.destroy(&self.instance.plugin_handle());
        let start = Instant::now();
        // OpenGL's own threads end with it; at least one does.
        while threads() >= running && start.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_millis(20));
        drop(window);
        Ok(())
    }

    /// Whether the editor can be resized.
    ///
    /// # Errors
    /// The plugin has no editor.
    pub fn can_resize_editor(&mut self) -> Result<bool> {
        let gui = self.extension::<PluginGui>()?;
        Ok(gui.can_resize(&self.instance.plugin_handle()))
    }

    /// The editor's size.
    ///
    /// # Errors
    /// The plugin has no editor, or it is closed.
    pub fn editor_size(&mut self) -> Result<(u32, u32)> {
        let gui = self.extension::<PluginGui>()?;
        let size = gui.get_size(&self.instance.plugin_handle()).context("the editor has no size")?;
        Ok((size.width, size.height))
    }

    /// Resizes the editor as a host does: asks for the nearest size it can have, then sets window and editor to it.
    ///
    /// # Errors
    /// The editor refuses.
    pub fn resize_editor(&mut self, window: &Window, (width, height): (u32, u32)) -> Result<(u32, u32)> {
        let gui = self.extension::<PluginGui>()?;
        let handle = self.instance.plugin_handle();
        let asked = GuiSize { width, height };
        let size = gui.adjust_size(&handle, asked).unwrap_or(asked);
        window.resize((u16::try_from(size.width)?, u16::try_from(size.height)?))?;
        gui.set_size(&handle, size)?;
        Ok((size.width, size.height))
    }
}

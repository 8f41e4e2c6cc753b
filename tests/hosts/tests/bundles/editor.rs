//! The editors, embedded in a window and used with a mouse. Needs a display; `cargo xtask test` brings one.

use crate::common::{BLOCK, RATE_HZ, assert_same, load, music, run};
use plumb_hosts::audio::Audio;
use plumb_hosts::bundles::{Product, target_directory};
use plumb_hosts::clap::{Plugin, Touch};
use plumb_hosts::window::{Window, has_display};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Where the windows open.
const PLACE: (i16, i16) = (20, 20);
/// Longest wait for an editor to paint. Twenty of them in software on a busy machine take most of a minute.
const PATIENCE: Duration = Duration::from_secs(90);
/// Time between two mouse movements: as fast as a quick hand, and slow enough for an editor that paints five frames a
/// second.
const PACES: [Duration; 2] = [Duration::from_millis(4), Duration::from_millis(200)];
/// Time in which a large editor paints a frame in software.
const FRAME: Duration = Duration::from_millis(150);
/// An editor without events for so long is done.
const QUIET: Duration = Duration::from_millis(500);

/// There is one mouse: the tests take turns. `None` without a screen.
fn screen(test: &str) -> Option<MutexGuard<'static, ()>> {
    static SCREEN: Mutex<()> = Mutex::new(());
    if has_display() {
        return Some(SCREEN.lock().unwrap_or_else(PoisonError::into_inner));
    }
    plumb_hosts::skipped(test, "no display");
    None
}

/// A block of silence, and the host's other callbacks.
fn tick(plugin: &mut Plugin) {
    plugin.render(&Audio::silence(2, BLOCK), None, &[], &[BLOCK]).unwrap();
    plugin.idle();
}

/// Runs the plugin for a while.
fn wait(plugin: &mut Plugin, time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        tick(plugin);
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Runs the plugin until the editor is done: on a busy machine it lags behind the mouse.
fn settle(plugin: &mut Plugin) {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        wait(plugin, QUIET);
        if plugin.take_touches().is_empty() {
            return;
        }
    }
}

/// Runs the plugin until a gesture ends; returns the editor's events until then.
fn until_end(plugin: &mut Plugin, id: u32) -> Vec<Touch> {
    let (start, mut touches) = (Instant::now(), Vec::new());
    while start.elapsed() < PATIENCE && !touches.contains(&Touch::End(id)) {
        wait(plugin, Duration::from_millis(50));
        touches.extend(plugin.take_touches());
    }
    touches
}

/// Waits until the window is no longer blank.
#[track_caller]
fn wait_for_picture(plugin: &mut Plugin, window: &Window) {
    let start = Instant::now();
    loop {
        wait(plugin, Duration::from_millis(100));
        let picture = window.picture().unwrap();
        // An empty window has one colour; an editor has text with smooth edges, and no colour covers nearly all.
        if picture.colours() > 64 && picture.commonest_share() < 0.97 {
            return;
        }
        assert!(
            start.elapsed() < PATIENCE,
            "blank: {} colours, {:.1} % of one",
            picture.colours(),
            100.0 * picture.commonest_share()
        );
    }
}

fn values(plugin: &mut Plugin) -> BTreeMap<u32, f64> {
    let params = plugin.params().unwrap();
    params.iter().map(|param| (param.id, plugin.value(param.id).unwrap())).collect()
}

/// A knob found by dragging.
struct Knob {
    at: (i16, i16),
    id: u32,
    /// Pause after each mouse movement.
    pace: Duration,
}

/// Finds a continuous parameter by dragging at places across the editor; switches and menus do not count. An editor that
/// paints too rarely to tell a quick press from its release is tried again more slowly where something moved.
fn find_knob(plugin: &mut Plugin, window: &Window) -> Option<Knob> {
    let (width, height) = plugin.editor_size().unwrap();
    for y in (30..height as i16 - 20).step_by(34) {
        for at in (24..width as i16 - 20).step_by(34).map(|x| (x, y)) {
            for pace in PACES {
                match drag_at(plugin, window, at, pace) {
                    Some((id, moves)) if moves >= 2 => return Some(Knob { at, id, pace }),
                    Some(_) => {}
                    None => break,
                }
            }
        }
    }
    None
}

/// Drags upwards from a place. Returns the continuous parameter that it moved, and in how many steps.
fn drag_at(plugin: &mut Plugin, window: &Window, at: (i16, i16), pace: Duration) -> Option<(u32, usize)> {
    let before = values(plugin);
    plugin.take_touches();
    window.drag(at, (0, -30), 3, || wait(plugin, pace)).unwrap();
    wait(plugin, FRAME);
    let touches = plugin.take_touches();
    let after = values(plugin);
    let (params, stepped) = (plugin.params().unwrap(), clack_extensions::params::ParamInfoFlags::IS_STEPPED);
    let continuous = |id: u32| params.iter().any(|param| param.id == id && !param.flags.contains(stepped));
    let (id, _) = after.iter().find(|(id, value)| before[id] != **value && continuous(**id))?;
    Some((*id, touches.iter().filter(|touch| matches!(touch, Touch::Value(moved, _) if moved == id)).count()))
}

#[test]
fn editors_open_and_paint() {
    let Some(_screen) = screen("editors_open_and_paint") else { return };
    for product in Product::ALL {
        let mut plugin = run(product);
        let window = plugin.open_editor(PLACE).unwrap();
        wait_for_picture(&mut plugin, &window);
        let file = format!("{}-clap.png", product.package());
        window.picture().unwrap().save(&target_directory().join("screenshots").join(file)).unwrap();
        plugin.close_editor(window).unwrap();
    }
}

#[test]
fn editors_paint_before_any_sound_has_run() {
    let Some(_screen) = screen("editors_paint_before_any_sound_has_run") else { return };
    for product in Product::ALL {
        let mut plugin = load(product);
        let window = plugin.open_editor(PLACE).unwrap();
        let start = Instant::now();
        while window.picture().unwrap().colours() <= 64 {
            assert!(start.elapsed() < PATIENCE, "{product:?} stays blank while inactive");
            std::thread::sleep(Duration::from_millis(100));
            plugin.idle();
        }
        plugin.close_editor(window).unwrap();
    }
}

#[test]
fn a_drag_moves_a_parameter_and_tells_the_host() {
    let Some(_screen) = screen("a_drag_moves_a_parameter_and_tells_the_host") else { return };
    for product in Product::ALL {
        let mut plugin = run(product);
        let window = plugin.open_editor(PLACE).unwrap();
        wait_for_picture(&mut plugin, &window);
        let Knob { at, id, pace } = find_knob(&mut plugin, &window).expect("a place where a drag moves a parameter");
        settle(&mut plugin);
        let before = plugin.value(id).unwrap();
        window.drag(at, (0, 24), 8, || wait(&mut plugin, pace)).unwrap();
        let touches = until_end(&mut plugin, id);
        assert_ne!(plugin.value(id).unwrap(), before, "{product:?}: dragging down moves it back");
        let touches: Vec<_> = touches
            .into_iter()
            .filter(|touch| matches!(touch, Touch::Begin(p) | Touch::End(p) | Touch::Value(p, _) if *p == id))
            .collect();
        assert_eq!(touches.first(), Some(&Touch::Begin(id)), "{product:?}: a gesture begins before it moves");
        assert_eq!(touches.last(), Some(&Touch::End(id)), "{product:?}: and ends after");
        assert!(touches.len() >= 4, "{product:?}: {touches:?}");
        plugin.close_editor(window).unwrap();
    }
}

#[test]
fn editors_resize_with_the_host_and_reopen_at_that_size() {
    let Some(_screen) = screen("editors_resize_with_the_host_and_reopen_at_that_size") else { return };
    for product in Product::ALL {
        let mut plugin = run(product);
        let window = plugin.open_editor(PLACE).unwrap();
        wait_for_picture(&mut plugin, &window);
        if !plugin.can_resize_editor().unwrap() {
            plugin.close_editor(window).unwrap();
            continue;
        }
        let (width, height) = plugin.editor_size().unwrap();
        let mut last = (width, height);
        for percent in [105, 110, 115, 120, 110, 100] {
            last = plugin.resize_editor(&window, (width * percent / 100, height * percent / 100)).unwrap();
            wait(&mut plugin, Duration::from_millis(150));
        }
        wait(&mut plugin, Duration::from_millis(500));
        let child = window.child_size().unwrap();
        assert_eq!((u32::from(child.0), u32::from(child.1)), last, "{product:?}: the editor fills its window");
        wait_for_picture(&mut plugin, &window);
        plugin.close_editor(window).unwrap();
        let window = plugin.open_editor(PLACE).unwrap();
        assert_eq!(plugin.editor_size().unwrap(), last, "{product:?}: as it was left");
        plugin.close_editor(window).unwrap();
    }
}

#[test]
fn editors_open_three_times_per_instance() {
    let Some(_screen) = screen("editors_open_three_times_per_instance") else { return };
    for product in Product::ALL {
        let mut plugin = run(product);
        for _ in 0..3 {
            let window = plugin.open_editor(PLACE).unwrap();
            wait_for_picture(&mut plugin, &window);
            plugin.close_editor(window).unwrap();
            wait(&mut plugin, Duration::from_millis(50));
        }
        let mut fresh = run(product);
        fresh.reset();
        plugin.reset();
        let input = music(0.2);
        let expected = fresh.render(&input, None, &[], &[BLOCK]).unwrap();
        assert_same("sound after three editors", &plugin.render(&input, None, &[], &[BLOCK]).unwrap(), &expected);
    }
}

#[test]
fn an_editor_may_close_at_once_and_stay_open_across_activations() {
    let Some(_screen) = screen("an_editor_may_close_at_once_and_stay_open_across_activations") else { return };
    for product in Product::ALL {
        let mut plugin = run(product);
        let window = plugin.open_editor(PLACE).unwrap();
        plugin.close_editor(window).unwrap();
        let window = plugin.open_editor(PLACE).unwrap();
        for _ in 0..3 {
            plugin.restart(RATE_HZ, BLOCK).unwrap();
            wait(&mut plugin, Duration::from_millis(50));
        }
        wait_for_picture(&mut plugin, &window);
        plugin.close_editor(window).unwrap();
    }
}

#[test]
fn an_open_editor_changes_no_bit() {
    let Some(_screen) = screen("an_open_editor_changes_no_bit") else { return };
    for product in Product::ALL {
        let input = music(2.0);
        let expected = run(product).render(&input, None, &[], &[BLOCK]).unwrap();
        let mut plugin = run(product);
        let window = plugin.open_editor(PLACE).unwrap();
        assert_same(product.name(), &plugin.render(&input, None, &[], &[BLOCK]).unwrap(), &expected);
        plugin.close_editor(window).unwrap();
    }
}

#[test]
fn two_editors_each_control_their_own_instance() {
    let Some(_screen) = screen("two_editors_each_control_their_own_instance") else { return };
    let [mut first, mut second] = [run(Product::ChannelStrip), run(Product::ChannelStrip)];
    let other_window = second.open_editor((300, 100)).unwrap();
    wait_for_picture(&mut second, &other_window);
    // On top of the other one.
    let window = first.open_editor(PLACE).unwrap();
    wait_for_picture(&mut first, &window);
    let untouched = values(&mut second);
    let Knob { id, .. } = find_knob(&mut first, &window).expect("a place where a drag moves a parameter");
    wait(&mut second, Duration::from_millis(100));
    assert_eq!(values(&mut second), untouched, "the other instance stays as it was");
    assert_ne!(first.value(id).unwrap(), untouched[&id]);
    first.close_editor(window).unwrap();
    wait_for_picture(&mut second, &other_window);
    second.close_editor(other_window).unwrap();
}

#[test]
fn twenty_instances_open_their_editors() {
    let Some(_screen) = screen("twenty_instances_open_their_editors") else { return };
    let mut open: Vec<_> = (0..20_i16)
        .map(|place| {
            let mut plugin = run(Product::ALL[place as usize % 2]);
            let window = plugin.open_editor((place * 10, place * 5)).unwrap();
            (plugin, window)
        })
        .collect();
    let input = music(0.1);
    for (plugin, _) in &mut open {
        assert!(plugin.render(&input, None, &[], &[BLOCK]).unwrap().is_finite());
    }
    // The last one is on top, then the one before it.
    while let Some((mut plugin, window)) = open.pop() {
        wait_for_picture(&mut plugin, &window);
        plugin.close_editor(window).unwrap();
    }
}

//! Ctrl-C: the first one ends a training at its next step, so that its run is ended, too; the second one
//! ends the process.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

static PRESSED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is for [`check`] to tell.
pub fn watch() {
    // Without a handler it ends the process, as ever.
    let _ = ctrlc::set_handler(|| {
        if PRESSED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
}

/// # Errors
/// [`Failure::interrupted`] when Ctrl-C was pressed.
pub fn check() -> Result<(), Failure> {
    if PRESSED.load(Ordering::Relaxed) { Err(Failure::interrupted()) } else { Ok(()) }
}

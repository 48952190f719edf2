//! Takes what every export is made of from where the build of the npm package puts it: scorer and
//! recorder, and the protocol around them. Without them (`cargo xtask build` makes them) all but `hedgerow export` works.

use std::path::Path;
use std::{env, fs, io};

/// From the repository's root.
const KIT: [(&str, &str); 6] = [
    ("pkg/dist/edge", "scorer.wasm"),
    ("pkg/dist/edge", "filter.wasm"),
    ("pkg/dist/edge", "recorder.wasm"),
    ("pkg/dist", "edge.js"),
    ("pkg/dist", "recording.js"),
    ("pkg/dist", "router.js"),
];

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    for (folder, name) in KIT {
        let from = root.join(folder).join(name);
        println!("cargo::rerun-if-changed={}", from.display());
        let bytes = fs::read(&from).unwrap_or_default();
        if bytes.is_empty() {
            println!(
                "cargo::warning=no {folder}/{name}: this `hedgerow` cannot export; run `cargo xtask build` first"
            );
        }
        fs::write(Path::new(&out).join(name), bytes)?;
    }
    Ok(())
}

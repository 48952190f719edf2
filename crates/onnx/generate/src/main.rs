//! Writes `crates/onnx/src/message.rs` from `onnx-ml.proto`, which is that of the PyPI package onnx 1.23.2.

use std::{error::Error, fs, path::Path};

const HEADER: &str = "\
//! The messages of `onnx-ml.proto` (ONNX 1.23.2, Apache-2.0), whose comments say what they mean.
//! Written by `crates/onnx/generate`; not by hand.

";

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let descriptors = protox::compile(["onnx-ml.proto"], [here])?;
    let source = here.join("../src");
    // Without comments: they are no Rust, and would be taken for examples.
    prost_build::Config::new().disable_comments(["."]).out_dir(&source).compile_fds(descriptors)?;
    let generated = fs::read_to_string(source.join("onnx.rs"))?;
    fs::write(source.join("message.rs"), format!("{HEADER}{generated}"))?;
    Ok(fs::remove_file(source.join("onnx.rs"))?)
}

//! Which C compiler here can compile for WebAssembly.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::run::{Run, find};

/// What crates that compile C look for.
pub const VARIABLE: &str = "CC_wasm32_unknown_unknown";

/// Debian has versions side by side, each by its name.
const NAMES: [&str; 8] =
    ["clang", "clang-22", "clang-21", "clang-20", "clang-19", "clang-16", "clang-15", "clang-14"];

pub struct Clang(PathBuf);

impl Clang {
    /// The one that is named in the environment, else the first that has the target.
    pub fn find() -> Option<Self> {
        let named = env::var_os(VARIABLE).map(PathBuf::from);
        let others = NAMES.iter().filter_map(|name| find(name));
        named.into_iter().chain(others).map(Self).find(Self::works)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    fn works(&self) -> bool {
        let mut command = Command::new(&self.0);
        command.args(["--target=wasm32", "-x", "c", "-c", "-o", "/dev/null", "-"]);
        command.stdin(Stdio::null()).read().is_ok()
    }
}

//! Which compiler here can build for WebAssembly.
//!
//! The toolchain that builds everything else, where it has the target; else the compiler of the
//! distribution, for machines where rustup cannot download one.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use crate::{
    clang::{self, Clang},
    repo::Repo,
    run::{Run, find},
};

pub const TARGET: &str = "wasm32-unknown-unknown";
pub const SYSTEM_CARGO: &str = "/usr/bin/cargo";
pub const SYSTEM_RUSTC: &str = "/usr/bin/rustc";

/// A compiler with its `cargo`, where the compiler brings no linker of its own a linker, and one for C.
pub struct WasmToolchain {
    cargo: OsString,
    pub rustc: Rustc,
    linker: Option<PathBuf>,
    clang: Option<Clang>,
}

/// What of SQLite no workspace uses. It is on by default.
const WITHOUT: &str = "-USQLITE_ENABLE_API_ARMOR -USQLITE_ENABLE_BYTECODE_VTAB \
    -USQLITE_ENABLE_DBPAGE_VTAB -USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_FTS5 \
    -USQLITE_ENABLE_MATH_FUNCTIONS -USQLITE_ENABLE_OFFSET_SQL_FUNC -USQLITE_ENABLE_PREUPDATE_HOOK \
    -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION -USQLITE_ENABLE_STMTVTAB \
    -USQLITE_ENABLE_UNKNOWN_SQL_FUNCTION -USQLITE_ENABLE_UNLOCK_NOTIFY";

impl WasmToolchain {
    /// The first compiler that compiles and links an empty module.
    pub fn find(repo: &Repo) -> Option<Self> {
        Self::candidates().find(|toolchain| toolchain.works(repo))
    }

    fn candidates() -> impl Iterator<Item = Self> {
        let own = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        [(own, OsString::from("rustc")), (SYSTEM_CARGO.into(), SYSTEM_RUSTC.into())]
            .into_iter()
            .filter_map(|(cargo, path)| {
                let rustc = Rustc::ask(path).ok()?;
                let linker = rustc.linker();
                Some(Self { cargo, rustc, linker, clang: None })
            })
    }

    /// With what compiles the C of crates.
    pub fn with_clang(self, clang: Clang) -> Self {
        Self { clang: Some(clang), ..self }
    }

    /// `cargo build` for the target; its other arguments are to be added.
    pub fn build(&self, repo: &Repo) -> Command {
        self.cargo(repo, Command::new(&self.cargo), "build")
    }

    /// `cargo rustc` for the target, which takes a crate's type.
    pub fn rustc(&self, repo: &Repo) -> Command {
        self.cargo(repo, Command::new(&self.cargo), "rustc")
    }

    /// `cargo clippy` for the target. The program is named by its path: by its name alone, `cargo`
    /// might find another toolchain's.
    pub fn clippy(&self, repo: &Repo) -> Command {
        self.cargo(
            repo,
            Command::new(Path::new(&self.cargo).with_file_name("cargo-clippy")),
            "clippy",
        )
    }

    /// Whether this is the distribution's compiler, not rustup's.
    pub fn is_distributions(&self) -> bool {
        self.rustc.path == OsStr::new(SYSTEM_RUSTC)
    }

    fn cargo(&self, repo: &Repo, mut command: Command, subcommand: &str) -> Command {
        command.current_dir(&repo.root).arg(subcommand).args(["--target", TARGET]);
        // A folder of its own: another compiler's leavings would be thrown away at every turn.
        command.arg("--target-dir").arg(repo.target.join("wasm"));
        without_outer_cargo(&mut command).env("CARGO", &self.cargo).env("RUSTC", &self.rustc.path);
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        if let Some(clang) = &self.clang {
            command.env(clang::VARIABLE, clang.path()).env("SQLITE_WASM_RS_FLAGS", WITHOUT);
        }
        command
    }

    /// Whether this compiler has a standard library for the target *of its own version*, and a linker.
    fn works(&self, repo: &Repo) -> bool {
        let _ = std::fs::create_dir_all(&repo.target);
        let mut command = self.rustc.command();
        command.args(["--target", TARGET, "--crate-type", "cdylib", "--crate-name", "probe", "-"]);
        command.arg("-o").arg(repo.target.join("probe.wasm"));
        if let Some(linker) = &self.linker {
            command.arg("-C").arg(format!("linker={}", linker.display()));
        }
        command.stdin(Stdio::null()).read().is_ok()
    }
}

/// A compiler and what it says of itself.
pub struct Rustc {
    path: OsString,
    pub release: String,
    host: String,
    llvm_major: String,
}

impl Rustc {
    pub fn ask(path: OsString) -> Result<Self> {
        let text = Command::new(&path).arg("-vV").read()?;
        let field = |name: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            value
                .map(str::to_owned)
                .with_context(|| format!("`rustc -vV` does not name its {name}"))
        };
        let llvm = field("LLVM version")?;
        let llvm_major = llvm.split('.').next().unwrap_or(&llvm).to_owned();
        Ok(Self { release: field("release")?, host: field("host")?, llvm_major, path })
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        without_outer_cargo(&mut command);
        command
    }

    /// Where this compiler looks for the target's standard library.
    pub fn target_libdir(&self) -> Result<PathBuf> {
        Ok(self.command().args(["--print", "target-libdir", "--target", TARGET]).read()?.into())
    }

    pub fn path(&self) -> &Path {
        Path::new(&self.path)
    }

    /// The major version of LLVM in it, which its linker must match.
    pub fn llvm_major(&self) -> &str {
        &self.llvm_major
    }

    fn linker(&self) -> Option<PathBuf> {
        let sysroot = PathBuf::from(self.command().args(["--print", "sysroot"]).read().ok()?);
        if sysroot.join("lib/rustlib").join(&self.host).join("bin/rust-lld").is_file() {
            return None;
        }
        let llvm = PathBuf::from(format!("/usr/lib/llvm-{}/bin/wasm-ld", self.llvm_major));
        if llvm.is_file() { Some(llvm) } else { find("wasm-ld") }
    }
}

/// The `cargo` that runs us leaves marks of its toolchain in the environment; another toolchain must
/// not see them. Flags for the target are those of `.cargo/config.toml`, which `RUSTFLAGS` would
/// replace.
fn without_outer_cargo(command: &mut Command) -> &mut Command {
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH", "RUSTC", "CARGO"] {
        command.env_remove(name);
    }
    command
}

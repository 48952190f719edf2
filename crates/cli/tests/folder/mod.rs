//! A folder to run the command in.

#![allow(dead_code, reason = "not every test file needs all of it")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own, with a CSV file of penguins that are told apart by one number.
pub struct Folder {
    pub path: PathBuf,
}

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hedgerow-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let row = |row: usize| format!("{},{},{}\n", row % 17, row % 5, ["a", "b"][row % 17 / 9]);
        let rows: String = (0..200).map(row).collect();
        fs::write(path.join("data.csv"), format!("x,y,kind\n{rows}")).unwrap();
        Self { path }
    }

    pub fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hedgerow"));
        command.current_dir(&self.path).args(line.split_whitespace()).env("HEDGEROW_AUTHOR", "Ada");
        command
    }

    pub fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    /// What a command that goes well prints.
    pub fn text(&self, line: &str) -> String {
        let output = self.run(line);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{line}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.text(&format!("{line} --json"))).unwrap()
    }

    /// Exit code and error code of a command that does not.
    pub fn fails(&self, line: &str) -> (i32, String) {
        let output = self.run(&format!("{line} --json"));
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        let code = error["error"]["code"].as_str().unwrap_or_default().to_owned();
        (output.status.code().unwrap_or(-1), code)
    }

    pub fn train(&self, options: &str) -> String {
        let line = format!("train data.csv --target kind --out m.safetensors {options}");
        self.json(&line)["run"].as_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

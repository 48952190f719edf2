//! Reading and writing files.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use hedgerow_data::{CsvOptions, CsvReader, Table};
use hedgerow_model::{Model, Schema};
use serde::{Deserialize, Serialize};

use crate::args::ReadArgs;
use crate::failure::Failure;

/// Bytes read from a file at a time.
const CHUNK: usize = 1 << 20;

/// How a file becomes a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReadOptions {
    csv: CsvOptions,
    drop: Vec<String>,
    drop_missing: bool,
    drop_missing_in: Vec<String>,
}

impl From<&ReadArgs> for ReadOptions {
    fn from(args: &ReadArgs) -> Self {
        Self::default().with(args)
    }
}

impl ReadOptions {
    /// For a table as it is: every column of its own kind, and missing only what is empty.
    pub fn of(table: &Table) -> Self {
        let kinds = table.columns().iter().map(|column| (column.name.clone(), column.kind));
        let csv = CsvOptions {
            kinds: kinds.collect(),
            missing: vec![String::new()],
            ..CsvOptions::default()
        };
        Self { csv, ..Self::default() }
    }

    /// The same, but as a command says, where it says anything.
    pub fn with(mut self, args: &ReadArgs) -> Self {
        let csv = &mut self.csv;
        csv.delimiter = args.delimiter.or(csv.delimiter);
        csv.encoding = args.encoding.map_or(csv.encoding, Into::into);
        if !args.missing.is_empty() {
            csv.missing.clone_from(&args.missing);
        }
        csv.kinds.extend(args.kinds.iter().cloned());
        self.drop.extend_from_slice(&args.drop);
        self.drop_missing |= args.drop_missing;
        self.drop_missing_in.extend_from_slice(&args.drop_missing_in);
        self
    }

    /// The same for other rows that a model is to read: columns of the kinds that it knows. Columns that it does
    /// not know need not be dropped, nor be there.
    pub fn for_schema(mut self, schema: &Schema) -> Self {
        let fields = schema.features.iter().chain([&schema.target]);
        self.csv.kinds.retain(|name, _| schema.features.iter().any(|field| field.name == *name));
        self.csv.kinds.extend(fields.map(|field| (field.name.clone(), field.kind)));
        if !self.drop_missing {
            self.drop.clear();
        }
        self
    }

    /// The same without the rows that have no value in a column.
    pub fn without_missing(mut self, column: &str) -> Self {
        if !self.drop_missing_in.iter().any(|other| other == column) {
            self.drop_missing_in.push(column.to_owned());
        }
        self
    }
}

/// Reads a CSV file and drops what `options` say.
pub fn read_table(path: &Path, options: &ReadOptions) -> Result<Table, Failure> {
    let file = File::open(path).map_err(|error| Failure::io(path, &error))?;
    parse_table(file, path, options)
}

/// Reads CSV from anything; errors name `path`.
pub fn parse_table(
    mut from: impl Read,
    path: &Path,
    options: &ReadOptions,
) -> Result<Table, Failure> {
    let mut reader = CsvReader::new(options.csv.clone())?;
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk).map_err(|error| Failure::io(path, &error))? {
            0 => break,
            n => reader.push(&chunk[..n])?,
        }
    }
    let mut table = reader.finish()?;
    if !options.drop.is_empty() {
        table = table.drop_columns(&names(&options.drop))?;
    }
    if !options.drop_missing_in.is_empty() {
        table = table.drop_missing(Some(&names(&options.drop_missing_in)))?;
    }
    if options.drop_missing {
        table = table.drop_missing(None)?;
    }
    Ok(table)
}

fn names(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// All bytes of a file.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::io(path, &error))
}

/// Reads a model file.
pub fn read_model(path: &Path) -> Result<Model, Failure> {
    Model::from_bytes(&read(path)?).map_err(|error| Failure::model(path, &error))
}

/// Prints to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    printed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Whether printing went well. It also did where the reader wanted no more, as `head` does.
pub fn printed(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::io(Path::new("standard output"), &error))
        }
        _ => Ok(()),
    }
}

/// Writes a file whole or not at all: a reader never sees half of it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let io = |error: std::io::Error| Failure::io(path, &error);
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let mut file = File::create(&part).map_err(io)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.and_then(|()| std::fs::rename(&part, path)).map_err(|error| {
        // Half a file would only take the room that is wanting.
        let _ = std::fs::remove_file(&part);
        io(error)
    })
}

/// Writes a file somewhere below a folder, and makes the folders that it needs.
pub fn write_in(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| Failure::io(parent, &error))?;
    }
    write(&path, bytes)
}

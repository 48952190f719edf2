//! How large what we ship may be: `tests/budget.json`.

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;

use crate::repo::Repo;

/// One thing that has a budget.
#[derive(Deserialize)]
struct Entry {
    name: String,
    #[serde(flatten)]
    what: What,
    /// At most so many bytes, gzipped.
    gzipped: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    File(PathBuf),
    /// An HTML file and all that it names: what a browser loads before it shows the page.
    Page(PathBuf),
}

/// Bytes of some files, raw and gzipped one by one, as a server sends them.
pub struct Size {
    raw: usize,
    gzipped: usize,
}

impl Size {
    pub fn of(files: &[impl AsRef<Path>]) -> Result<Self> {
        let mut size = Self { raw: 0, gzipped: 0 };
        for file in files {
            let file = file.as_ref();
            let bytes =
                fs::read(file).with_context(|| format!("could not read {}", file.display()))?;
            size.raw += bytes.len();
            size.gzipped += gzipped(&bytes)?;
        }
        Ok(size)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} kB ({:.1} kB gzipped)", kilobytes(self.raw), kilobytes(self.gzipped))
    }
}

/// Prints every size beside its budget.
pub fn print(repo: &Repo) -> Result<()> {
    measure(repo).map(drop)
}

/// As [`print`], and an error where a budget is exceeded.
pub fn check(repo: &Repo) -> Result<()> {
    let exceeded = measure(repo)?;
    if !exceeded.is_empty() {
        bail!("over the budget in tests/budget.json: {}", exceeded.join(", "));
    }
    Ok(())
}

fn measure(repo: &Repo) -> Result<Vec<String>> {
    let text =
        fs::read(repo.path("tests/budget.json")).context("could not read tests/budget.json")?;
    let entries: Vec<Entry> = serde_json::from_slice(&text).context("tests/budget.json")?;
    let mut exceeded = Vec::new();
    for entry in entries {
        let size = Size::of(&entry.what.files(repo)?)?;
        println!("size: {}: {size}, budget {:.0} kB gzipped", entry.name, kilobytes(entry.gzipped));
        if size.gzipped > entry.gzipped {
            exceeded.push(entry.name);
        }
    }
    Ok(exceeded)
}

impl What {
    fn files(&self, repo: &Repo) -> Result<Vec<PathBuf>> {
        match self {
            Self::File(path) => Ok(vec![repo.path(path)]),
            Self::Page(path) => {
                let page = repo.path(path);
                let html = fs::read_to_string(&page)
                    .with_context(|| format!("no page at {}", page.display()))?;
                let folder = page.parent().context("a page is in a folder")?;
                let named = named_files(&html);
                ensure!(!named.is_empty(), "{} names no script; is it built?", page.display());
                let files =
                    named.iter().map(|name| folder.join(name.trim_start_matches(['.', '/'])));
                Ok(files.chain([page.clone()]).collect())
            }
        }
    }
}

/// The scripts, styles and preloaded modules that a built HTML file names.
fn named_files(html: &str) -> BTreeSet<&str> {
    let attribute =
        |tag: &'static str| html.split(tag).skip(1).filter_map(|rest| rest.split('"').next());
    let code = |name: &&str| name.ends_with(".js") || name.ends_with(".css");
    attribute("src=\"").chain(attribute("href=\"")).filter(code).collect()
}

fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_loads_its_scripts_styles_and_preloads_once() {
        let html = r#"<link rel="icon" href="/icon.svg"><script type="module" src="/assets/a.js"></script>
            <link rel="modulepreload" href="/assets/b.js"><link rel="stylesheet" href="/assets/c.css">
            <script src="/assets/a.js"></script>"#;
        let named: Vec<_> = named_files(html).into_iter().collect();
        assert_eq!(named, ["/assets/a.js", "/assets/b.js", "/assets/c.css"]);
    }

    #[test]
    fn gzip_makes_repetition_small() {
        assert!(gzipped(&[7; 100_000]).is_ok_and(|size| size < 1000));
    }
}

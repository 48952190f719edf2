//! What the commands about workspaces print, as text.

use std::cmp::Reverse;

use hedgerow_evaluate::METRICS;
use hedgerow_track::{
    Comparison, DatasetDifference, Entry, Experiment, KeptDataset, Move, Page, RegisteredModel,
    Run, Status,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::show::lines;

/// Digits of an id that are shown; enough of them to tell runs apart.
const DIGITS: usize = 8;
/// Metrics that have a column.
const COLUMNS: usize = 4;

/// A page of runs.
pub fn page(page: &Page) -> String {
    let keys = common_metrics(&page.runs);
    let mut head: Vec<String> =
        ["id", "name", "status", "started", "took"].map(str::to_owned).into();
    head.extend(keys.iter().cloned());
    let row = |run: &Run| {
        let mut row = vec![
            short(&run.id),
            run.name.clone(),
            status(run.status).to_owned(),
            time(run.started),
            took(run),
        ];
        row.extend(keys.iter().map(|key| run.metric(key).map_or_else(dash, number)));
        row
    };
    let mut text = table(head, page.runs.iter().map(row).collect());
    if page.total > page.runs.len() as i64 {
        text += &format!("{} of {} runs\n", page.runs.len(), page.total);
    }
    text
}

/// The metrics that most runs have, in the order that they have everywhere.
fn common_metrics(runs: &[Run]) -> Vec<String> {
    let mut counts: Vec<(usize, String)> = Vec::new();
    for point in runs.iter().flat_map(|run| &run.metrics) {
        match counts.iter_mut().find(|(_, key)| *key == point.key) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, point.key.clone())),
        }
    }
    let place = |key: &str| METRICS.iter().position(|metric| metric.name == key);
    let place = |key: &str| place(key).unwrap_or(METRICS.len());
    counts.sort_by_key(|(count, key)| (Reverse(*count), place(key), key.clone()));
    counts.into_iter().take(COLUMNS).map(|(_, key)| key).collect()
}

/// A run.
pub fn run(run: &Run) -> String {
    let mut text = vec![
        format!("run      {}", run.id),
        format!("name     {}", run.name),
        format!("status   {}", status(run.status)),
        format!("started  {}", time(run.started)),
        format!("took     {}", took(run)),
        format!("part of  {}", run.parent.as_deref().unwrap_or(&run.experiment)),
    ];
    text.extend((!run.note.is_empty()).then(|| format!("note     {}", run.note)));
    text.extend(run.versions.iter().map(|version| format!("model    {version}")));
    let inputs = run.inputs.iter();
    text.extend(inputs.map(|i| format!("data     {} ({}), {}", i.name, i.context, i.dataset)));
    let files = run.artifacts.iter();
    text.extend(files.map(|file| format!("file     {}, {} bytes", file.path, file.size)));
    text.extend(run.metrics.iter().map(|p| format!("metric   {} = {}", p.key, number(p.value))));
    text.extend(run.params.iter().map(|(key, value)| format!("param    {key} = {value}")));
    text.extend(run.tags.iter().map(|(key, value)| format!("tag      {key} = {value}")));
    said(&text)
}

/// Runs side by side.
pub fn comparison(found: &Comparison) -> String {
    let head = |what: &str| {
        let mut head = vec![what.to_owned()];
        head.extend(found.runs.iter().map(|run| short(&run.id)));
        head
    };
    let named = |key: &str, values: Vec<String>| [vec![key.to_owned()], values].concat();
    let metrics = found.metrics.iter().map(|metric| {
        let values = metric.values.iter().map(|value| value.map_or_else(dash, number));
        named(&metric.key, values.collect())
    });
    let params = found.params.iter().map(|param| {
        let values = param.values.iter().map(|value| value.clone().unwrap_or_else(dash));
        let mark = if param.differs { "* " } else { "  " };
        named(&format!("{mark}{}", param.key), values.collect())
    });
    table(head("metric"), metrics.collect()) + "\n" + &table(head("  parameter"), params.collect())
}

/// Experiments.
pub fn experiments(all: &[Experiment]) -> String {
    let head = ["experiment", "runs", "last run"].map(str::to_owned);
    let row = |Experiment { name, runs, last_start, .. }: &Experiment| {
        vec![name.clone(), runs.to_string(), last_start.map_or_else(dash, time)]
    };
    table(head.into(), all.iter().map(row).collect())
}

/// Versions of data sets.
pub fn datasets(all: &[KeptDataset]) -> String {
    let head = ["hash", "name", "rows", "runs", "kept", "since"].map(str::to_owned);
    let row = |dataset: &KeptDataset| {
        let kept = dataset.size.map_or_else(dash, |size| format!("{size} bytes"));
        let KeptDataset { id, name, rows, runs, created, .. } = dataset;
        vec![short(id), name.clone(), rows.to_string(), runs.to_string(), kept, time(*created)]
    };
    table(head.into(), all.iter().map(row).collect())
}

/// What differs between two versions of a data set.
pub fn difference(found: &DatasetDifference) -> String {
    let mut text = vec![format!("rows     {} → {}", found.rows.0, found.rows.1)];
    text.extend(found.added.iter().map(|name| format!("added    {name}")));
    text.extend(found.removed.iter().map(|name| format!("removed  {name}")));
    for column in &found.changed {
        let (from, to) = (&column.from, &column.to);
        let mut what = vec![];
        if column.kind {
            what.push(format!("{} → {}", from.kind.name(), to.kind.name()));
        }
        if let (Some(from), Some(to)) = (&from.spread, &to.spread) {
            what.push(format!("mean {} → {}", number(from.mean), number(to.mean)));
        }
        what.push(format!("missing {} → {}", from.missing, to.missing));
        what.push(format!("distinct {} → {}", from.unique, to.unique));
        text.push(format!("changed  {}: {}", to.name, what.join(", ")));
    }
    said(&text)
}

/// Registered models.
pub fn models(all: &[RegisteredModel]) -> String {
    let head = ["model", "versions", "latest", "aliases"].map(str::to_owned);
    let row = |model: &RegisteredModel| {
        let latest = model.versions.first().map_or_else(dash, |v| v.version.to_string());
        vec![model.name.clone(), model.versions.len().to_string(), latest, aliases(model)]
    };
    table(head.into(), all.iter().map(row).collect())
}

fn aliases(model: &RegisteredModel) -> String {
    let aliases = model.aliases.iter().map(|one| format!("{}: {}", one.alias, one.version));
    aliases.collect::<Vec<_>>().join(", ")
}

/// A registered model, its versions, and where its aliases pointed.
pub fn model(model: &RegisteredModel, moves: &[Move]) -> String {
    let mut text = said(&[format!("{}  {}", model.name, aliases(model)), String::new()]);
    let head = ["version", "run", "registered", "exports", "description"].map(str::to_owned);
    let rows = model.versions.iter().map(|version| {
        let exports: Vec<_> = version.exports.iter().map(|one| one.target.clone()).collect();
        vec![
            version.version.to_string(),
            version.run.as_deref().map_or_else(dash, short),
            time(version.created),
            exports.join(", "),
            version.description.clone(),
        ]
    });
    text += &table(head.into(), rows.collect());
    if !moves.is_empty() {
        text += "\n";
        let head = ["alias", "version", "when", "by", "why"].map(str::to_owned);
        let rows = moves.iter().rev().map(|one| {
            let version = one.version.map_or_else(dash, |version| version.to_string());
            let Move { alias, at, author, reason, .. } = one;
            vec![alias.clone(), version, time(*at), author.clone(), reason.clone()]
        });
        text += &table(head.into(), rows.collect());
    }
    text
}

/// Entries of the audit log.
pub fn audit(entries: &[Entry]) -> String {
    let head = ["", "when", "by", "what", "of", "why"].map(str::to_owned);
    let row = |entry: &Entry| {
        let Entry { number, at, author, action, subject, reason, .. } = entry;
        let what = action.replace('_', " ");
        vec![number.to_string(), time(*at), author.clone(), what, subject.clone(), reason.clone()]
    };
    table(head.into(), entries.iter().map(row).collect())
}

/// Lines as text. What others named does not speak to the terminal, nor break a line.
fn said(text: &[String]) -> String {
    let plain = |c: char| match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    let text: Vec<String> = text.iter().map(|line| line.chars().map(plain).collect()).collect();
    lines(&text)
}

/// Columns as wide as what is in them.
fn table(head: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let width = |column: usize| {
        let cells = std::iter::once(&head).chain(&rows).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    said(&std::iter::once(&head).chain(&rows).map(line).collect::<Vec<_>>())
}

fn short(id: &str) -> String {
    id.chars().take(DIGITS).collect()
}

fn dash() -> String {
    "–".to_owned()
}

fn number(value: f64) -> String {
    if value == value.trunc() && value.abs() < 1e15 {
        value.to_string()
    } else {
        format!("{value:.4}")
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Running => "running",
        Status::Finished => "finished",
        Status::Failed => "failed",
        Status::Killed => "cancelled",
    }
}

/// Local time.
fn time(millis: i64) -> String {
    let at = Timestamp::from_millisecond(millis).unwrap_or_default();
    at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn took(run: &Run) -> String {
    let Some(ended) = run.ended else { return dash() };
    let took = SignedDuration::from_millis(ended.saturating_sub(run.started));
    if took.as_secs() < 10 {
        return format!("{:.1}s", took.as_secs_f64());
    }
    format!("{:#}", SignedDuration::from_secs(took.as_secs()))
}

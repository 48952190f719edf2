//! `hedgerow runs`, `hedgerow experiments` and `hedgerow datasets`.

use hedgerow_track::{Query, Run, TrackError, Workspace};

use super::args::{DatasetsArgs, ExperimentsArgs, RunsArgs, RunsCommand, StoreArgs};
use super::{Store, orphans, show};
use crate::failure::Failure;
use crate::files;
use crate::show::pretty;

/// `hedgerow runs`.
pub fn runs(args: &RunsArgs, as_json: bool) -> Result<(), Failure> {
    if let Some(command) = &args.command {
        return on_runs(command, as_json);
    }
    let query = Query {
        filter: args.filter.clone(),
        order_by: args.order_by.clone(),
        experiment: args.experiment.clone(),
        parent: (!args.all).then(String::new),
        limit: args.limit,
        offset: args.offset,
    };
    let page = Store::new(&args.store).edit(|workspace, stamp| {
        orphans::end(workspace, stamp)?;
        workspace.runs(&query)
    })?;
    files::print(&if as_json { pretty(&page) } else { show::page(&page) })
}

fn on_runs(command: &RunsCommand, as_json: bool) -> Result<(), Failure> {
    match command {
        RunsCommand::Show { run, store } => show_run(run, store, as_json),
        RunsCommand::Compare { runs, store } => compare(runs, store, as_json),
        RunsCommand::Tag { run, tags, store } => {
            let tags = tags.iter().cloned().collect();
            Store::new(store).edit(|workspace, stamp| {
                let id = workspace.run_id(run)?;
                workspace.tag_run(stamp, &id, &tags)
            })
        }
        RunsCommand::Note { run, note, store } => Store::new(store).edit(|workspace, stamp| {
            let id = workspace.run_id(run)?;
            workspace.note_run(stamp, &id, note)
        }),
        RunsCommand::Get { run, path, out, store } => {
            let bytes = Store::new(store)
                .read(|workspace| workspace.artifact(&workspace.run_id(run)?, path))?;
            files::write(out, &bytes)
        }
        RunsCommand::Delete { run, reason, store } => Store::new(store).edit(|workspace, stamp| {
            let id = workspace.run_id(run)?;
            workspace.delete_run(stamp, &id, reason)
        }),
    }
}

fn show_run(run: &str, store: &StoreArgs, as_json: bool) -> Result<(), Failure> {
    let (run, recipe): (Run, _) = Store::new(store).read(|workspace| {
        let id = workspace.run_id(run)?;
        Ok((workspace.run(&id)?, workspace.recipe(&id)?))
    })?;
    files::print(&if as_json {
        pretty(&serde_json::json!({ "run": run, "recipe": recipe }))
    } else {
        show::run(&run)
    })
}

fn compare(runs: &[String], store: &StoreArgs, as_json: bool) -> Result<(), Failure> {
    let found = Store::new(store).read(|workspace| {
        let ids = ids(workspace, runs)?;
        workspace.compare(&ids)
    })?;
    files::print(&if as_json { pretty(&found) } else { show::comparison(&found) })
}

/// The ids that begin so.
pub(super) fn ids(workspace: &Workspace, prefixes: &[String]) -> Result<Vec<String>, TrackError> {
    prefixes.iter().map(|prefix| workspace.run_id(prefix)).collect()
}

/// `hedgerow experiments`.
pub fn experiments(args: &ExperimentsArgs, as_json: bool) -> Result<(), Failure> {
    let all = Store::new(&args.store).read(Workspace::experiments)?;
    files::print(&if as_json { pretty(&all) } else { show::experiments(&all) })
}

/// `hedgerow datasets`.
pub fn datasets(args: &DatasetsArgs, as_json: bool) -> Result<(), Failure> {
    let store = Store::new(&args.store);
    if let [from, to] = args.diff.as_slice() {
        let found = store.read(|workspace| {
            let all = workspace.datasets()?;
            let id = |prefix: &str| {
                let found = all.iter().find(|dataset| dataset.id.starts_with(prefix));
                found.map_or_else(|| prefix.to_owned(), |dataset| dataset.id.clone())
            };
            workspace.dataset_difference(&id(from), &id(to))
        })?;
        return files::print(&if as_json { pretty(&found) } else { show::difference(&found) });
    }
    let all = store.read(Workspace::datasets)?;
    files::print(&if as_json { pretty(&all) } else { show::datasets(&all) })
}

//! `hedgerow bundle`, `restore`, `audit` and `verify`.

use hedgerow_track::{Selection, Workspace};

use super::args::{AuditArgs, BundleArgs, RestoreArgs, VerifyArgs};
use super::runs::ids;
use super::{Store, show};
use crate::failure::Failure;
use crate::files;
use crate::show::pretty;

/// `hedgerow bundle`.
pub fn bundle(args: &BundleArgs, as_json: bool) -> Result<(), Failure> {
    if args.runs.is_empty() && args.model.is_empty() {
        return Err(Failure::nothing_chosen());
    }
    let bytes = Store::new(&args.store).edit(|workspace, stamp| {
        let runs = ids(workspace, &args.runs)?;
        workspace.bundle(stamp, &Selection { runs, models: args.model.clone() })?.to_bytes()
    })?;
    files::write(&args.out, &bytes)?;
    let (out, size) = (args.out.display().to_string(), bytes.len());
    files::print(&if as_json {
        pretty(&serde_json::json!({ "out": out, "size": size }))
    } else {
        format!("saved {out}, {size} bytes\n")
    })
}

/// `hedgerow restore`.
pub fn restore(args: &RestoreArgs, as_json: bool) -> Result<(), Failure> {
    let bytes = std::fs::read(&args.file).map_err(|error| Failure::io(&args.file, &error))?;
    let other =
        Workspace::from_bytes(&bytes).map_err(|error| Failure::workspace(&args.file, &error))?;
    let merged =
        Store::new(&args.store).change(|workspace, stamp| workspace.merge(stamp, &other))?;
    files::print(&if as_json {
        pretty(&merged)
    } else {
        let hedgerow_track::Merged { runs, datasets, versions } = merged;
        format!("new: {runs} runs, {datasets} data sets, {versions} model versions\n")
    })
}

/// `hedgerow audit`.
pub fn audit(args: &AuditArgs, as_json: bool) -> Result<(), Failure> {
    let entries = Store::new(&args.store)
        .read(|workspace| workspace.audit(args.subject.as_deref(), args.limit, args.offset))?;
    files::print(&if as_json { pretty(&entries) } else { show::audit(&entries) })
}

/// `hedgerow verify`.
pub fn verify(args: &VerifyArgs, as_json: bool) -> Result<(), Failure> {
    let verified = Store::new(&args.store).read(|workspace| {
        workspace.check()?;
        workspace.verify()
    })?;
    files::print(&if as_json {
        pretty(&verified)
    } else {
        let hedgerow_track::Verified { entries, head, subjects, blobs } = verified;
        format!(
            "as it was left: {entries} entries of the audit log, {subjects} records, {blobs} files\n\
             head  {head}\n"
        )
    })
}

//! Runs whose process is gone: they will not go on, so they are ended.

use std::collections::BTreeMap;

use hedgerow_track::{INTERRUPTED, Log, Query, Result as TrackResult, Stamp, Status, Workspace};

use super::lock::Holder;

/// The tag that says who logs to a run, as the package has it, too.
const CLIENT: &str = "hedgerow.client";

/// Who logs to the runs of this process.
pub fn client() -> (String, String) {
    let Holder { pid, host } = Holder::this();
    (CLIENT.to_owned(), format!("process:{pid}@{host}"))
}

/// Ends as failed what processes of this machine left running.
pub fn end(workspace: &mut Workspace, stamp: &Stamp) -> TrackResult<()> {
    let filter = format!("status = 'RUNNING' AND tags.`{CLIENT}` LIKE 'process:%'");
    let running = workspace.runs(&Query { filter, limit: 1_000, ..Query::default() })?.runs;
    let this = Holder::this();
    for run in running {
        if run.tags.get(CLIENT).and_then(|tag| holder(tag)).is_some_and(|one| one.is_gone(&this)) {
            let tags = BTreeMap::from([(INTERRUPTED.to_owned(), "true".to_owned())]);
            workspace.log(&run.id, &Log { tags, ..Log::default() })?;
            workspace.end_run(stamp, &run.id, Status::Failed)?;
        }
    }
    Ok(())
}

fn holder(tag: &str) -> Option<Holder> {
    let (pid, host) = tag.strip_prefix("process:")?.split_once('@')?;
    Some(Holder { pid: pid.parse().ok()?, host: host.to_owned() })
}

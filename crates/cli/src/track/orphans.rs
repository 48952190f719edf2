//! Runs whose process is gone: they will not go on, so they are ended.

use hedgerow_track::{Query, Result as TrackResult, Run, Stamp, Workspace};

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
    let is_gone = |run: &Run| {
        run.tags.get(CLIENT).and_then(|tag| holder(tag)).is_some_and(|one| one.is_gone(&this))
    };
    let gone: Vec<String> = running.into_iter().filter(is_gone).map(|run| run.id).collect();
    if gone.is_empty() { Ok(()) } else { workspace.interrupt(stamp, &gone) }
}

fn holder(tag: &str) -> Option<Holder> {
    let (pid, host) = tag.strip_prefix("process:")?.split_once('@')?;
    Some(Holder { pid: pid.parse().ok()?, host: host.to_owned() })
}

//! The challenger as a version of the registry, and as its champion.

use std::collections::BTreeMap;

use hedgerow_track::{NewVersion, Result as TrackResult, TrackError, Workspace};

use super::champion::Champion;
use super::outcome::{self, Outcome};
use super::{Challenger, RetrainArgs};
use crate::failure::Failure;
use crate::track::Store;

/// What to register under, where that is asked for.
pub fn name(args: &RetrainArgs, champion: &Champion) -> Result<Option<String>, Failure> {
    if !args.register && !args.promote {
        return Ok(None);
    }
    let own = champion.version.as_ref().map(|version| version.name.clone());
    args.name.clone().or(own).map(Some).ok_or_else(|| Failure::no_name(&champion.called))
}

/// Registers the challenger, and promotes it where that is asked for and the rule says so.
pub fn register(
    args: &RetrainArgs,
    name: &str,
    champion: &Champion,
    challenger: &Challenger,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let verdict = &challenger.verdict;
    let new = NewVersion {
        name: name.to_owned(),
        run: outcome.run.clone(),
        description: format!("Retrained from {}. {}", champion.called, verdict.reason),
        ..NewVersion::default()
    };
    let tags: BTreeMap<String, String> = outcome::tags(champion, verdict);
    let is_promoted = args.promote && verdict.promote;
    let store = Store::new(&args.record.store);
    let (version, is_same) = store.change(|workspace, stamp| {
        let version = workspace.register(stamp, &new, None)?;
        workspace.tag_version(stamp, name, version.version, &tags)?;
        let is_same = is_champion(workspace, name, champion)?;
        if is_promoted && is_same {
            let alias = &champion.alias;
            workspace.promote(stamp, name, version.version, alias, &verdict.reason)?;
        }
        Ok((version, is_same))
    })?;
    outcome.version = Some(format!("{name}/{}", version.version));
    outcome.promoted = is_promoted && is_same;
    if is_promoted && !is_same {
        return Err(Failure::champion_moved(
            &format!("{name}@{}", champion.alias),
            &champion.called,
        ));
    }
    Ok(())
}

/// Whether the alias still points at the model that was judged, or at none.
fn is_champion(workspace: &Workspace, name: &str, champion: &Champion) -> TrackResult<bool> {
    match workspace.find_version(&format!("{name}@{}", champion.alias)) {
        Ok(version) => Ok(version.sha256 == champion.sha256),
        Err(TrackError::Missing { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

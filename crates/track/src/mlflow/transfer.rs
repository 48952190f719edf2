//! Pushes and pulls that are driven from another thread, tab or language, a message a turn.
//!
//! Every turn says what the whole is. So an owner of the workspace that does not know it begins it, which is
//! to go on: what is there already is not sent, or taken in, again.

use serde::{Deserialize, Serialize};

use super::Result;
use super::http::{HttpResponse, Next, Progress};
use super::pull::{Pull, Pulled};
use super::push::{Exported, Push, PushOptions, Pushed};
use crate::workspace::{Stamp, Workspace};

/// Tells a push or a pull what came, and asks what is next.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct TransferRequest {
    /// Made by whoever drives it, and no other's.
    pub id: String,
    /// One more than in the turn before. A turn that comes again is answered again, and changes nothing.
    pub turn: u32,
    pub task: TransferTask,
    /// What the last reply said: an owner that begins it anew counts on from there.
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub result: Option<TransferResult>,
    pub came: Came,
}

/// What is done in all.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum TransferTask {
    Push { server: String, options: PushOptions },
    Pull { server: String, experiment: String },
}

/// What came of what was next.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum Came {
    /// It is the first turn, or what came before was a wait.
    Nothing,
    /// With the bytes of its body.
    Answer(HttpResponse),
    /// There was no answer.
    Lost(String),
    /// With the bytes of an ONNX file, unless there is none of the model.
    Exported { sha256: String, exported: Option<Exported> },
    /// Nobody drives it any more.
    End,
}

/// What is next. With the bytes of a request's body, or of the model file to export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct TransferReply {
    pub next: Next,
    pub progress: Progress,
    /// None of one that was ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<TransferResult>,
}

/// What came of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub enum TransferResult {
    Pushed(Pushed),
    Pulled(Pulled),
}

/// All that are under way, the one whose turn was last at the end.
#[derive(Debug, Default)]
pub struct Transfers(Vec<Transfer>);

/// Of those that nobody ended as many are kept. One that is dropped begins anew with its next turn.
const MOST: usize = 8;

#[derive(Debug)]
struct Transfer {
    id: String,
    turn: u32,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Push(Push),
    Pull(Pull),
}

impl Transfers {
    /// Goes on by one turn. What has failed or is done is forgotten.
    ///
    /// # Errors
    /// Those of [`Push`] and [`Pull`].
    pub fn handle(
        &mut self,
        workspace: &mut Workspace,
        stamp: &Stamp,
        request: TransferRequest,
        bytes: Vec<u8>,
    ) -> Result<(TransferReply, Vec<u8>)> {
        let TransferRequest { id, turn, task, result, came } = request;
        if matches!(came, Came::End) {
            self.0.retain(|one| one.id != id);
            return Ok(Default::default());
        }
        let known = self.0.iter().position(|one| one.id == id).map(|at| self.0.remove(at));
        let mut transfer = match known {
            Some(transfer) => transfer,
            None => Transfer { id, turn, work: Work::begin(workspace, stamp, task, result)? },
        };
        if turn == transfer.turn + 1 {
            transfer.turn = turn;
            transfer.work.take(workspace, came, bytes)?;
        }
        let (next, bytes) = transfer.work.next(workspace)?;
        let reply = transfer.work.reply(next);
        if reply.next != Next::Done {
            self.keep(transfer);
        }
        Ok((reply, bytes))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn keep(&mut self, transfer: Transfer) {
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(transfer);
    }
}

impl Work {
    fn begin(
        workspace: &Workspace,
        stamp: &Stamp,
        task: TransferTask,
        result: Option<TransferResult>,
    ) -> Result<Self> {
        let mut work = match task {
            TransferTask::Push { server, options } => {
                Self::Push(Push::new(workspace, &server, &options)?)
            }
            TransferTask::Pull { server, experiment } => {
                Self::Pull(Pull::new(&server, &experiment, stamp.clone()))
            }
        };
        match (&mut work, result) {
            (Self::Push(push), Some(TransferResult::Pushed(pushed))) => push.count_from(pushed),
            (Self::Pull(pull), Some(TransferResult::Pulled(pulled))) => pull.count_from(pulled),
            _ => {}
        }
        Ok(work)
    }

    fn take(&mut self, workspace: &mut Workspace, came: Came, bytes: Vec<u8>) -> Result<()> {
        match (self, came) {
            (Self::Push(push), Came::Answer(response)) => {
                push.answer(workspace, &HttpResponse { body: bytes, ..response })
            }
            (Self::Pull(pull), Came::Answer(response)) => {
                pull.answer(workspace, &HttpResponse { body: bytes, ..response })
            }
            (Self::Push(push), Came::Lost(reason)) => push.failed(&reason),
            (Self::Pull(pull), Came::Lost(reason)) => pull.failed(&reason),
            (Self::Push(push), Came::Exported { sha256, exported }) => {
                let exported = exported.map(|exported| Exported { onnx: bytes, ..exported });
                push.exported(&sha256, exported);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What is next, and the bytes that go beside it.
    fn next(&mut self, workspace: &mut Workspace) -> Result<(Next, Vec<u8>)> {
        let mut next = match self {
            Self::Push(push) => push.next(workspace)?,
            Self::Pull(pull) => pull.next(workspace)?,
        };
        let bytes = match &mut next {
            Next::Send(request) => std::mem::take(&mut request.body),
            Next::Export { sha256 } => Push::model_bytes(workspace, sha256)?,
            Next::Wait { .. } | Next::Done => Vec::new(),
        };
        Ok((next, bytes))
    }

    fn reply(&self, next: Next) -> TransferReply {
        let (progress, result) = match self {
            Self::Push(push) => (push.progress(), TransferResult::Pushed(push.pushed().clone())),
            Self::Pull(pull) => (pull.progress(), TransferResult::Pulled(pull.pulled().clone())),
        };
        TransferReply { next, progress: progress.clone(), result: Some(result) }
    }
}

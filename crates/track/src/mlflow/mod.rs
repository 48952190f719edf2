//! A workspace handed on to an MLflow server, and taken back: the protocol without its input and output.
//!
//! [`Push`] and [`Pull`] say what to send ([`Next`]) and are told what came back. So the command line, Node
//! and the page drive the same code, each with the client it has:
//!
//! ```text
//! loop {
//!     match push.next(&mut workspace)? {
//!         Next::Send(request) => match client.send(request) {
//!             Ok(response) => push.answer(&mut workspace, &response)?,
//!             Err(reason) => push.failed(&reason)?,
//!         },
//!         Next::Wait { seconds } => sleep(seconds),
//!         Next::Export { sha256 } => push.exported(&sha256, make_onnx(&sha256)),
//!         Next::Done => break,
//!     }
//! }
//! ```
//!
//! Where the workspace is another thread's or tab's, [`Transfers`] keeps pushes and pulls beside it, and a
//! message a turn drives them.
//!
//! The client adds the server's address, its credentials and a time limit, and follows no redirects. After an
//! error, `next` goes on with the request that failed.

mod error;
mod http;
mod keys;
mod pull;
mod push;
mod retry;
mod sent;
#[cfg(test)]
mod tests;
mod transfer;

pub use error::MlflowError;
pub use http::{HttpRequest, HttpResponse, Method, Next, Progress};
pub use keys::remote_key;
pub use pull::{Pull, Pulled};
pub use push::{Exported, Push, PushOptions, Pushed};
pub use transfer::{Came, TransferReply, TransferRequest, TransferResult, TransferTask, Transfers};

/// Result of all that goes to a server or comes from one.
pub type Result<T> = std::result::Result<T, MlflowError>;

/// The tag by which a server knows a run of ours.
pub(crate) const RUN_TAG: &str = "hedgerow.run_id";
/// The tag by which a server knows a version of ours.
pub(crate) const VERSION_TAG: &str = "hedgerow.version_id";
/// The tag of a version whose model has another name at the server than here.
pub(crate) const MODEL_TAG: &str = "hedgerow.model";
/// What is ours alone of a run, as an artifact of it: its record and its recipe.
pub(crate) const RECORD_PATH: &str = "hedgerow/run.json";
pub(crate) const NOTE_TAG: &str = "mlflow.note.content";
pub(crate) const NAME_TAG: &str = "mlflow.runName";
pub(crate) const PARENT_TAG: &str = "mlflow.parentRunId";
pub(crate) const USER_TAG: &str = "mlflow.user";

//! What can be wrong before a workspace is there to say so, and what its files have to say.

use hedgerow_model::{Coded, Details};
use hedgerow_track::TrackError;
use hedgerow_track::mlflow::MlflowError;
use sqlite_wasm_rs::sqlite3_vfs_find;

#[derive(Debug, thiserror::Error)]
pub enum BindingError {
    #[error("the request cannot be read: {reason}. Check its names and types.")]
    BadRequest { reason: String },
    #[error(
        "this browser has no private files for this page ({reason}). Open it over https in a window that is not private, or pass memory: true, which keeps nothing."
    )]
    NoPrivateFiles { reason: String },
}

impl Coded for BindingError {
    fn code(&self) -> &'static str {
        match self {
            Self::BadRequest { .. } => "bad_option",
            Self::NoPrivateFiles { .. } => "no_private_files",
        }
    }

    fn details(&self) -> Details {
        Details::default()
    }
}

/// Says what the files complained of, which SQLite does not. Where there is no room left, browsers throw
/// what is known for that, or write less than they were given.
pub fn explained(error: TrackError) -> TrackError {
    let TrackError::Storage { reason } = error else { return error };
    match last_error() {
        said if said.starts_with("write file: expected") => TrackError::Full,
        said if said.is_empty() => TrackError::Storage { reason },
        said => TrackError::Storage { reason: format!("{reason} ({said})") },
    }
}

/// The same, of what failed between a workspace and a server.
pub fn explained_transfer(error: MlflowError) -> MlflowError {
    match error {
        MlflowError::Workspace(error) => explained(error).into(),
        error => error,
    }
}

/// What the files in use last complained of.
fn last_error() -> String {
    let mut text = vec![0_u8; 200];
    // SAFETY: the default VFS is there as long as the instance, and writes a text with its end into as
    // many bytes as it is told of.
    unsafe {
        let vfs = sqlite3_vfs_find(std::ptr::null());
        if let Some(ask) = vfs.as_ref().and_then(|vfs| vfs.xGetLastError) {
            ask(vfs, text.len() as i32, text.as_mut_ptr().cast());
        }
    }
    text.into_iter().take_while(|&byte| byte != 0).map(char::from).collect()
}

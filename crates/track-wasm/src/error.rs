//! What can be wrong before a workspace is there to say so.

use hedgerow_model::{Coded, Details};

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

//! The exported class.

use hedgerow_js::Thrown;
use hedgerow_track::mlflow::Transfers;
use hedgerow_track::{Answer, Stamp, Workspace};
use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::error::{BindingError, explained, explained_transfer};
use crate::files::HostFiles;
use crate::{host, pool};

/// An open workspace: requests go in, answers come out.
#[wasm_bindgen(js_name = Workspace)]
pub struct JsWorkspace {
    workspace: Workspace,
    transfers: Transfers,
}

impl From<Workspace> for JsWorkspace {
    fn from(workspace: Workspace) -> Self {
        Self { workspace, transfers: Transfers::default() }
    }
}

#[wasm_bindgen(js_class = Workspace, wasm_bindgen_futures = js_sys::futures)]
impl JsWorkspace {
    /// A workspace in memory, which is gone when it is freed.
    #[wasm_bindgen(js_name = inMemory)]
    pub fn in_memory() -> Result<Self, Thrown> {
        Ok(Workspace::in_memory()?.into())
    }

    /// The workspace in a folder of the browser's private file system, for a dedicated worker. While it
    /// is open, no other worker can open the folder: that is `workspace_busy`.
    #[wasm_bindgen(js_name = inPrivateFiles)]
    pub async fn in_private_files(folder: String) -> Result<Self, Thrown> {
        pool::install(&folder).await?;
        Ok(Workspace::open(pool::FILE).map_err(explained)?.into())
    }

    /// The workspace in a file that the host's functions read and write. They are those of the first
    /// call for all workspaces of this instance. Who calls sees to it that no other process uses the
    /// file at the same time; between two requests, others may.
    #[wasm_bindgen(js_name = inFile)]
    pub fn in_file(path: &str, files: HostFiles) -> Result<Self, Thrown> {
        host::install(files)?;
        Ok(Workspace::open(path).map_err(explained)?.into())
    }

    /// Does what a request asks, as `author` at a time in milliseconds since 1970. The answer is JSON
    /// text, or bytes.
    #[wasm_bindgen(unchecked_return_type = "string | Uint8Array<ArrayBuffer>")]
    pub fn handle(
        &mut self,
        at: f64,
        author: &str,
        #[wasm_bindgen(unchecked_param_type = "Request")] request: &JsValue,
        bytes: &[u8],
    ) -> Result<JsValue, Thrown> {
        let request = read(request)?;
        let answer =
            self.workspace.handle(&stamp(at, author), request, bytes).map_err(explained)?;
        Ok(match answer {
            Answer::Json(text) => text.into(),
            Answer::Bytes(bytes) => Uint8Array::from(bytes.as_slice()).into(),
        })
    }

    /// Goes on with a push to an MLflow server, or a pull, by one turn. The answer is a `TransferReply` as
    /// JSON text, and the bytes that go beside it.
    #[wasm_bindgen(unchecked_return_type = "[string, Uint8Array<ArrayBuffer>]")]
    pub fn transfer(
        &mut self,
        at: f64,
        author: &str,
        #[wasm_bindgen(unchecked_param_type = "TransferRequest")] request: &JsValue,
        bytes: Vec<u8>,
    ) -> Result<Array, Thrown> {
        let (workspace, stamp) = (&mut self.workspace, stamp(at, author));
        let handled = self.transfers.handle(workspace, &stamp, read(request)?, bytes);
        let (reply, bytes) = handled.map_err(explained_transfer)?;
        let reply = serde_json::to_string(&reply).expect("replies are numbers and texts");
        Ok(Array::of2(&reply.into(), &Uint8Array::from(bytes.as_slice())))
    }
}

fn read<T: DeserializeOwned>(request: &JsValue) -> Result<T, BindingError> {
    let request = js_sys::JSON::stringify(request).map(String::from).unwrap_or_default();
    serde_json::from_str(&request)
        .map_err(|error| BindingError::BadRequest { reason: error.to_string() })
}

fn stamp(at: f64, author: &str) -> Stamp {
    Stamp { at: at as i64, author: author.to_owned() }
}

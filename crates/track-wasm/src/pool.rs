//! Files in the browser's private file system: a pool of them, all opened at the start, since only that
//! is asynchronous.

use hedgerow_js::Thrown;
use hedgerow_track::TrackError;
use js_sys::Reflect;
use sqlite_wasm_rs::WasmOsCallback;
use sqlite_wasm_vfs::sahpool::{self, OpfsSAHError, OpfsSAHPoolCfgBuilder};
use wasm_bindgen::JsValue;

use crate::error::BindingError;

/// The database, in a pool of its own.
pub const FILE: &str = "workspace.sqlite";

/// The database, its journal, and some in reserve.
const CAPACITY: usize = 4;

/// Opens the files of a folder, from now on for all of SQLite in this instance.
pub async fn install(folder: &str) -> Result<(), Thrown> {
    let config = OpfsSAHPoolCfgBuilder::new().directory(folder).initial_capacity(CAPACITY).build();
    sahpool::install::<WasmOsCallback>(&config, true).await.map_err(thrown)?;
    Ok(())
}

fn thrown(error: OpfsSAHError) -> Thrown {
    let reason = error.to_string();
    if matches!(error, OpfsSAHError::NotSupported) {
        return BindingError::NoPrivateFiles { reason }.into();
    }
    let OpfsSAHError::Opfs { value, .. } = error else {
        return TrackError::Storage { reason }.into();
    };
    match name(&value).as_deref() {
        // Another worker has them open, or one that was ended had until a moment ago.
        Some("NoModificationAllowedError" | "InvalidStateError") => TrackError::Busy.into(),
        Some("QuotaExceededError") => TrackError::Full.into(),
        Some("SecurityError" | "NotAllowedError") => BindingError::NoPrivateFiles { reason }.into(),
        _ => TrackError::Storage { reason }.into(),
    }
}

fn name(error: &JsValue) -> Option<String> {
    Reflect::get(error, &"name".into()).ok()?.as_string()
}

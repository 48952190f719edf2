//! Synchronous files as the host's JavaScript gives them.

use js_sys::Reflect;
use rsqlite_vfs::{VfsError, VfsErrorCode, VfsResult};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = "/** Synchronous files: what SQLite needs of a host. They throw errors with a `code` as `ENOSPC`. */
export interface HostFiles {
    /** Opens a file for reading and writing; the answer is its number. With `create`, one that is not there is made. */
    open(path: string, create: boolean): number;
    /** Reads into `bytes` until they are full or the file ends; the answer is how many were read. */
    read(file: number, bytes: Uint8Array, at: number): number;
    /** Writes all of `bytes`. */
    write(file: number, bytes: Uint8Array, at: number): void;
    truncate(file: number, size: number): void;
    /** Returns when all that was written is on the disk. */
    sync(file: number): void;
    size(file: number): number;
    close(file: number): void;
    exists(path: string): boolean;
    /** Removes a file, which is on the disk when it returns. */
    remove(path: string): void;
    /** The path from the root. */
    resolve(path: string): string;
}";

#[wasm_bindgen]
extern "C" {
    #[derive(Clone)]
    #[wasm_bindgen(typescript_type = "HostFiles")]
    pub type HostFiles;
    #[wasm_bindgen(method, catch)]
    pub fn open(this: &HostFiles, path: &str, create: bool) -> Result<i32, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn read(this: &HostFiles, file: i32, bytes: &mut [u8], at: f64) -> Result<u32, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn write(this: &HostFiles, file: i32, bytes: &[u8], at: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn truncate(this: &HostFiles, file: i32, size: f64) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn sync(this: &HostFiles, file: i32) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn size(this: &HostFiles, file: i32) -> Result<f64, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn close(this: &HostFiles, file: i32) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn exists(this: &HostFiles, path: &str) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn remove(this: &HostFiles, path: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn resolve(this: &HostFiles, path: &str) -> Result<String, JsValue>;
}

/// A failure of the host as SQLite knows it: `code`, but where there is no room.
pub fn checked<T>(code: VfsErrorCode, result: Result<T, JsValue>) -> VfsResult<T> {
    result.map_err(|error| {
        let text = |key: &str| Reflect::get(&error, &key.into()).ok()?.as_string();
        let code = match text("code").as_deref() {
            Some("ENOSPC" | "EDQUOT" | "EFBIG") => VfsErrorCode::Full,
            _ => code,
        };
        VfsError::new(code, text("message").unwrap_or_default().into())
    })
}

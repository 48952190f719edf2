//! SQLite's files through functions of the host.
//!
//! There are no locks here: who opens a workspace keeps other processes away while a request is handled.

use std::cell::RefCell;

use hedgerow_js::Thrown;
use hedgerow_track::TrackError;
use rsqlite_vfs::{
    AccessMode, LockLevel, OpenOptions, OpenRequest, OpenedFile, RegisterVfsError, SQLiteIoMethods,
    SQLiteVfs, SyncOptions, VfsError, VfsErrorCode as Code, VfsFile, VfsResult, VfsStore,
    register_vfs,
};
use sqlite_wasm_rs::WasmOsCallback;

use crate::files::{HostFiles, checked};

const NAME: &str = "host";

/// Makes the host's files those of all of SQLite in this instance.
pub fn install(files: HostFiles) -> Result<(), Thrown> {
    let host = Host { files, last_error: RefCell::new(None), os: WasmOsCallback };
    // SAFETY: the layout and types are those of one store, there is one thread, and the registration
    // lasts as long as the instance.
    match unsafe { register_vfs::<Methods, Vfs>(NAME, host, true) } {
        Ok(registration) => {
            registration.into_raw();
            Ok(())
        }
        Err(RegisterVfsError::NameConflict(_)) => Ok(()),
        Err(error) => Err(TrackError::Storage { reason: error.to_string() }.into()),
    }
}

struct Host {
    files: HostFiles,
    last_error: RefCell<Option<VfsError>>,
    os: WasmOsCallback,
}

/// An open file. It has functions of its own, since it is not told whose it is.
struct HostFile {
    files: HostFiles,
    number: i32,
    level: LockLevel,
}

impl VfsFile for HostFile {
    fn read(&mut self, buf: &mut [u8], offset: u64) -> VfsResult<usize> {
        let read = self.files.read(self.number, buf, offset as f64);
        checked(Code::IoRead, read).map(|n| n as usize)
    }

    fn write(&mut self, buf: &[u8], offset: u64) -> VfsResult<()> {
        checked(Code::IoWrite, self.files.write(self.number, buf, offset as f64))
    }

    fn truncate(&mut self, size: u64) -> VfsResult<()> {
        checked(Code::IoTruncate, self.files.truncate(self.number, size as f64))
    }

    fn sync(&mut self, _options: SyncOptions) -> VfsResult<()> {
        checked(Code::IoSync, self.files.sync(self.number))
    }

    fn size(&self) -> VfsResult<u64> {
        checked(Code::IoStat, self.files.size(self.number)).map(|size| size as u64)
    }

    fn lock(&mut self, level: LockLevel) -> VfsResult<()> {
        self.level = self.level.max(level);
        Ok(())
    }

    fn unlock(&mut self, level: LockLevel) -> VfsResult<()> {
        self.level = self.level.min(level);
        Ok(())
    }

    fn check_reserved_lock(&self) -> VfsResult<bool> {
        Ok(self.level >= LockLevel::Reserved)
    }
}

struct Store;

impl VfsStore for Store {
    type File = HostFile;
    type AppData = Host;

    fn record_error(host: &Host, error: VfsError) {
        host.last_error.replace(Some(error));
    }

    fn last_error(host: &Host) -> Option<VfsError> {
        host.last_error.borrow().clone()
    }

    fn open_file(host: &Host, request: OpenRequest<'_>) -> VfsResult<OpenedFile<HostFile>> {
        let Some(name) = request.filename else {
            // Temporary tables and the like are in memory (SQLITE_TEMP_STORE).
            return Err(VfsError::new(Code::CantOpen, "a file without a name".into()));
        };
        let opened = host.files.open(name.path(), request.options.create());
        let number = checked(Code::CantOpen, opened)?;
        let file = HostFile { files: host.files.clone(), number, level: LockLevel::None };
        Ok(OpenedFile { file, access: request.options.access() })
    }

    fn close_file(
        host: &Host,
        _name: Option<&str>,
        file: HostFile,
        _options: OpenOptions,
    ) -> VfsResult<()> {
        checked(Code::IoClose, host.files.close(file.number))
    }

    fn access(host: &Host, name: &str, _mode: AccessMode) -> VfsResult<bool> {
        checked(Code::IoAccess, host.files.exists(name))
    }

    fn full_pathname(host: &Host, name: &str) -> VfsResult<String> {
        checked(Code::CantOpen, host.files.resolve(name))
    }

    fn delete_file(host: &Host, name: &str, _sync_dir: bool) -> VfsResult<()> {
        checked(Code::IoDelete, host.files.remove(name))
    }
}

struct Methods;

impl SQLiteIoMethods for Methods {
    type Store = Store;
}

struct Vfs;

impl SQLiteVfs<Methods> for Vfs {
    type Os = WasmOsCallback;
    const MAX_PATH_SIZE: std::ffi::c_int = 4096;

    fn os(host: &Host) -> &WasmOsCallback {
        &host.os
    }
}

//! Whose turn it is with a workspace: a file beside it, since JavaScript has no other kind of lock.
//!
//! `PATH.lock` holds `{"pid": …, "host": "…"}`. Whoever makes it has the turn, until it is removed; one
//! whose process is gone counts as removed, and one that nobody wrote into within two seconds does, too.
//! The package has the same rules (`pkg/src/track/host/lock.ts`).

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// How long others are waited for.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);

/// After this who made the file is taken to have died before writing into it.
const UNWRITTEN: Duration = Duration::from_secs(2);

/// The turn, given back when dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
}

/// A process, and the machine it runs on.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    pub host: String,
}

impl Holder {
    /// This process.
    pub fn this() -> Self {
        let host = hostname::get().map(|name| name.to_string_lossy().into_owned());
        Self { pid: std::process::id(), host: host.unwrap_or_default() }
    }

    fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Whether it ran here and does no more.
    pub fn is_gone(&self, this: &Self) -> bool {
        self.host == this.host && !is_alive(self.pid)
    }
}

#[cfg(unix)]
fn is_alive(pid: u32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};
    let found = i32::try_from(pid).ok().and_then(Pid::from_raw).map(test_kill_process);
    found.is_some_and(|found| found != Err(Errno::SRCH))
}

/// Nobody knows, so a lock file that was left must be removed by hand.
#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}

impl Lock {
    /// Waits for the turn.
    pub fn take(workspace: &Path) -> Result<Self, Failure> {
        let mut name = workspace.as_os_str().to_owned();
        name.push(".lock");
        let (path, this, begun) = (PathBuf::from(name), Holder::this(), Instant::now());
        loop {
            match make(&path, &this) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::beside_workspace(&path, &error)),
            }
            if is_stale(&path, &this) {
                clear(&path, &this);
            }
            if begun.elapsed() > PATIENCE {
                let pid = Holder::read(&path).map(|holder| holder.pid);
                return Err(Failure::workspace_in_use(workspace, &path, pid));
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// Whether a lock file is of nobody any more.
fn is_stale(path: &Path, this: &Holder) -> bool {
    if let Some(holder) = Holder::read(path) {
        return holder.is_gone(this);
    }
    let made = fs::metadata(path).and_then(|file| file.modified());
    made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > UNWRITTEN))
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where it cannot be removed now, it is seen to be of a process that is gone later.
        let _ = fs::remove_file(&self.path);
    }
}

/// A name beside the lock file that nobody else uses.
fn aside(path: &Path, this: &Holder) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    path.with_extension(format!("lock-{}-{count}", this.pid))
}

/// The whole file appears at once: no one reads half of it.
fn make(path: &Path, this: &Holder) -> std::io::Result<()> {
    let own = aside(path, this);
    let made = fs::write(&own, serde_json::to_vec(this)?).and_then(|()| link(&own, path));
    // Where there is no room for what it holds, the file is there all the same.
    let _ = fs::remove_file(&own);
    made
}

/// Gives a file another name that is not taken; where files have one name only, as on memory sticks, that
/// name to a copy.
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            let text = fs::read(from)?;
            OpenOptions::new().write(true).create_new(true).open(to)?.write_all(&text)
        }
        linked => linked,
    }
}

/// Takes a lock file away whose process is gone; only one of several that try takes it.
fn clear(path: &Path, this: &Holder) {
    let aside = aside(path, this);
    if fs::rename(path, &aside).is_err() {
        return;
    }
    // Another may have been quicker, and made one that counts: that is given back.
    if !is_stale(&aside, this) {
        let _ = link(&aside, path);
    }
    let _ = fs::remove_file(&aside);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("hedgerow-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn one_at_a_time_has_the_turn() {
        let workspace = folder("turns").join("w.sqlite");
        let turns = std::sync::atomic::AtomicUsize::new(0);
        let others = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let _lock = Lock::take(&workspace).map_err(|_| ()).unwrap();
                        let order = Ordering::SeqCst;
                        assert_eq!(others.fetch_add(1, order), 0);
                        turns.fetch_add(1, order);
                        others.fetch_sub(1, order);
                    }
                });
            }
        });
        assert_eq!(turns.into_inner(), 80);
    }

    #[test]
    fn a_lock_that_nobody_wrote_into_does_not_count_for_long() {
        let folder = folder("unwritten");
        let (workspace, path) = (folder.join("w.sqlite"), folder.join("w.sqlite.lock"));
        for half in ["", "{\"pid\": 1"] {
            let begun = Instant::now();
            fs::write(&path, half).unwrap();
            let lock = Lock::take(&workspace).map_err(|_| ()).unwrap();
            assert!((UNWRITTEN..PATIENCE).contains(&begun.elapsed()));
            assert_eq!(Holder::read(&path), Some(Holder::this()));
            drop(lock);
        }
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
    }

    #[test]
    fn a_lock_of_a_process_that_is_gone_does_not_count() {
        let folder = folder("gone");
        let (workspace, path) = (folder.join("w.sqlite"), folder.join("w.sqlite.lock"));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        make(&path, &Holder { pid: child.id(), ..Holder::this() }).unwrap();
        let lock = Lock::take(&workspace).map_err(|_| ()).unwrap();
        assert_eq!(Holder::read(&path), Some(Holder::this()));
        drop(lock);
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
    }
}

/** The files that SQLite needs, by `node:fs`. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { HostFiles } from '../hedgerow_track.js';

/** Files of this machine. */
export const files: HostFiles = {
  open(path, create) {
    if (!create || existsSync(path)) return openSync(path, 'r+');
    const file = openSync(path, 'wx+');
    syncFolderOf(path);
    return file;
  },
  read(file, bytes, at) {
    let done = 0;
    while (done < bytes.length) {
      const read = readSync(file, bytes, done, bytes.length - done, at + done);
      if (read === 0) break;
      done += read;
    }
    return done;
  },
  write(file, bytes, at) {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(file, bytes, done, bytes.length - done, at + done);
    }
  },
  truncate: ftruncateSync,
  sync: fsyncSync,
  size: (file) => fstatSync(file).size,
  close: closeSync,
  exists: existsSync,
  remove(path) {
    unlinkSync(path);
    syncFolderOf(path);
  },
  resolve: (path) => resolve(path),
};

/** That a file is there, or gone, is kept by its folder. */
function syncFolderOf(path: string): void {
  // Windows has no such thing as an open folder, and needs none.
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

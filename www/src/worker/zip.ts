/** Files as one zip: loaded with the first download. A file of its own, so that nothing else of fflate is. */

import { zipSync } from 'fflate';
import type { ExportedFile } from 'hedgerow';

export function zipped(files: readonly ExportedFile[]): Blob {
  const named = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]));
  // With one date always, so that a model gives the same file whenever it is downloaded.
  return new Blob([zipSync(named, { mtime: new Date(1980, 0, 1) })], { type: 'application/zip' });
}

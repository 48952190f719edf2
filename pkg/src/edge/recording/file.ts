/** Counts in a file: a log of changes, written anew when it has become long. For Node, Deno, Bun and containers. */
import { HedgerowError } from '../../error.js';
import { apply, type Backing, type Changes, memoryBacking } from './backing.js';
import { frameOf, isLog, MAGIC, readFrames } from './frames.js';
import { Lock } from './lock.js';

/** What is needed of `node:fs/promises`. */
export interface Files {
  open(path: string, flags: string): Promise<File>;
  readFile(path: string): Promise<Uint8Array>;
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  copyFile(from: string, to: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  unlink(path: string): Promise<void>;
}

/** What is needed of a file that is open. */
interface File {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What is needed of `node:process`. */
export interface Process {
  pid: number;
  kill(pid: number, signal: 0): unknown;
}

/** A log that is longer than this, and than four times what is in it, is written anew. */
const LONG = 2 ** 22;

/**
 * Opens the log of this name in a folder, which it makes. What was not written whole, as where a machine lost its
 * power, is cut off: nobody was told that it is there. A log that had something cut off is kept beside, as `.bad`.
 *
 * @throws {HedgerowError} `recording_locked` where another has it, `recording_damaged` where it is no log, and
 * whatever `fs` throws.
 */
export async function fileBacking(
  fs: Files,
  process: Process,
  folder: string,
  name: string,
): Promise<Backing & { close(): Promise<void> }> {
  await fs.mkdir(folder, { recursive: true });
  const lock = new Lock(fs, process, folder, name);
  await lock.take();
  try {
    const values = new Map<string, Uint8Array>();
    const log = await opened(fs, `${folder}/${name}.log`, values);
    const { get, keys } = memoryBacking(values);
    const close = () => log.close().finally(() => lock.release());
    return { get, keys, commit: (changes) => log.commit(changes), close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The log of a file, whose values it reads. */
async function opened(fs: Files, path: string, values: Map<string, Uint8Array>): Promise<Log> {
  const before = await contentOf(fs, path);
  if (!isLog(before)) {
    const message = `${path} is no log of counts. Move it away, or name another folder (HEDGEROW_RECORDING_FOLDER).`;
    throw new HedgerowError(message, 'recording_damaged');
  }
  const length = readFrames(before, (key, value) => apply(values, new Map([[key, value]])));
  if (length < before.length) await fs.copyFile(path, `${path}.bad`);
  const log = new Log(fs, path, values);
  await log.begin(length);
  return log;
}

/** Nothing of a file that is not there; one that cannot be read may have something. */
async function contentOf(fs: Files, path: string): Promise<Uint8Array> {
  try {
    // What Node reads is a `Buffer`, whose parts are no copies.
    return new Uint8Array(await fs.readFile(path));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return new Uint8Array();
    throw error;
  }
}

class Log {
  #file: File | undefined;
  /** Bytes that are known to be good. */
  #length = 0;
  /** Bytes that it had when it was last written anew. */
  #least = 0;

  constructor(
    readonly fs: Files,
    readonly path: string,
    readonly values: Map<string, Uint8Array>,
  ) {}

  /** With so many good bytes in the file. */
  async begin(length: number): Promise<void> {
    if (length === 0) return this.#rewrite();
    this.#file = await this.fs.open(this.path, 'r+');
    this.#length = this.#least = length;
    await this.#file.truncate(length).catch(async (error: unknown) => {
      await this.close();
      throw error;
    });
  }

  async commit(changes: Changes): Promise<void> {
    try {
      if (!this.#file) await this.#rewrite();
      await this.#append(frameOf(changes));
    } catch (error) {
      await this.#giveUp();
      throw error;
    }
    apply(this.values, changes);
    // What is committed stays so, whether the log can be written anew or not.
    if (this.#length > LONG && this.#length > 4 * this.#least) await this.#rewrite().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(frame: Uint8Array): Promise<void> {
    await writeAll(this.#file, frame, this.#length);
    await this.#file?.datasync();
    this.#length += frame.length;
  }

  /** Whatever of a frame may be in the file is overwritten: by the next one, at the same place, or by a new log. */
  async #giveUp(): Promise<void> {
    try {
      await this.#file?.truncate(this.#length);
    } catch {
      await this.#file?.close().catch(() => undefined);
      this.#file = undefined;
    }
  }

  /** Beside the old one, whose place it takes when it is whole. */
  async #rewrite(): Promise<void> {
    const beside = `${this.path}.new`;
    const file = await this.fs.open(beside, 'w+');
    try {
      const frame = frameOf(this.values);
      await writeAll(file, MAGIC, 0);
      await writeAll(file, frame, MAGIC.length);
      await file.datasync();
      await this.fs.rename(beside, this.path);
      await this.#keepName();
      await this.#file?.close().catch(() => undefined);
      this.#file = file;
      this.#length = this.#least = MAGIC.length + frame.length;
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
  }

  /** That the new log has the old one's name is written to the folder, which not every system can be told to keep. */
  async #keepName(): Promise<void> {
    try {
      const folder = await this.fs.open(this.path.replace(/\/[^/]*$/, ''), 'r');
      await folder.datasync().finally(() => folder.close());
    } catch {
      // As with Windows.
    }
  }
}

async function writeAll(file: File | undefined, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const written = await file?.write(bytes, done, bytes.length - done, position + done);
    if (!written?.bytesWritten) throw new Error('nothing is written any more');
    done += written.bytesWritten;
  }
}

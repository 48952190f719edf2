/** Changes as bytes of a log: every frame has its length and checksum, so one that was not written whole is known. */
import type { Changes } from './backing.js';

/** What a log begins with: what it is, and the version of what follows. */
export const MAGIC = Uint8Array.of(0x48, 0x47, 0x52, 0x01);

/** Bytes before a frame's content: its length, and its CRC-32. */
const HEAD = 8;

/** The length of a value that is removed. */
const REMOVED = 0xffffffff;

const encoder = new TextEncoder();

/** A frame of changes. */
export function frameOf(changes: Changes): Uint8Array {
  const parts = Array.from(changes, ([key, value]) => ({ key: encoder.encode(key), value }));
  const length = parts.reduce((sum, { key, value }) => sum + 8 + key.length + (value?.length ?? 0), 0);
  const frame = new Uint8Array(HEAD + length);
  const view = new DataView(frame.buffer);
  let at = HEAD;
  for (const { key, value } of parts) {
    view.setUint32(at, key.length);
    view.setUint32(at + 4, value ? value.length : REMOVED);
    frame.set(key, at + 8);
    at += 8 + key.length;
    if (value) frame.set(value, at);
    at += value?.length ?? 0;
  }
  view.setUint32(0, length);
  view.setUint32(4, crc32(frame.subarray(HEAD)));
  return frame;
}

/** Whether bytes are a log, or its beginning. */
export function isLog(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => index >= bytes.length || bytes[index] === byte);
}

/** Reads the frames of a log, up to its end or to one that is not whole; how many bytes were good. */
export function readFrames(
  log: Uint8Array,
  use: (key: string, value: Uint8Array | undefined) => void,
): number {
  if (log.length < MAGIC.length) return 0;
  let at = MAGIC.length;
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  while (at + HEAD <= log.length) {
    const end = at + HEAD + view.getUint32(at);
    if (end > log.length || crc32(log.subarray(at + HEAD, end)) !== view.getUint32(at + 4)) break;
    readFrame(log.subarray(at + HEAD, end), use);
    at = end;
  }
  return at;
}

function readFrame(content: Uint8Array, use: (key: string, value: Uint8Array | undefined) => void): void {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const decoder = new TextDecoder();
  for (let at = 0; at < content.length; ) {
    const [key, value] = [view.getUint32(at), view.getUint32(at + 4)];
    const begin = at + 8 + key;
    at = begin + (value === REMOVED ? 0 : value);
    // A copy, or the whole log would stay in memory; `slice` of Node's buffers makes none.
    use(
      decoder.decode(content.subarray(begin - key, begin)),
      value === REMOVED ? undefined : new Uint8Array(content.subarray(begin, at)),
    );
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** CRC-32 as in zip files (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (TABLE[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
  return ~sum >>> 0;
}

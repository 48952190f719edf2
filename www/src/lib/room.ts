/** Whether there is little room left for what is kept. */
import type { TrackInfo } from '../worker/protocol.ts';

/** Bytes, and the share of all, below which it is little. */
const FEW = 10_000_000;
const SHARE = 0.05;

export function isFull({ usage, quota }: Pick<TrackInfo, 'usage' | 'quota'>): boolean {
  return quota !== null && quota - usage < Math.max(FEW, SHARE * quota);
}

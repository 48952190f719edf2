/** Changes in a stream of numbers, such as a model's errors. */
import { calling } from '../error.js';
import type { AdwinOptions, MeanChange, PageHinkleyOptions } from './hedgerow_monitor.js';
import { Detector } from './hedgerow_monitor.js';
import { loaded } from './module.js';

/**
 * Finds changes of the mean, value by value in little memory, where river (0.26) does: by adaptive windowing, which
 * needs no idea of how large a change is, or by the test of Page and Hinkley, which is cheaper and is told it.
 *
 * ```js
 * const detector = await ChangeDetector.adwin();
 * for (const error of errors) {
 *   const change = detector.update(error);
 *   if (change) console.log(`${change.before} became ${change.after} with value ${change.began}`);
 * }
 * ```
 */
export class ChangeDetector {
  readonly #detector: Detector;

  private constructor(options: ConstructorParameters<typeof Detector>[0]) {
    this.#detector = calling(() => new Detector(options));
  }

  /**
   * Adaptive windowing, ADWIN2 (Bifet and Gavaldà 2007).
   *
   * @throws {HedgerowError} `bad_option`, `not_loaded`.
   */
  static async adwin(options: Partial<AdwinOptions> = {}): Promise<ChangeDetector> {
    await loaded();
    return new ChangeDetector({ ...options, detector: 'adwin' });
  }

  /**
   * The test of Page and Hinkley (Page 1954). `delta` and `threshold` are in the values' unit.
   *
   * @throws {HedgerowError} `bad_option`, `not_loaded`.
   */
  static async pageHinkley(options: Partial<PageHinkleyOptions> = {}): Promise<ChangeDetector> {
    await loaded();
    return new ChangeDetector({ ...options, detector: 'page_hinkley' });
  }

  /**
   * Takes the next value; the change that is found with it, if one is. Values that are not finite, or beyond 1e100, are
   * passed over, and have no number.
   */
  update(value: number): MeanChange | undefined {
    return calling(() => this.#detector.update(value));
  }

  /** Frees its memory now; otherwise that happens when it is collected. */
  free(): void {
    this.#detector.free();
  }
}

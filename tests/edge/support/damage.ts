/** Exports that were damaged on their way. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A copy of a folder, in which the model is changed. */
async function changed(
  folder: string,
  name: string,
  change: (module: Buffer) => Buffer,
  file = 'model.wasm',
): Promise<string> {
  const copy = `${folder}-${name}`;
  await cp(folder, copy, { recursive: true });
  const path = join(copy, file);
  await writeFile(path, change(await readFile(path)));
  return copy;
}

/** One bit of the image, which is among the last of a module's bytes, is another. */
export function withFlippedBit(folder: string, file?: string): Promise<string> {
  const flip = (module: Buffer) => {
    const place = module.length - 500;
    module[place] = (module[place] ?? 0) ^ 4;
    return module;
  };
  return changed(folder, 'flipped', flip, file);
}

/** The last third is missing. */
export function cutOff(folder: string): Promise<string> {
  return changed(folder, 'cut', (module) => module.subarray(0, (module.length * 2) / 3));
}

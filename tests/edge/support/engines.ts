/** Engines of WebAssembly, each of which scores the rows of some exported folders through the module's ABI. */
import { readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { openPage, serve } from '../../package/support/browser.js';
import { succeed } from '../../package/support/run.js';
import { bun, type Command, deno } from '../../package/support/runtimes.js';
import type { Prediction } from './exports.js';
import { openFirefox } from './firefox.js';

/** The folders, which are all below another and have a `rows.json` each; the predictions of each. */
type Engine = (folders: readonly string[], root: string) => Promise<Prediction[][]>;

/** The engines with JavaScript, which use `model.ts` of the target `wasm`. */
export const withJavaScript: Readonly<Record<string, Engine>> = {
  'V8, in Node': inRuntime(() => ['node', '--import', import.meta.resolve('tsx')]),
  'V8, in Deno': inRuntime(() => [...deno(), '--allow-read']),
  'V8, in Chromium': inBrowser(openPage),
  'JavaScriptCore, in Bun': inRuntime(bun),
  'SpiderMonkey, in Firefox': inBrowser(openFirefox),
};

/** A page, as the browsers' drivers have it. */
export interface Page {
  evaluate(inside: typeof predictAll, addresses: readonly string[]): Promise<Prediction[][]>;
  close(): Promise<void>;
}

const score = fileURLToPath(new URL('../programs/score.mjs', import.meta.url));

function inRuntime(command: () => Command): Engine {
  return async (folders, root) => {
    const [program, ...args] = command();
    // Far from UTC, which must not matter.
    const options = { env: { TZ: 'America/St_Johns' } };
    return JSON.parse(await succeed(program, [...args, score, ...folders], root, options));
  };
}

function inBrowser(open: (url: string) => Promise<Page>): Engine {
  return async (folders, root) => {
    await writeFile(join(root, 'index.html'), '<!doctype html><title>Models</title>');
    for (const folder of folders) {
      const { code } = await transform(await readFile(join(folder, 'model.ts'), 'utf8'), { loader: 'ts' });
      await writeFile(join(folder, 'model.js'), code);
    }
    const { url, server } = await serve(root);
    try {
      const page = await open(url);
      try {
        const addresses = folders.map((folder) => `${url}${relative(root, folder)}`);
        return await page.evaluate(predictAll, addresses);
      } finally {
        await page.close();
      }
    } finally {
      server.close();
    }
  };
}

/** Runs in a page. */
async function predictAll(addresses: readonly string[]): Promise<Prediction[][]> {
  const all = [];
  for (const address of addresses) {
    const { load } = await import(`${address}/model.js`);
    const model = await load(await fetch(`${address}/model.wasm`));
    all.push(model.predict(await (await fetch(`${address}/rows.json`)).json()));
  }
  return all;
}

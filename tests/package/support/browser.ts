/** A page in Chromium, served with the strictest policy that WebAssembly and workers allow. */
import { copyFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type Installed, sampleFiles } from './installed.js';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.csv': 'text/csv',
};
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

/** A page that is open, and what serves it. */
export interface App {
  server: Server;
  browser: Browser;
  page: Page;
  /** What the page complained of. */
  problems: string[];
}

/** Builds `programs/app` with Vite, against the installed package, and opens it. */
export async function openApp(installed: Installed): Promise<App> {
  const root = join(installed.folder, 'app');
  await build({ root, base: './', logLevel: 'error', configFile: false });
  for (const name of sampleFiles) await copyFile(join(installed.folder, name), join(root, 'dist', name));
  const { url, server } = await serve(join(root, 'dist'));
  const browser = await launch();
  try {
    return { server, browser, ...(await open(browser, url)) };
  } catch (error) {
    // Else they would keep the test's process alive.
    await browser.close();
    server.close();
    throw error;
  }
}

/** Serves a folder on a free port of this machine. */
export async function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    try {
      const body = await readFile(join(folder, path.endsWith('/') ? `${path}index.html` : path));
      const type = types[extname(path)] ?? (path.endsWith('/') ? 'text/html' : 'application/octet-stream');
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Opens an address in a browser of its own, with which it is closed. */
export async function openPage(url: string): Promise<Pick<Page, 'evaluate' | 'close'>> {
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(url);
  page.on('close', () => browser.close());
  return page;
}

async function open(browser: Browser, url: string): Promise<Pick<App, 'page' | 'problems'>> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(url);
  // Not `waitForFunction`: where it has to wait, it evaluates a string, which the policy forbids.
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  return { page, problems };
}

/** The built page, served to Chromium. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';

const built = fileURLToPath(new URL('../../../www/dist', import.meta.url));
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];

const types: Record<string, string> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface Site {
  url: string;
  browser: Browser;
  /** Requests to any other host, and what the pages complained of. */
  foreign: string[];
  problems: string[];
  open(options?: BrowserContextOptions): Promise<{ page: Page; context: BrowserContext }>;
  stopServing(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the page under a path, as a static host does. */
function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname).replace(
      /^\/hedgerow\//,
      '',
    );
    const name = path === '' ? 'index.html' : path;
    try {
      const body = await readFile(join(built, name));
      response
        .writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Starts a server and a browser; each opened page has a profile of its own. */
export async function startSite(): Promise<Site> {
  const server = await serve();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hedgerow/`;
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: [...flags, ...quiet] });
  const foreign: string[] = [];
  const problems: string[] = [];

  async function open(options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== new URL(url).origin) foreign.push(request.url());
    });
    const page = await context.newPage();
    // tsx wraps named functions in a helper, also those that are sent to the page.
    await page.addInitScript('globalThis.__name = (named) => named;');
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(url);
    return { page, context };
  }

  const stopServing = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  async function close() {
    await browser.close();
    await stopServing();
  }

  return { url, browser, foreign, problems, open, stopServing, close };
}

/** Tabs of Chromium with the packed package, in one profile. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { ActiveRun, Workspace } from 'hedgerow/track';
import type { BrowserContext, Page } from 'playwright-core';
import { openApp } from './browser.js';
import { install } from './installed.js';

/** What the page's program hangs on the window. */
declare global {
  var openWorkspace: typeof import('hedgerow/track').openWorkspace;
  var keepRuns: (name: string, known: Known) => void;
  var keeping: Worker;
  var workspace: Workspace;
  var run: ActiveRun;
  var workers: Worker[];
  var told: number;
  var deaf: boolean;
}

export interface Known {
  started: string[];
  ended: string[];
}

export interface Tabs {
  context: BrowserContext;
  /** What the pages complained of. */
  problems: string[];
  /** Opens another. */
  open(): Promise<Page>;
  close(): Promise<void>;
}

/** Installs the package and starts a browser, without a tab. */
export async function openTabs(): Promise<Tabs> {
  const installed = await install();
  const { server, browser, problems, page: first } = await openApp(installed);
  const context = await browser.newContext();
  const open = async () => {
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(first.url());
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    return page;
  };
  const close = async () => {
    await browser.close();
    server.close();
    await installed.remove();
  };
  return { context, problems, open, close };
}

/** Opens a workspace that stays open in the tab. */
export function openIn(page: Page, name: string): Promise<void> {
  return page.evaluate(async (name) => {
    globalThis.workspace = await openWorkspace({ name });
  }, name);
}

/** Of all runs. */
export function statuses(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await workspace.runs({ limit: 1000 })).runs.map(({ status }) => status));
}

/** Until what is asked for is so, or ten seconds are over. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await holds()); ) {
    assert.ok(Date.now() < end, 'it should have come about');
    await pause(50);
  }
}

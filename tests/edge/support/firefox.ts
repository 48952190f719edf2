/** A page in Firefox, which asks nobody but us for anything. */
import puppeteer from 'puppeteer-core';
import type { Page } from './engines.js';

export async function openFirefox(url: string): Promise<Page> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: {
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'toolkit.telemetry.enabled': false,
      'services.settings.server': 'http://127.0.0.1:1/',
    },
  });
  const page = await browser.newPage();
  await page.goto(url);
  return {
    evaluate: (inside, addresses) => page.evaluate(inside, addresses),
    close: () => browser.close(),
  };
}

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * Whether there is a browser to test with. Without one, stderr names what is skipped.
 *
 * @throws {Error} without one in CI, where no test may be skipped.
 */
export const hasBrowser = (skipped: string): boolean => {
  const isThere = existsSync(executablePath);
  if (!isThere && process.env['CI']) throw new Error(`There is no ${executablePath}, which CI needs.`);
  if (!isThere) process.stderr.write(`Skipped: ${skipped}, for want of ${executablePath}.\n`);
  return isThere;
};

const options = {
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

export const startBrowser = async () => {
  const browser = await chromium.launch(options);
  onTestFinished(() => browser.close());
  return browser;
};

/** A browser for all tests of a `describe`. */
export const useBrowser = (): (() => Browser) => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch(options);
  });
  afterAll(() => browser?.close());
  return () => {
    if (browser === undefined) throw new Error('The browser has not started.');
    return browser;
  };
};

/** A browser that stores its profile in a folder. */
export const startBrowserIn = async (folder: string) => {
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    viewport: { width: 1400, height: 900 },
  });
  onTestFinished(() => context.close());
  return context;
};

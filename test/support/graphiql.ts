import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

/** The lines of an editor that are in view. */
export const textOf = async (page: Page, place: string): Promise<string> =>
  ((await page.locator(place).textContent()) ?? '').replaceAll('\u00a0', ' ');

export const patience = { interval: 100, timeout: 30_000 };

/** Opens GraphiQL, and waits until its first editor has its text. */
export const openGraphiQL = async (page: Page, url: string, text = 'BothSystems'): Promise<void> => {
  await page.goto(url);
  await page.locator('.graphiql-tab').first().waitFor();
  await expect.poll(() => textOf(page, '.graphiql-query-editor'), patience).toContain(text);
};

/** A page that has reported no error, and requested nothing from another host, so far. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of scripts and of the console, violations of the content security policy among them. */
  readonly faults: readonly string[];
  /** Addresses at other hosts. */
  readonly beyond: readonly string[];
}

/** A new page of a browser, in a window of 1400 × 900 unless given. */
export const newPage = async (
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  const beyond: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:' && hostname !== '127.0.0.1') beyond.push(request.url());
  });
  return { page, faults, beyond };
};

/** Puts a text into an editor in place of what is there. */
export const typeInto = async (page: Page, editor: string, text: string): Promise<void> => {
  await page.locator(`${editor} .view-lines:visible`).first().click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(text);
  // It closes brackets by itself, behind the text.
  await page.keyboard.press('ControlOrMeta+Shift+End');
  await page.keyboard.press('Delete');
};

/** Opens a tab: GraphiQL drops a click that comes while it loads. */
export const openTab = async (page: Page, name: string): Promise<void> => {
  const tab = page.locator('.graphiql-tab').filter({ has: page.getByText(name, { exact: true }) });
  const open = async () => {
    await tab.locator('button').first().click();
    return textOf(page, '.graphiql-query-editor');
  };
  await expect.poll(open, patience).toContain(name);
};

/** Executes the operation in view, and returns what the gateway sent, once the page shows a part of it. */
export const execute = async (page: Page, shown: string | RegExp) => {
  const responded = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.locator('.graphiql-execute-button').click();
  const response = await responded;
  const body = (await response.json()) as Record<string, unknown>;
  await expect.poll(() => textOf(page, '.result-window'), patience).toMatch(shown);
  return { status: response.status(), body, sent: response.request() };
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { deskFolder } from './desk.ts';

/** The trusted documents of the desk, by their hashes. */
export const manifest = (): Record<string, string> =>
  z
    .record(z.string(), z.string())
    .parse(JSON.parse(readFileSync(join(deskFolder, 'generated/persisted-documents.json'), 'utf8')));

/** The name of the operation of a document. */
export const operationOf = (document: string): string =>
  /(?:query|mutation) (\w+)\s*[({]/.exec(document)?.[1] ?? '';

const requestBody = z.object({
  documentId: z.string(),
  variables: z.object({ input: z.record(z.string(), z.unknown()).optional() }).loose(),
});

/** A request of the page, with the input of a mutation. */
export interface Sent {
  readonly operation: string;
  readonly input: Record<string, unknown> | undefined;
}

/** A page of the desk in a browser of its own, with what it met: errors, addresses, operations. */
export const openPage = async (
  browser: Browser,
  url: string,
  path = '/',
  options: BrowserContextOptions & { readonly script?: string } = {},
) => {
  const { script, ...contextOptions } = options;
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...contextOptions,
  });
  onTestFinished(() => context.close());
  if (script !== undefined) await context.addInitScript(script);
  const page = await context.newPage();
  const faults: string[] = [];
  const addresses: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  // What the content security policy forbids is reported here only.
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('request', (request) => addresses.push(request.url()));
  page.on('framenavigated', (frame) => addresses.push(frame.url()));
  const sent: Sent[] = [];
  const documents = manifest();
  page.on('request', (request) => {
    if (request.method() !== 'POST') return;
    const { documentId, variables } = requestBody.parse(request.postDataJSON());
    sent.push({ operation: operationOf(documents[documentId] ?? ''), input: variables.input });
  });
  await page.goto(url + path);
  return { page, faults, addresses, sent };
};

export const panel = (page: Page, title: string): Locator => page.getByRole('region', { name: title });

export const searchField = (page: Page): Locator => page.getByLabel('File number, phone, SSN or #order');

export const heading = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('heading', { name, level: 1 });

/** Buttons that begin or send a charge. */
export const chargeButtons = (page: Page): Locator =>
  page.getByRole('button', { name: /^(Charge|Payment|Run)/, includeHidden: true });

/** The idempotency keys of the charges that were sent, in their order. */
export const keysOf = (sent: readonly Sent[]): unknown[] =>
  sent.filter(({ operation }) => operation === 'RunPayment').map(({ input }) => input?.['idempotencyKey']);

export const text = async (locator: Locator): Promise<string> =>
  (await locator.innerText()).replaceAll('\u00a0', ' ');

/** Waits until the text of an element meets an expectation: longer than the gateway waits for an upstream. */
export const poll = (locator: Locator) => expect.poll(() => text(locator), { timeout: 20_000 });

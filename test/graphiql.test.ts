import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readyQueries } from '../src/http/graphiql/ready-queries.ts';
import { hasBrowser, startBrowser } from './support/browser.ts';
import { startGateway } from './support/gateway.ts';
import { run } from './support/process.ts';

describe('GET /graphql', () => {
  const get = async (accept: string) => {
    const { gateway } = await startGateway();
    return gateway.fetch('http://gateway/graphql', { headers: { accept } });
  };

  it('gives a browser GraphiQL, with nothing to load from elsewhere', async () => {
    const page = await get('text/html');
    expect(page.headers.get('content-type')).toMatch('text/html');
    const html = await page.text();
    expect(html).toContain('<title>Recollect</title>');
    expect(html.match(/<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?\/\/[^"]*"/g)).toBeNull();
  });

  it('gives nobody else a page', async () => {
    const reply = await get('application/json');
    expect(reply.headers.get('content-type')).not.toMatch('text/html');
  });
});

describe.skipIf(!hasBrowser('GraphiQL in a browser'))('GraphiQL in a browser', () => {
  it('opens whole without internet, with three queries that answer from the sandbox', async () => {
    const url = await run('main.js', { PORT: '0' }).line(/^Recollect is ready at (\S+)$/m);
    const browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const beyond: string[] = [];
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    // What its content security policy forbids is told here only.
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.route(
      (address) => !['127.0.0.1', ''].includes(address.hostname),
      (route) => {
        beyond.push(route.request().url());
        return route.abort();
      },
    );
    await page.goto(url);
    const tabs = page.locator('.graphiql-tab');
    await tabs.first().waitFor();
    expect(await tabs.count()).toBe(readyQueries.length);

    // Words near the top of each answer: the editor renders the lines in view only.
    const answers = {
      AccountAndOrder: 'MALIA GUEST',
      AccountInDetail: 'OUTSOURCE',
      PortfoliosAndBorrower: 'C2CLA',
    };
    // GraphiQL follows a click after a moment, and drops one that comes while it still loads: as a person would,
    // look after a moment, and click again if nothing has happened.
    const clickAndRead = async (button: Locator, place: string) => {
      await button.click();
      await page.waitForTimeout(1000);
      return ((await page.locator(place).textContent()) ?? '').replaceAll('\u00a0', ' ');
    };
    const patience = { interval: 100, timeout: 30_000 };
    for (const [operation, expected] of Object.entries(answers)) {
      const tab = tabs.filter({ hasText: operation }).locator('button').first();
      const execute = page.locator('.graphiql-execute-button');
      await expect.poll(() => clickAndRead(tab, '.graphiql-query-editor'), patience).toContain(operation);
      await expect.poll(() => clickAndRead(execute, '.result-window'), patience).toContain(expected);
    }
    expect({ beyond, faults }).toEqual({ beyond: [], faults: [] });
    // What is asked there may be somebody's number.
    expect(page.url()).toBe(url);
  }, 120_000);
});

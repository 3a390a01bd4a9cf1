import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type ReadyTab, readyTabs } from '../src/http/graphiql/ready-queries.ts';
import { hasExamplePackages, violationsIn } from './support/axe.ts';
import { hasBrowser, useBrowser } from './support/browser.ts';
import { execute, newPage, openGraphiQL, openTab, patience, textOf, typeInto } from './support/graphiql.ts';
import { run } from './support/process.ts';
import { nameOf, tabNames } from './support/ready-tabs.ts';
import { jwtSecret, tokenFor } from './support/token.ts';

const isThere = hasBrowser('GraphiQL in a browser');

const browser = isThere
  ? useBrowser()
  : () => {
      throw new Error('There is no browser.');
    };

const startPage = async (env: Record<string, string> = {}, options: BrowserContextOptions = {}) => {
  const url = await run('main.js', { PORT: '0', ...env }).line(/^Recollect is ready at (\S+)$/m);
  return { url, ...(await newPage(browser(), options)) };
};

/** What a tab shows near the top of its response: the editor renders the lines in view only. */
const shownBy: Readonly<Record<string, string | RegExp>> = {
  BothSystems: 'MALIA GUEST',
  Account: 'BRENDA WALSH',
  Search: 'R1005',
  Order: 'Vanessa Holloway',
  Links: 'nameMatches',
  Portfolio: 'C2CLA 12.1.22',
  Calls: 'callFrequency',
  AddNote: 'AddNoteSuccess',
  RunPayment: 'RunPaymentSuccess',
  Cost: 'R1000',
};

const isChecked = isThere && hasExamplePackages('accessibility of GraphiQL');

const writeQuery = (page: Page, text: string) => typeInto(page, '.graphiql-query-editor', text);

const notice = (page: Page) => page.locator('#notice');

describe.skipIf(!isThere)('GraphiQL in a browser', () => {
  it('opens whole without internet, from the root too, and each tab answers from the sandbox', async () => {
    const { url, page, faults, beyond } = await startPage();
    await openGraphiQL(page, new URL('/', url).href);
    // `GET /` leads to it.
    expect(page.url()).toBe(url);
    expect(await page.title()).toBe('Recollect');
    expect(await page.locator('.graphiql-logo').innerText()).toBe('Recollect');
    expect(await page.locator('.graphiql-logo svg').count()).toBe(1);
    const tabs = page.locator('.graphiql-tab');
    expect(await tabs.allInnerTexts()).toEqual(tabNames);
    await expect.poll(() => notice(page).isVisible()).toBe(false);

    for (const tab of readyTabs as readonly ReadyTab[]) {
      const name = nameOf(tab);
      await openTab(page, name);
      const { status, body, sent } = await execute(page, shownBy[name] ?? '?');
      expect([name, status, body['errors']]).toEqual([name, 200, undefined]);
      const { variables } = tab;
      expect(sent.postDataJSON()).toMatchObject({ operationName: name, ...(variables && { variables }) });
      expect(sent.headers()).toMatchObject(tab.headers ?? {});
    }
    expect({ faults, beyond }).toEqual({ faults: [], beyond: [] });
    // What is asked there may be somebody's number.
    expect(page.url()).toBe(url);
  }, 120_000);

  it.each([{}, { AUTH_JWT_SECRET: jwtSecret }])(
    'fits a window of 1280 × 720 pixels: %j',
    async (env) => {
      const { url, page } = await startPage(env, { viewport: { width: 1280, height: 720 } });
      await openGraphiQL(page, url, 'BothSystems');
      // All tabs in one row, and nothing below the window.
      const bar = page.locator('.graphiql-tabs');
      expect(await bar.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThan(2);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(720);
      for (const name of tabNames) {
        await openTab(page, name);
        const [content, visible] = await page
          .locator('.graphiql-query-editor .monaco-scrollable-element')
          .first()
          .evaluate((element) => {
            const spans = [...element.querySelectorAll('.view-line > span')];
            const right = Math.max(...spans.map((span) => span.getBoundingClientRect().right));
            return [right, element.getBoundingClientRect().right];
          });
        expect([name, (content ?? 0) <= (visible ?? 0)]).toEqual([name, true]);
      }
    },
    120_000,
  );

  it('suggests fields for their first letters', async () => {
    const { url, page, faults } = await startPage();
    await openGraphiQL(page, url);
    await writeQuery(page, '{ account(fileNumber: "R1001") {  } }');
    for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('curr');
    const suggestions = page.locator('.suggest-widget .monaco-list-row');
    const ask = async () => {
      if ((await suggestions.count()) === 0) await page.keyboard.press('Control+Space');
      return (await suggestions.allInnerTexts()).join('\n');
    };
    await expect.poll(ask, { interval: 1000, timeout: 30_000 }).toContain('currentBalance');
    await page.keyboard.press('Enter');
    await expect.poll(() => textOf(page, '.graphiql-query-editor')).toContain('{ currentBalance');
    const { body } = await execute(page, 'currentBalance');
    expect(body).toMatchObject({ data: { account: { currentBalance: expect.any(String) } } });
    expect(faults).toEqual([]);
  }, 120_000);

  it('explains the schema as a whole, and finds a type by a part of its name', async () => {
    const { url, page, faults } = await startPage();
    await openGraphiQL(page, url);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await expect.poll(() => docs.innerText(), patience).toContain('One graph over two systems');
    expect(await docs.innerText()).toMatch(/idempotencyKey[\s\S]*query: Query[\s\S]*mutation: Mutation/);
    await docs.getByRole('combobox').fill('ContactSumm');
    const option = page.getByRole('option', { name: 'ContactSummary', exact: true }).first();
    await option.click();
    await expect.poll(() => docs.innerText()).toContain('callFrequency');
    expect(faults).toEqual([]);
  }, 120_000);

  it('marks a field that does not exist, and shows the error of the gateway', async () => {
    const { url, page } = await startPage();
    await openGraphiQL(page, url);
    await writeQuery(page, '{ account(fileNumber: "R1001") { statsu } }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    const { body } = await execute(page, 'statsu');
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
  }, 120_000);

  it('shows path and code of a field whose upstream fails, next to the data of the other', async () => {
    const { url, page } = await startPage({
      SCOLLECT_URL: 'http://127.0.0.1:9',
      SCOLLECT_API_KEY: 'key',
      SCOLLECT_PIN: 'pin',
      AUTH_DISABLED: 'true',
    });
    await openGraphiQL(page, url);
    const { status, body } = await execute(page, /"path"[\s\S]*"code"/);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { account: null, order: null },
      errors: expect.arrayContaining([
        expect.objectContaining({
          path: ['account'],
          extensions: expect.objectContaining({ upstream: 'SCOLLECT' }),
        }),
      ]),
    });
  }, 120_000);

  it('shows the events of a subscription as they come, until it is stopped', async () => {
    const { url, page, faults } = await startPage();
    await openGraphiQL(page, url);
    await writeQuery(
      page,
      'subscription Updates { accountUpdates(fileNumber: "R1001") { changed account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } } }',
    );
    const subscribed = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.locator('.graphiql-execute-button').click();
    expect((await subscribed).status()).toBe(200);
    for (const body of ['first note', 'second note']) {
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          query: `mutation { addNote(input: { fileNumber: "R1001", body: "${body}", collectorName: "A" }) { __typename } }`,
        }),
      });
      await expect.poll(() => textOf(page, '.result-window'), patience).toContain(body);
    }
    await page.locator('.graphiql-execute-button').click();
    const metricsUrl = new URL('/metrics', url);
    await expect
      .poll(async () => (await fetch(metricsUrl)).text(), patience)
      .toMatch(/^recollect_subscriptions 0$/m);
    expect(faults).toEqual([]);
  }, 120_000);

  it('shows the typed error of a mutation with wrong input', async () => {
    const { url, page } = await startPage();
    await openGraphiQL(page, url);
    await openTab(page, 'AddNote');
    const input = { fileNumber: 'R1000', collectorName: '', body: 'x' };
    await typeInto(page, '.graphiql-editor-tool', JSON.stringify({ input }));
    const { body } = await execute(page, 'InvalidInputError');
    expect(body).toMatchObject({ data: { addNote: { fields: [{ path: 'collectorName' }] } } });
  }, 120_000);

  const backgroundOf = (page: Page) =>
    page
      .locator('.graphiql-container')
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);

  it.each(['light', 'dark'] as const)(
    'is %s if the system is, and otherwise on request',
    async (scheme) => {
      const { url, page } = await startPage({}, { colorScheme: scheme });
      await openGraphiQL(page, url);
      const [light, dark] = ['rgb(255, 255, 255)', 'rgb(33, 42, 59)'];
      expect(await backgroundOf(page)).toBe(scheme === 'light' ? light : dark);
      const other = scheme === 'light' ? 'Dark' : 'Light';
      await page.getByLabel('Open settings dialog').click();
      await page.getByRole('button', { name: other, exact: true }).click();
      await page.keyboard.press('Escape');
      await expect.poll(() => backgroundOf(page)).toBe(scheme === 'light' ? dark : light);
    },
    120_000,
  );

  it('is transferred compressed, and not again while it is the same, whatever was executed', async () => {
    const { url, page } = await startPage();
    const statuses: number[] = [];
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    // To scripts and to `waitForResponse`, a 304 is the stored 200.
    session.on('Network.responseReceivedExtraInfo', ({ statusCode, headers }) => {
      if (headers['etag']) statuses.push(statusCode);
    });
    const loaded = page.waitForResponse(url);
    await openGraphiQL(page, url);
    const response = await loaded;
    expect(response.headers()['content-encoding']).toMatch(/^(?:br|gzip)$/);
    expect((await response.request().sizes()).responseBodySize).toBeLessThan(2_500_000);
    await openTab(page, 'AddNote');
    await execute(page, 'AddNoteSuccess');
    await openGraphiQL(page, url);
    await expect.poll(() => statuses).toEqual([200, 304]);
  }, 120_000);

  describe('with tokens', () => {
    const env = { AUTH_JWT_SECRET: jwtSecret };

    it('asks for a token, and loads the schema as soon as a valid one is typed', async () => {
      const { url, page, beyond } = await startPage(env);
      const sent: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') sent.push(request.headers()['authorization'] ?? 'none');
      });
      await openGraphiQL(page, url, 'This gateway requires a token.');
      await expect.poll(() => notice(page).innerText()).toContain('requires a token, also for the schema');
      expect(await textOf(page, '.graphiql-editor-tool')).toContain('{  "Authorization": "Bearer "}');
      expect(sent).toEqual([]);

      const { status, body } = await execute(page, 'UNAUTHENTICATED');
      expect(status).toBe(401);
      expect(body).toMatchObject({ errors: [{ message: 'Authorization: expected Bearer and a token.' }] });
      expect(sent).toEqual(['none']);

      const type = (token: string) =>
        typeInto(page, '.graphiql-editor-tool', JSON.stringify({ Authorization: `Bearer ${token}` }));
      await type('not-a-token');
      await expect.poll(() => notice(page).innerText(), patience).toContain('three parts');
      await type(tokenFor({ sub: 'developer', scope: 'accounts:read' }, `${jwtSecret}-other`));
      await expect.poll(() => notice(page).innerText(), patience).toMatch(/rejected the token.*verify/);

      await type(tokenFor({ sub: 'developer', scope: 'accounts:read payments:read orders:read' }));
      await expect.poll(() => notice(page).isVisible(), patience).toBe(false);
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      const docs = page.locator('.graphiql-doc-explorer');
      await expect.poll(() => docs.innerText(), patience).toContain('query: Query');
      expect((await execute(page, 'MALIA GUEST')).body['errors']).toBeUndefined();

      // The other tabs use it too, and say so by nothing but their data.
      await openTab(page, 'Search');
      expect(await textOf(page, '.graphiql-editor-tool')).toContain('"Bearer "');
      expect((await execute(page, 'R1005')).body['errors']).toBeUndefined();
      expect(beyond).toEqual([]);
      // Nor does the page store it.
      expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain(
        'Bearer',
      );
    }, 120_000);

    it('says nothing of tokens if callers are not authenticated', async () => {
      const { url, page } = await startPage({ AUTH_DISABLED: 'true' });
      await openGraphiQL(page, url);
      expect(await page.content()).not.toMatch(/This gateway requires a token\. Paste/);
      await page.getByRole('button', { name: 'Headers', exact: true }).click();
      expect((await textOf(page, '.graphiql-editor-tool')).trim()).not.toContain('Authorization');
    }, 120_000);
  });

  /** Faults inside GraphiQL and its editor, which a page that embeds them cannot repair. */
  const theirs: Readonly<Record<string, RegExp>> = {
    // The numbers of lines in Monaco's dark theme.
    'color-contrast': /\.line-numbers$/,
    // A tab that can be dragged contains the buttons to open and close it.
    'nested-interactive': /graphiql-tab|li:nth-child/,
  };

  it.skipIf(!isChecked).each(['light', 'dark'] as const)(
    'has no fault of accessibility of its own: %s',
    async (colorScheme) => {
      const { url, page } = await startPage({ AUTH_JWT_SECRET: jwtSecret }, { colorScheme });
      await openGraphiQL(page, url, 'This gateway requires a token.');
      await notice(page).waitFor();
      // Monaco colors the text after it is shown, comments among it.
      await page.locator('.view-line .mtk8').first().waitFor();
      const found = await violationsIn(page);
      expect(found.filter(({ rule, element }) => !theirs[rule]?.test(element))).toEqual([]);
    },
    120_000,
  );
});

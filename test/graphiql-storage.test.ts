import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasBrowser, startBrowserIn } from './support/browser.ts';
import { openGraphiQL, textOf, typeInto as type } from './support/graphiql.ts';
import { run } from './support/process.ts';
import { tabNames } from './support/ready-tabs.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const typed = {
  ssn: '912-22-1084',
  ssnInQuery: '902-12-1014',
  ssnInExplorer: '731-64-9052',
  nameInExplorer: 'Typed4485275742308327',
  cardNumber: '4539578763621486',
  securityCode: '80973',
  token: 'token-typed-as-a-header-5b1d09',
  variableInNewTab: '6011000990139424',
} as const;

const query = `query Typed($ssn: SSN!) {
  account(fileNumber: "R1001") { fileNumber status }
  variable: accountsBySsn(ssn: $ssn) { fileNumber }
  literal: accountsBySsn(ssn: "${typed.ssnInQuery}") { fileNumber }
}`;

const startPage = async (folder: string) => {
  const url = await run('main.js', { PORT: '0' }).line(/^Recollect is ready at (\S+)$/m);
  const context = await startBrowserIn(folder);
  return { url, context, page: await context.newPage() };
};

/** What another page of the same origin, without GraphiQL's scripts, finds in the browser's stores. */
const storedFor = async (context: BrowserContext, url: string) => {
  const page = await context.newPage();
  await page.goto(new URL('/health', url).href);
  const stored = await page.evaluate(async () => ({
    local: Object.fromEntries(Object.entries(localStorage)),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    cookies: document.cookie,
  }));
  await page.close();
  return { ...stored, allCookies: await context.cookies() };
};

const nothingStored = { databases: [], caches: [], cookies: '', allCookies: [] };

/** The files below a folder that contain a text, in an encoding that browsers write. */
const filesWith = (folder: string, text: string): string[] => {
  const wanted = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return wanted.some((one) => bytes.includes(one));
    });
};

describe.skipIf(!hasBrowser('what GraphiQL leaves in a browser'))('GraphiQL in a browser', () => {
  it('stores nothing that is typed: not while it runs, not after a reload, not on the disk', async () => {
    const folder = temporaryFolder();
    const { url, context, page } = await startPage(folder);
    await openGraphiQL(page, url);

    const { ssn, cardNumber, securityCode, token } = typed;
    await type(page, '.graphiql-query-editor', query);
    await type(page, '.graphiql-editor-tool', JSON.stringify({ ssn, cardNumber, securityCode }));
    await page.getByRole('button', { name: 'Headers', exact: true }).click();
    await type(page, '.graphiql-editor-tool', JSON.stringify({ authorization: `Bearer ${token}` }));
    const execute = async () => {
      await page.locator('.graphiql-execute-button').click();
      await page.waitForTimeout(1000);
      return textOf(page, '.result-window');
    };
    await expect.poll(execute, { interval: 100, timeout: 30_000 }).toContain('R3013');
    await page.getByLabel('New tab').click();
    await page.getByRole('button', { name: 'Variables', exact: true }).click();
    await type(page, '.graphiql-editor-tool', `{"number":"${typed.variableInNewTab}"}`);
    // GraphiQL writes after a moment.
    await page.waitForTimeout(1500);

    expect(await storedFor(context, url)).toEqual({ local: {}, ...nothingStored });
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
    expect(page.url()).toBe(url);

    await page.reload();
    await expect.poll(() => textOf(page, '.graphiql-query-editor')).toContain('BothSystems');
    expect(await page.locator('.graphiql-tab').count()).toBe(tabNames.length);
    expect(await storedFor(context, url)).toEqual({ local: {}, ...nothingStored });

    await page.getByLabel('Show GraphiQL Explorer').click();
    await page.locator('input[value="R1001"]').fill(typed.ssnInExplorer);
    const nameInput = page.getByPlaceholder('Query Name');
    await nameInput.fill(typed.nameInExplorer);
    // Browsers store inputs without this mark with their session.
    expect(await nameInput.getAttribute('autocomplete')).toBe('off');
    await page.waitForTimeout(1500);
    expect(await storedFor(context, url)).toEqual({ local: {}, ...nothingStored });
    await page.goto(new URL('/health', url).href);
    await context.close();
    expect(filesWith(folder, new URL(url).host)).not.toEqual([]);
    for (const [name, text] of Object.entries(typed)) {
      expect([name, filesWith(folder, text)]).toEqual([name, []]);
    }
  }, 120_000);

  it('stores the theme and the sizes of its panes, and removes what earlier versions stored', async () => {
    const { url, context, page } = await startPage(temporaryFolder());
    const preferences = {
      'graphiql:theme': 'dark',
      'graphiql:docExplorerFlex': '0.4256',
      'graphiql:editorFlex': '1.5',
      'graphiql:secondaryEditorFlex': 'hide-second',
    };
    const earlier = {
      'graphiql:tabState': `{"tabs":[{"variables":"${typed.cardNumber}"}]}`,
      'graphiql:query': query,
      'graphiql:variables': typed.cardNumber,
      'graphiql:headers': typed.token,
      'graphiql:queries': `{"queries":[{"variables":"${typed.ssn}"}]}`,
      'graphiql:favorites': `{"favorites":[{"variables":"${typed.ssn}"}]}`,
      'graphiql:shouldPersistHeaders': 'true',
      'graphiql:operationName': 'Typed',
    };
    const others = { 'another:page': 'is not our concern' };
    await page.goto(new URL('/health', url).href);
    await page.evaluate(
      (entries) => {
        for (const [key, value] of Object.entries(entries)) localStorage.setItem(key, value);
      },
      { ...preferences, ...earlier, ...others },
    );
    await openGraphiQL(page, url);
    expect((await storedFor(context, url)).local).toEqual({ ...preferences, ...others });
    expect(await page.locator('body').getAttribute('class')).toContain('graphiql-dark');

    await page.getByLabel('Open settings dialog').click();
    await page.getByRole('button', { name: 'Light', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.locator('.graphiql-tab').first().waitFor();
    expect(await page.locator('body').getAttribute('class')).toContain('graphiql-light');
  }, 60_000);

  it('stores no other value under a key, in either storage', async () => {
    const { url, page } = await startPage(temporaryFolder());
    await openGraphiQL(page, url);
    const entries = [
      ['graphiql:theme', typed.cardNumber],
      ['graphiql:theme', `dark ${typed.ssn}`],
      ['graphiql:editorFlex', typed.cardNumber],
      ['graphiql:editorFlex', typed.ssn],
      ['graphiql:tabState', '{}'],
      ['graphiql:history', 'x'],
      ['theme', 'dark'],
    ];
    const stored = await page.evaluate((wanted) => {
      for (const [key = '', value = ''] of wanted) {
        localStorage.setItem(key, value);
        sessionStorage.setItem(key, value);
      }
      return [Object.keys(localStorage), Object.keys(sessionStorage)];
    }, entries);
    expect(stored).toEqual([[], []]);
  });
});

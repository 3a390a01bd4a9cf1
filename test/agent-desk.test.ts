import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeAppearance } from './agent-desk/appearance.ts';
import { describeJourneys } from './agent-desk/journeys.ts';
import { describeSessions } from './agent-desk/sessions.ts';
import { describeSlowSystems } from './agent-desk/slow-systems.ts';
import { useBrowser } from './support/browser.ts';
import { canRunDesk, deskFolder, startDesk, useDesk } from './support/desk/desk.ts';
import { heading, manifest, openPage, panel, poll, searchField, text } from './support/desk/page.ts';
import { root } from './support/root.ts';
import { areSandboxPortsTaken } from './support/sandbox-ports.ts';

const isThere = canRunDesk('the example application in a browser');

/** One browser for all tests; without the example, all of them are skipped. */
const browser = isThere
  ? useBrowser()
  : () => {
      throw new Error('There is no browser.');
    };

const open = async (page: Page, typed: string): Promise<void> => {
  await searchField(page).fill(typed);
  await page.keyboard.press('Enter');
};

describe.skipIf(!isThere)('the example application', () => {
  const desk = useDesk();
  beforeEach(() => desk().sandbox.faults.clear());

  const openDesk = (path = '/') => openPage(browser(), desk().url, path);

  it('its types are correct', () => {
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', deskFolder], { stdio: 'inherit' });
  }, 60_000);

  describe('server', () => {
    it('forbids inline code, other hosts and frames', async () => {
      const page = await fetch(desk().url);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    });

    it('does not serve the page in place of a missing file', async () => {
      expect((await fetch(`${desk().url}/assets/old.js`)).status).toBe(404);
      expect((await fetch(`${desk().url}/accounts/R3012`)).status).toBe(200);
      expect((await fetch(`${desk().url}/..%2fpackage.json`)).headers.get('content-type')).toMatch(
        'text/html',
      );
    });

    it('passes on documents and pages of the example only, and only by POST', async () => {
      const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
        fetch(`${desk().url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        });
      expect(await (await post({ query: '{ portfolios { name } }' })).text()).toContain('PERSISTED_DOCUMENT');
      const [documentId] = Object.entries(manifest()).find(([, text]) => text.includes('AccountNotes')) ?? [];
      const notes = { documentId, variables: { fileNumber: 'R3012' } };
      expect(await (await post(notes)).text()).toContain('Changed Custom Field');
      // The gateway sees who sent it: a page of another site is rejected.
      expect((await post(notes, { origin: 'https://other.example' })).status).toBe(403);
      expect((await fetch(`${desk().url}/graphql?documentId=x`)).status).toBe(405);
    });
  });

  describe('search', () => {
    it('opens an account by its file number, with data of both systems', async () => {
      const { page, faults, addresses } = await openDesk();
      await open(page, 'r3012');
      await heading(page, 'BRENDA WALSH').waitFor();
      expect(new URL(page.url()).pathname).toBe('/accounts/R3012');
      await poll(panel(page, 'Balances')).toContain('$6,813.07');
      await poll(panel(page, 'Phones')).toMatch(/\(210\) 555-0101[\s\S]*Disconnected/);
      await poll(panel(page, 'Notes')).toContain('Changed Custom Field');
      await poll(panel(page, 'Attempts')).toContain('LEFT MESSAGE MACHINE');
      await poll(panel(page, 'Payments')).toMatch(/CREDIT CARD ••4450[\s\S]*\$32\.00/);
      await poll(panel(page, 'People')).toMatch(/BEATRIZ WALSH co-debtor/);
      await poll(panel(page, 'Orders and collateral')).toMatch(/2013 Honda CR-V[\s\S]*SUJEJDNL98V100022/);
      await poll(panel(page, 'Before a call')).toMatch(
        /0 of 7[\s\S]*Reasons[\s\S]*0 outbound calls recorded/,
      );
      // A phone of an order that must not be used is marked among the phones.
      expect(await text(panel(page, 'Phones'))).toMatch(/\(312\) 555-0111[\s\S]*Do not contact/);
      expect(addresses.filter((address) => !address.startsWith(desk().url))).toEqual([]);
      expect(faults).toEqual([]);
    });

    it.each([
      ['a phone', '(716) 628-9899', '716', 'ANTHONY POPE'],
      ['an SSN', '111-22-3333', '111', 'CLAUDIA LAST NAME'],
    ])('finds an account by %s, which no address, history or storage gets', async (_, typed, start, name) => {
      const { page, addresses } = await openDesk();
      await open(page, typed);
      await heading(page, name).waitFor();
      expect(await searchField(page).inputValue()).toBe('');
      await page.goBack();
      await page.goForward();
      const kept = await page.evaluate(
        'JSON.stringify([location.href, history.state, document.title, {...localStorage}, {...sessionStorage}, performance.getEntries().map((entry) => entry.name)])',
      );
      const digits = typed.replaceAll(/\D/g, '');
      for (const place of [String(kept), ...addresses.map((address) => decodeURIComponent(address))]) {
        expect(place).not.toContain(typed);
        expect(place.replaceAll(/[^\d/]/g, '')).not.toContain(digits);
        expect(place).not.toContain(`/accounts/${start}`);
      }
    });

    it('lists several accounts of one phone, and opens one of them by keyboard', async () => {
      const { page } = await openDesk();
      await open(page, '222-222-2222');
      await page.getByRole('heading', { name: 'Accounts with the phone (222) 222-2222' }).waitFor();
      const hits = page.locator('main').getByRole('button');
      await expect.poll(() => hits.count()).toBeGreaterThan(1);
      await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('hit');
      expect(new URL(page.url()).pathname).toBe('/');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/accounts\//);
    });

    it('removes a number of a person from an address', async () => {
      const { page } = await openDesk('/accounts/111-22-3333');
      await page.getByRole('heading', { name: 'Find an account or an order' }).waitFor();
      expect(page.url()).toBe(`${desk().url}/`);
    });

    it('reports that there is no account', async () => {
      const { page } = await openDesk('/accounts/R9999999');
      await page.getByRole('heading', { name: 'There is no account R9999999' }).waitFor();
    });
  });

  describe('missing data', () => {
    it('masked values name the missing scope', async () => {
      const { page } = await openDesk('/accounts/R3012');
      await poll(panel(page, 'People')).toMatch(/SSN\s+•••-••-1077[\s\S]*masked: needs pii:read/);
      expect(await page.content()).not.toMatch(/9\d\d-\d\d-1077/);
    });

    it('one system is down: its panel shows the error, the others their data, until it is back', async () => {
      const { page } = await openDesk();
      desk().sandbox.faults.set([{ operation: 'filterOrders', fault: 'not-found-page' }]);
      await open(page, 'R3012');
      const orders = panel(page, 'Orders and collateral');
      await orders.getByRole('alert').waitFor();
      expect(await text(orders)).toContain('RecoveryConnect');
      await poll(panel(page, 'Balances')).toContain('$6,813.07');
      await poll(panel(page, 'Phones')).toContain('(210) 555-0100');
      desk().sandbox.faults.clear();
      await page.keyboard.press('r');
      await poll(orders).toContain('2013 Honda CR-V');
      expect(await orders.getByRole('alert').count()).toBe(0);
    });

    it('one read fails: the panel shows the error next to the data that is there', async () => {
      desk().sandbox.faults.set([{ operation: 'listOrderCollaterals', fault: 'wrong-types' }]);
      const { page } = await openDesk('/accounts/R3012');
      const orders = panel(page, 'Orders and collateral');
      await poll(orders).toMatch(/RecoveryConnect is not available for this[\s\S]*Condition Report 56100012/);
      await poll(panel(page, 'Notes')).toContain('Changed Custom Field');
    });
  });

  describe('keyboard', () => {
    it('leads from the search to a note and a payment without a mouse', async () => {
      const { page } = await openDesk();
      const placeholder = () => page.evaluate('document.activeElement.placeholder');
      await expect.poll(placeholder).toBe('File number, phone, SSN or #order');
      await page.keyboard.type('R3014');
      await page.keyboard.press('Enter');
      await heading(page, 'DANIEL VAUGHN').waitFor();
      const focused = () =>
        page.evaluate<string>('document.activeElement.id || document.activeElement.tagName');
      await expect.poll(focused).toBe('H1');
      await page.keyboard.press('n');
      await page.keyboard.type('Keyboard only.');
      await page.keyboard.press('Control+Enter');
      await poll(panel(page, 'Notes').locator('li').first()).toContain('Keyboard only.');

      // In a field, keys are text.
      await page.keyboard.type('7y');
      expect(await page.getByLabel('New note').inputValue()).toBe('7y');
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');

      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('7');
      await expect.poll(focused).toBe('payments');
      await page.keyboard.press('y');
      await page.keyboard.type('12.50');
      await page.keyboard.press('Enter');
      await poll(page.getByRole('dialog')).toContain('Approved');
      await page.keyboard.press('Escape');
      await expect.poll(focused).toBe('payments');

      await page.keyboard.press('a');
      await page.getByRole('form', { name: 'Record an attempt' }).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(focused).toBe('attempts');
      await page.keyboard.press('/');
      await expect.poll(placeholder).toBe('File number, phone, SSN or #order');
    });

    it('reaches every control with Tab, the skip link first', async () => {
      const { page } = await openDesk('/accounts/R3012');
      await panel(page, 'Orders and collateral').locator('article').waitFor();
      await page.waitForLoadState('networkidle');
      const count = Number(
        await page.evaluate(
          "document.querySelectorAll('a[href], button:not(:disabled), input, select, textarea').length",
        ),
      );
      const reached = new Set<string>();
      for (let step = 0; step < count + 3; step += 1) {
        await page.keyboard.press('Tab');
        const name = await page.evaluate<string>(
          "[...document.querySelectorAll('a[href], button:not(:disabled), input, select, textarea')].indexOf(document.activeElement).toString()",
        );
        if (step === 0) expect(await page.evaluate('document.activeElement.className')).toBe('skip-link');
        if (name !== '-1') reached.add(name);
      }
      expect(reached.size).toBe(count);
    });

    it('single keys can be turned off', async () => {
      const { page } = await openDesk('/accounts/R3012');
      await heading(page, 'BRENDA WALSH').waitFor();
      await page.keyboard.press('?');
      await page.getByLabel('Single keys work outside of fields').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('y');
      expect(await page.getByRole('dialog').count()).toBe(0);
    });
  });

  describeJourneys(desk, browser);
  describeSessions(desk, browser);
  describeSlowSystems(desk, browser);
  describeAppearance(desk, browser);
});

const areTaken = isThere && (await areSandboxPortsTaken('npm run example'));

describe.skipIf(!isThere || areTaken)('npm run example', () => {
  it('starts a sandbox of its own, prints the commands of its faults, and stops everything', async () => {
    const { url, printed, stop } = await startDesk();
    expect((await fetch(url)).status).toBe(200);
    const [, control = '', switches] = /curl -X PUT (\S+) -d '(.*)'/.exec(printed()) ?? [];
    expect((await fetch(control, { method: 'PUT', body: switches ?? '' })).status).toBe(200);
    expect(await stop()).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
    await expect(fetch(control)).rejects.toThrow();
  });
});

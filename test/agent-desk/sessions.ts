import type { Browser, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { agentScopes, type RunningDesk } from '../support/desk/desk.ts';
import {
  chargeButtons,
  heading,
  keysOf,
  openPage,
  panel,
  poll,
  searchField,
  text,
} from '../support/desk/page.ts';

const notice = (page: Page) => page.getByRole('alert').filter({ hasText: 'Your session has ended' });

/** Signs in as the notice proposes: in a new tab, which the agent closes. */
const signInAgain = async (page: Page): Promise<void> => {
  const opened = page.context().waitForEvent('page');
  await notice(page).getByRole('link', { name: 'Sign in, in a new tab' }).click();
  const tab = await opened;
  await heading(tab, 'Find an account or an order').waitFor();
  await tab.close();
};

/** Registers the tests of an agent whose session ends, or who has no scopes. */
export const describeSessions = (desk: () => RunningDesk, browser: () => Browser): void => {
  describe('a session that has ended', () => {
    beforeEach(() => desk().sandbox.faults.clear());

    it('is stated once, not by each panel; after signing in, all panels continue', async () => {
      const agent = await desk().serve();
      agent.endSession();
      const { page, faults } = await openPage(browser(), agent.url, '/accounts/R3012');
      await notice(page).waitFor();
      await poll(panel(page, 'Payments')).toContain('Not read, since your session has ended');
      await poll(panel(page, 'Orders and collateral')).toContain('Not read, since your session has ended');
      expect(await page.getByRole('alert').count()).toBe(1);
      expect(await page.locator('main').innerText()).not.toMatch(/token|cannot be read|could not be read/i);

      // Nothing is gained by continuing without having signed in.
      await page.getByRole('button', { name: 'I have signed in: continue' }).click();
      await notice(page).waitFor();

      agent.allowSignIn();
      await signInAgain(page);
      await page.getByRole('button', { name: 'I have signed in: continue' }).click();
      await poll(panel(page, 'Balances')).toContain('$6,813.07');
      await poll(panel(page, 'Orders and collateral')).toContain('2013 Honda CR-V');
      expect(await page.getByRole('alert').count()).toBe(0);
      await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1');
      expect(faults.filter((fault) => !fault.includes('401'))).toEqual([]);
    });

    it('leaves what is shown and typed as it is; the same button sends it later', async () => {
      const agent = await desk().serve();
      const { page, sent } = await openPage(browser(), agent.url, '/accounts/R3023');
      await panel(page, 'Notes').locator('li').first().waitFor();
      await page.getByRole('button', { name: 'Phone', exact: true }).click();
      const phone = page.getByRole('form', { name: 'Add a phone' }).getByLabel('Number');
      await phone.fill('210-555-0188');
      await page.getByLabel('New note').fill('Typed before the end.');
      await page.waitForLoadState('networkidle');
      const balances = await text(panel(page, 'Balances'));

      agent.endSession();
      await page.getByRole('button', { name: 'Add note' }).click();
      await notice(page).waitFor();
      await poll(page.getByRole('form', { name: 'Add a note' })).toContain(
        'Not executed: it is safe to try again',
      );
      // Panels that read again keep their data.
      await page.getByRole('heading', { name: 'Balances' }).click();
      await page.keyboard.press('r');
      await page.waitForLoadState('networkidle');
      expect(await text(panel(page, 'Balances'))).toBe(balances);
      expect(await page.getByLabel('New note').inputValue()).toBe('Typed before the end.');

      agent.allowSignIn();
      await signInAgain(page);
      await page.getByRole('button', { name: 'Add note' }).click();
      await poll(panel(page, 'Notes').locator('li').first()).toContain('Typed before the end.');
      await notice(page).waitFor({ state: 'detached' });
      expect(await phone.inputValue()).toBe('210-555-0188');
      expect(sent.filter(({ operation }) => operation === 'AddNote')).toHaveLength(2);
      expect((await text(panel(page, 'Notes'))).match(/Typed before the end/g)).toHaveLength(1);
    });

    it('before a payment: it is not executed, and keeps its key and what was entered', async () => {
      const agent = await desk().serve();
      const { page, sent } = await openPage(browser(), agent.url, '/accounts/R3024');
      await page.getByRole('button', { name: 'Payment', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Amount in US dollars').fill('14.00');
      agent.endSession();
      await dialog.getByRole('button', { name: /^Charge/ }).click();
      await poll(dialog).toMatch(/Your session has ended[\s\S]*Not executed: it is safe to try again/);
      // The dialog hides the page, and what that says of the session.
      expect(await notice(page).count()).toBe(1);
      expect(await dialog.getByLabel('Amount in US dollars').inputValue()).toBe('14.00');

      agent.allowSignIn();
      await signInAgain(page);
      await dialog.getByRole('button', { name: 'I have signed in: continue' }).click();
      await dialog.getByRole('button', { name: /^Charge/ }).click();
      await poll(dialog).toContain('Approved');
      expect(keysOf(sent)).toHaveLength(2);
      expect(new Set(keysOf(sent)).size).toBe(1);
      await dialog.getByRole('button', { name: 'Done' }).click();
      expect((await text(panel(page, 'Payments'))).match(/\$14\.00/g)).toHaveLength(1);
    });

    it('does not make an unknown outcome a known one', async () => {
      const agent = await desk().serve();
      const { page, sent } = await openPage(browser(), agent.url, '/accounts/R3025');
      desk().sandbox.faults.set([{ operation: 'run_payment_external', fault: 'lose-answer', times: 1 }]);
      await page.getByRole('button', { name: 'Payment', exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Amount in US dollars').fill('15.00');
      await dialog.getByRole('button', { name: /^Charge/ }).click();
      await poll(dialog).toContain('Outcome unknown: $15.00');

      agent.endSession();
      await dialog.getByRole('button', { name: 'Check again' }).click();
      await expect.poll(() => keysOf(sent).length).toBe(2);
      await poll(dialog).toMatch(/Your session has ended[\s\S]*Outcome unknown: \$15\.00/);
      expect(await text(dialog)).not.toContain('Not executed');
      expect(await chargeButtons(page).count()).toBe(0);
    });

    it('repeats a search that it prevented', async () => {
      const agent = await desk().serve();
      const { page } = await openPage(browser(), agent.url);
      agent.endSession();
      await searchField(page).fill('222-222-2222');
      await page.keyboard.press('Enter');
      await notice(page).waitFor();
      expect(await page.getByRole('alert').count()).toBe(1);
      agent.allowSignIn();
      await signInAgain(page);
      await page.getByRole('button', { name: 'I have signed in: continue' }).click();
      await expect.poll(() => page.locator('.hit').count()).toBeGreaterThan(1);
    });
  });

  describe('a token without scopes', () => {
    it('names the missing scope once per page', async () => {
      const agent = await desk().serve('portfolios:read');
      const { page } = await openPage(browser(), agent.url, '/accounts/R3012');
      await heading(page, 'You may not see accounts').waitFor();
      await poll(page.locator('main')).toContain('Needs the scope accounts:read');
      expect(await page.getByRole('alert').count()).toBe(1);
      expect(await chargeButtons(page).count()).toBe(0);

      await searchField(page).fill('#57062885');
      await page.keyboard.press('Enter');
      await heading(page, 'You may not see orders').waitFor();
      await poll(page.locator('main')).toContain('Needs the scope orders:read');
      expect(await page.getByRole('alert').count()).toBe(1);

      await searchField(page).fill('716-628-9899');
      await page.keyboard.press('Enter');
      await poll(page.locator('main')).toContain('Needs the scope accounts:read');
      expect(await page.getByRole('alert').count()).toBe(1);
    });

    it('of payments: offers no payment, and shows personal data with pii:read', async () => {
      const scopes = agentScopes.split(' ').filter((scope) => !scope.startsWith('payments:'));
      const agent = await desk().serve([...scopes, 'pii:read'].join(' '));
      const { page } = await openPage(browser(), agent.url, '/accounts/R3012');
      await poll(panel(page, 'Payments')).toContain('Needs the scope payments:read');
      await page.waitForLoadState('networkidle');
      expect(await panel(page, 'Payments').getByRole('alert').count()).toBe(1);
      await poll(panel(page, 'People')).toMatch(/SSN\s+9\d\d-\d\d-1077/);
      expect(await text(panel(page, 'People'))).not.toContain('masked');
      expect(await chargeButtons(page).count()).toBe(0);
    });
  });
};

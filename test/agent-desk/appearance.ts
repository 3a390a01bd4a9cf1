import type { Browser, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import type { RunningDesk } from '../support/desk/desk.ts';
import { expectGoodLooks, violations } from '../support/desk/look.ts';
import { heading, openPage, panel, poll, searchField } from '../support/desk/page.ts';

type Agent = Awaited<ReturnType<RunningDesk['serve']>>;

interface State {
  /** The page and its state, as in the name of the screenshot. */
  readonly name: string;
  readonly path?: string;
  readonly scopes?: string;
  readonly faults?: readonly FaultSwitch[];
  /** Leads to the state, and waits for it. */
  readonly reach: (page: Page, agent: Agent) => Promise<unknown>;
}

const search = async (page: Page, typed: string): Promise<void> => {
  await searchField(page).fill(typed);
  await page.keyboard.press('Enter');
};

/** Everything of an account is there. */
const isRead = async (page: Page): Promise<void> => {
  await page.locator('.panel[aria-busy=false]').nth(7).waitFor();
  await page.waitForLoadState('networkidle');
};

/** From now on, requests with a text never get a response: the state lasts as long as it is looked at. */
const leaveUnanswered = async (page: Page, content: string): Promise<void> => {
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes(content)) await route.continue();
  });
};

const pay = async (page: Page, amount: string): Promise<void> => {
  await page.getByRole('button', { name: 'Payment', exact: true }).click();
  await page.getByLabel('Amount in US dollars').fill(amount);
  await page.getByRole('button', { name: /^Charge/ }).click();
};

const charge = 'run_payment_external';
const dialog = (page: Page) => page.getByRole('dialog');

const states: readonly State[] = [
  { name: 'search', reach: (page) => heading(page, 'Find an account or an order').waitFor() },
  {
    name: 'search-results',
    reach: async (page) => {
      await search(page, '222-222-2222');
      await page.locator('.hit').nth(1).waitFor();
    },
  },
  {
    name: 'search-none',
    reach: async (page) => {
      await search(page, '212-555-0000');
      await page.getByText('No account has this number').waitFor();
    },
  },
  {
    name: 'search-failed',
    faults: [{ operation: 'searchbyphone', fault: 'server-error' }],
    reach: async (page) => {
      await search(page, '222-222-2222');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'account', path: '/accounts/R3012', reach: isRead },
  { name: 'account-with-warnings', path: '/accounts/R1001', reach: isRead },
  {
    name: 'account-missing',
    path: '/accounts/123456',
    reach: (page) => heading(page, /no account/).waitFor(),
  },
  {
    name: 'account-forms',
    path: '/accounts/R3012',
    reach: async (page) => {
      await isRead(page);
      await page.getByRole('button', { name: 'Phone', exact: true }).click();
      await page.getByRole('form', { name: 'Add a phone' }).getByLabel('Number').fill('12');
      await page.keyboard.press('Enter');
      await page.locator('.fault').waitFor();
      await page.getByLabel('New note').fill('Will call on Monday.');
    },
  },
  {
    name: 'account-attempt',
    path: '/accounts/R3012',
    reach: async (page) => {
      await isRead(page);
      await page.getByRole('button', { name: 'Attempt', exact: true }).click();
      await page.getByRole('form', { name: 'Record an attempt' }).waitFor();
    },
  },
  {
    name: 'account-waiting',
    path: '/accounts/R3027',
    reach: async (page) => {
      await leaveUnanswered(page, 'documentId');
      await page.reload();
      await page
        .getByText(/Waiting for Scollect/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'account-orders-down',
    path: '/accounts/R3012',
    faults: [{ operation: 'filterOrders', fault: 'not-found-page' }],
    reach: async (page) => {
      await isRead(page);
      await panel(page, 'Orders and collateral').getByRole('alert').waitFor();
    },
  },
  {
    name: 'account-parts-down',
    path: '/accounts/R3012',
    faults: [
      { operation: 'getnotes', fault: 'wrong-types' },
      { operation: 'listOrderCollaterals', fault: 'wrong-types' },
      { operation: 'getpayments', fault: 'server-error' },
    ],
    reach: async (page) => {
      await isRead(page);
      await panel(page, 'Notes').getByRole('alert').waitFor();
    },
  },
  {
    name: 'account-without-payments-scope',
    path: '/accounts/R3012',
    scopes: 'accounts:read orders:read pii:read',
    reach: isRead,
  },
  {
    name: 'account-forbidden',
    path: '/accounts/R3012',
    scopes: 'portfolios:read',
    reach: (page) => heading(page, 'You may not see accounts').waitFor(),
  },
  { name: 'order', path: '/orders/57062885', reach: (page) => page.locator('.hit').first().waitFor() },
  {
    name: 'order-missing',
    path: '/orders/999999999999',
    reach: (page) => heading(page, /no order/).waitFor(),
  },
  {
    name: 'order-accounts-down',
    path: '/orders/56100012',
    faults: [{ operation: '*', system: 'SCOLLECT', fault: 'unavailable' }],
    reach: async (page) => {
      await panel(page, 'Order and collateral').locator('article').waitFor();
      await panel(page, 'Accounts').getByRole('alert').waitFor();
    },
  },
  {
    name: 'session-ended',
    path: '/accounts/R3012',
    reach: async (page, agent) => {
      await isRead(page);
      agent.endSession();
      await page.getByLabel('New note').fill('Typed before the end.');
      await page.getByRole('button', { name: 'Add note' }).click();
      await page.getByText('Not executed').waitFor();
    },
  },
  {
    name: 'session-ended-before',
    path: '/accounts/R3012',
    reach: async (page, agent) => {
      agent.endSession();
      await page.reload();
      await isRead(page);
    },
  },
  {
    name: 'session-ended-payment',
    path: '/accounts/R3028',
    reach: async (page, agent) => {
      await isRead(page);
      agent.endSession();
      await pay(page, '10.00');
      await poll(dialog(page)).toContain('Not executed');
    },
  },
  {
    name: 'payment-entry',
    path: '/accounts/R3012',
    reach: async (page) => {
      await isRead(page);
      await page.getByRole('button', { name: 'Payment', exact: true }).click();
      await page.getByLabel('Amount in US dollars').fill('25.00');
    },
  },
  {
    name: 'payment-sending',
    path: '/accounts/R3028',
    reach: async (page) => {
      await isRead(page);
      await leaveUnanswered(page, 'idempotencyKey');
      await pay(page, '10.50');
      await poll(dialog(page)).toContain('Charging');
    },
  },
  {
    name: 'payment-approved',
    path: '/accounts/R3021',
    reach: async (page) => {
      await isRead(page);
      await pay(page, '11.00');
      await poll(dialog(page)).toContain('Approved');
    },
  },
  {
    name: 'payment-declined',
    path: '/accounts/R3021',
    faults: [{ operation: charge, fault: 'decline', times: 1 }],
    reach: async (page) => {
      await isRead(page);
      await pay(page, '12.00');
      await poll(dialog(page)).toContain('Declined');
    },
  },
  {
    name: 'payment-not-executed',
    path: '/accounts/R3021',
    faults: [{ operation: charge, fault: 'rate-limit', times: 1 }],
    reach: async (page) => {
      await isRead(page);
      await pay(page, '12.50');
      await poll(dialog(page)).toContain('Not executed');
    },
  },
  {
    name: 'payment-unknown',
    path: '/accounts/R3021',
    faults: [{ operation: charge, fault: 'lose-answer', times: 1 }],
    reach: async (page) => {
      await isRead(page);
      await pay(page, '13.00');
      await poll(dialog(page)).toMatch(/Outcome unknown[\s\S]*An operator resolves it/);
    },
  },
  {
    name: 'account-unknown-payment',
    path: '/accounts/R3022',
    faults: [{ operation: charge, fault: 'lose-answer', times: 1 }],
    reach: async (page) => {
      await isRead(page);
      await pay(page, '13.00');
      await poll(dialog(page)).toContain('Outcome unknown');
      await page.keyboard.press('Escape');
      await page.reload();
      await poll(panel(page, 'Payments')).toContain('Outcome unknown');
      await isRead(page);
    },
  },
  {
    name: 'shortcuts',
    path: '/accounts/R3012',
    reach: async (page) => {
      await isRead(page);
      await page.keyboard.press('?');
      await dialog(page).waitFor();
    },
  },
];

/** Registers the tests of how each page looks in each state. */
export const describeAppearance = (desk: () => RunningDesk, browser: () => Browser): void => {
  describe('appearance', () => {
    beforeEach(() => desk().sandbox.faults.clear());

    it.each(states)(
      '$name: accessible and complete, in both themes and at 200 % zoom',
      async ({ name, path = '/', scopes, faults = [], reach }) => {
        const agent = await desk().serve(scopes);
        desk().sandbox.faults.set(faults);
        const { page } = await openPage(browser(), agent.url, path);
        await reach(page, agent);
        await expectGoodLooks(page, name);
      },
      90_000,
    );

    it('the accessibility check finds a violation', async () => {
      const { page } = await openPage(browser(), desk().url);
      await page.evaluate(
        "document.querySelector('h1').className = 'muted'; document.querySelector('.muted').style.color = '#999'",
      );
      expect(await violations(page)).toEqual([expect.stringContaining('color-contrast')]);
    });

    it('needs no horizontal scrolling in a window of 320 pixels', async () => {
      const viewport = { width: 320, height: 500 };
      const { page } = await openPage(browser(), desk().url, '/accounts/R3012', { viewport });
      await isRead(page);
      await page.keyboard.press('a');
      await page.keyboard.press('Escape');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    });

    it.each(['light', 'dark'] as const)(
      'follows a %s system, until another theme is chosen',
      async (scheme) => {
        const { page } = await openPage(browser(), desk().url, '/', { colorScheme: scheme });
        const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        const colors = { light: 'rgb(238, 241, 246)', dark: 'rgb(13, 19, 27)' };
        const other = scheme === 'light' ? 'dark' : 'light';
        expect(await background()).toBe(colors[scheme]);
        await page.getByLabel('Theme').selectOption(other);
        expect(await background()).toBe(colors[other]);
        await page.reload();
        expect(await background()).toBe(colors[other]);
      },
    );
  });
};

import type { Browser, Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningDesk } from '../support/desk/desk.ts';
import { type Device, devices, type Hands, keyboardWitness, otherInput } from '../support/desk/hands.ts';
import {
  chargeButtons,
  heading,
  keysOf,
  manifest,
  openPage,
  operationOf,
  panel,
  poll,
  type Sent,
  searchField,
  text,
} from '../support/desk/page.ts';

interface Visit {
  readonly page: Page;
  readonly hands: Hands;
  readonly sent: Sent[];
  readonly sandbox: RunningDesk['sandbox'];
}

interface Journey {
  readonly name: string;
  /** For a journey that begins at an account and changes it: one for each device. */
  readonly accounts?: Readonly<Record<Device, string>>;
  /** Where it begins without an account; the search page unless given. */
  readonly start?: string;
  readonly run: (visit: Visit) => Promise<void>;
}

const search = async ({ page, hands }: Visit, typed: string): Promise<void> => {
  await hands.type(searchField(page), typed);
  await hands.press(page.getByRole('button', { name: 'Open', exact: true }));
};

const pay = async ({ page, hands }: Visit, amount: string): Promise<void> => {
  await hands.press(page.getByRole('button', { name: 'Payment', exact: true }));
  await hands.type(page.getByLabel('Amount in US dollars'), amount);
  await hands.press(page.getByRole('button', { name: /^Charge/ }));
};

/** The amount that is owed, in cents. */
const owed = async (page: Page): Promise<number> => {
  await poll(page.locator('.owed-amount')).toMatch(/^\$/);
  return Number((await text(page.locator('.owed-amount'))).replaceAll(/\D/g, ''));
};

const charge = 'run_payment_external';

const journeys: readonly Journey[] = [
  {
    name: 'finds an account by its file number',
    run: async (visit) => {
      await search(visit, 'r3012');
      await heading(visit.page, 'BRENDA WALSH').waitFor();
      expect(new URL(visit.page.url()).pathname).toBe('/accounts/R3012');
    },
  },
  {
    name: 'finds an account by a phone',
    run: async (visit) => {
      await search(visit, '(716) 628-9899');
      await heading(visit.page, 'ANTHONY POPE').waitFor();
    },
  },
  {
    name: 'finds an account by an SSN',
    run: async (visit) => {
      await search(visit, '111-22-3333');
      await heading(visit.page, 'CLAUDIA LAST NAME').waitFor();
    },
  },
  {
    name: 'chooses among several accounts of a phone',
    run: async (visit) => {
      const { page, hands } = visit;
      await search(visit, '222-222-2222');
      await heading(page, 'Accounts with the phone (222) 222-2222').waitFor();
      const second = page.locator('.hit').nth(1);
      const fileNumber = await second.locator('.number').first().innerText();
      await hands.press(second);
      await page.waitForURL(`**/accounts/${fileNumber}`);
      await poll(panel(page, 'Balances')).toContain('Current balance');
    },
  },
  {
    name: 'finds an order by its number, and opens its account',
    run: async (visit) => {
      const { page, hands } = visit;
      await search(visit, '#57062885');
      await heading(page, 'Order 57062885').waitFor();
      expect(new URL(page.url()).pathname).toBe('/orders/57062885');
      await poll(panel(page, 'Order and collateral')).toMatch(/A_Toney Spencer[\s\S]*\(678\) 932-1578/);
      await hands.press(panel(page, 'Accounts').getByRole('button', { name: /A_TONEY SPENCER/ }));
      await page.waitForURL('**/accounts/R1166');
    },
  },
  {
    name: 'opens an order of an account',
    start: '/accounts/R3012',
    run: async ({ page, hands }) => {
      await hands.press(panel(page, 'Orders and collateral').getByRole('link', { name: '56100012' }));
      await heading(page, 'Order 56100012').waitFor();
      await poll(panel(page, 'Accounts')).toContain('BRENDA WALSH');
    },
  },
  {
    name: 'opens the order if there is no account with a number',
    run: async (visit) => {
      const { page, hands } = visit;
      await search(visit, '57062885');
      await heading(page, 'There is no account 57062885').waitFor();
      await hands.press(page.getByRole('link', { name: 'Open the order' }));
      await heading(page, 'Order 57062885').waitFor();
    },
  },
  {
    name: 'adds a note, and shows it by the response of the mutation',
    accounts: { mouse: 'R3013', keyboard: 'R3113' },
    run: async ({ page, hands, sent }) => {
      await panel(page, 'Notes').locator('li').first().waitFor();
      await page.waitForLoadState('networkidle');
      sent.length = 0;
      await hands.type(page.getByLabel('New note'), 'Will call on Monday.');
      await hands.press(page.getByRole('button', { name: 'Add note' }));
      await poll(panel(page, 'Notes').locator('li').first()).toContain('Will call on Monday.');
      expect(await page.getByLabel('New note').inputValue()).toBe('');
      expect(sent.map(({ operation }) => operation)).toEqual(['AddNote']);
    },
  },
  {
    name: 'adds a phone, and shows a fault of the number next to it',
    accounts: { mouse: 'R3013', keyboard: 'R3113' },
    run: async ({ page, hands }) => {
      await hands.press(page.getByRole('button', { name: 'Phone', exact: true }));
      const form = page.getByRole('form', { name: 'Add a phone' });
      const number = form.getByLabel('Number');
      const add = form.getByRole('button', { name: 'Add phone' });
      await hands.type(number, '12');
      await hands.press(add);
      await form.locator('.fault').waitFor();
      expect(await number.getAttribute('aria-invalid')).toBe('true');
      await hands.type(number, '210-555-0177');
      await hands.choose(form.getByLabel('Status'), 'Good Number');
      await hands.press(add);
      await poll(panel(page, 'Phones')).toMatch(/\(210\) 555-0177[\s\S]*CELL · USER[\s\S]*Good Number/);
      expect(await form.count()).toBe(0);
    },
  },
  {
    name: 'records an attempt, which changes the verdict on a further call',
    accounts: { mouse: 'R3003', keyboard: 'R3103' },
    run: async ({ page, hands }) => {
      const before = panel(page, 'Before a call');
      await poll(before).toContain('a call today is not presumed excessive');
      await hands.press(
        panel(page, 'Phones')
          .getByRole('button', { name: /^Attempt/ })
          .first(),
      );
      const form = page.getByRole('form', { name: 'Record an attempt' });
      expect(await form.getByLabel('Number').inputValue()).toMatch(/^\(\d{3}\) /);
      await hands.type(form.getByLabel('Disposition'), 'SPOKE TO DEBTOR');
      await hands.press(form.getByRole('button', { name: 'Record attempt' }));
      await poll(before).toContain('A call today would be presumed excessive');
      await poll(before).toContain('1 of 7');
      await poll(panel(page, 'Attempts').locator('li').first()).toContain('SPOKE TO DEBTOR');
    },
  },
  {
    name: 'payment approved: shows the approval code, the payment and the new balance',
    accounts: { mouse: 'R3015', keyboard: 'R3115' },
    run: async (visit) => {
      const { page, hands, sent } = visit;
      const before = await owed(page);
      await pay(visit, '25.00');
      const dialog = page.getByRole('dialog');
      await poll(dialog).toMatch(/Approved\s+Approval code \d+/);
      expect(await dialog.getByRole('button', { name: /Charge/ }).count()).toBe(0);
      await hands.press(dialog.getByRole('button', { name: 'Done' }));
      await expect.poll(() => owed(page)).toBe(before - 2500);
      await poll(panel(page, 'Payments')).toContain('$25.00');
      expect(keysOf(sent)).toHaveLength(1);
      await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('payments');
    },
  },
  {
    name: 'payment declined: shows the reason; a further payment has a new key',
    accounts: { mouse: 'R3002', keyboard: 'R3102' },
    run: async (visit) => {
      const { page, hands, sent, sandbox } = visit;
      sandbox.faults.set([{ operation: charge, fault: 'decline', times: 1 }]);
      await pay(visit, '26.00');
      const dialog = page.getByRole('dialog');
      await poll(dialog).toMatch(/Declined: nothing was charged\s+Insufficient funds/);
      await hands.press(dialog.getByRole('button', { name: 'Enter another payment' }));
      await hands.type(dialog.getByLabel('Amount in US dollars'), '26.00');
      await hands.press(dialog.getByRole('button', { name: /^Charge/ }));
      await poll(dialog).toContain('Approved');
      expect(keysOf(sent)).toHaveLength(2);
      expect(new Set(keysOf(sent)).size).toBe(2);
    },
  },
  {
    name: 'payment not executed: a second attempt has the same key',
    accounts: { mouse: 'R3011', keyboard: 'R3111' },
    run: async (visit) => {
      const { page, hands, sent, sandbox } = visit;
      sandbox.faults.set([{ operation: charge, fault: 'rate-limit', times: 1 }]);
      await pay(visit, '26.00');
      const dialog = page.getByRole('dialog');
      await poll(dialog).toContain('Not executed: it is safe to try again');
      await hands.press(dialog.getByRole('button', { name: /^Charge/ }));
      await expect.poll(() => keysOf(sent).length).toBe(2);
      expect(new Set(keysOf(sent)).size).toBe(1);
    },
  },
  {
    name: 'payment unknown: shows what to check, and no button that charges, also after a reload',
    accounts: { mouse: 'R3005', keyboard: 'R3105' },
    run: async (visit) => {
      const { page, hands, sent, sandbox } = visit;
      sandbox.faults.set([{ operation: charge, fault: 'lose-answer', times: 1 }]);
      await pay(visit, '31.00');
      const dialog = page.getByRole('dialog');
      await poll(dialog).toMatch(/Outcome unknown: \$31\.00[\s\S]*What to check[\s\S]*payment processor/);
      await poll(dialog).toMatch(/Payments of this day and amount on the account:\s+\$31\.00/);
      expect(await chargeButtons(page).count()).toBe(0);

      await hands.press(dialog.getByRole('button', { name: 'Check again' }));
      await expect.poll(() => keysOf(sent).length).toBe(2);
      await poll(dialog).toContain('Outcome unknown: $31.00');
      expect(new Set(keysOf(sent)).size).toBe(1);

      await hands.close();
      await page.keyboard.press('y');
      expect(await page.getByRole('dialog').count()).toBe(0);

      await page.reload();
      await poll(panel(page, 'Payments')).toMatch(/Outcome unknown: \$31\.00[\s\S]*An operator resolves it/);
      expect(await chargeButtons(page).count()).toBe(0);
    },
  },
  {
    name: 'payment without a response: the same key brings the outcome',
    accounts: { mouse: 'R3001', keyboard: 'R3101' },
    run: async (visit) => {
      const { page, hands, sent } = visit;
      await page.waitForLoadState('networkidle');
      let isLost = false;
      await page.route('**/graphql', async (route) => {
        if (isLost || !route.request().postData()?.includes('idempotencyKey')) return route.continue();
        isLost = true;
        await route.fetch();
        return route.abort('connectionreset');
      });
      await pay(visit, '18.00');
      const dialog = page.getByRole('dialog');
      await poll(dialog).toMatch(/Outcome unknown: \$18\.00[\s\S]*What to check/);
      expect(await chargeButtons(page).count()).toBe(0);
      await hands.press(dialog.getByRole('button', { name: 'Check again' }));
      await poll(dialog).toContain('Approved');
      expect(new Set(keysOf(sent)).size).toBe(1);
      await hands.press(dialog.getByRole('button', { name: 'Done' }));
      expect((await text(panel(page, 'Payments'))).match(/\$18\.00/g)).toHaveLength(1);
    },
  },
  {
    name: 'repeats what a panel could not read',
    run: async (visit) => {
      const { page, hands, sandbox } = visit;
      sandbox.faults.set([{ operation: 'filterOrders', fault: 'unavailable' }]);
      await search(visit, 'R3012');
      const orders = panel(page, 'Orders and collateral');
      await poll(orders).toContain('RecoveryConnect is not available for this');
      await poll(panel(page, 'Balances')).toContain('$6,813.07');
      sandbox.faults.clear();
      await hands.press(orders.getByRole('button', { name: 'Try again' }));
      await poll(orders).toContain('2013 Honda CR-V');
    },
  },
  {
    name: 'chooses the theme',
    run: async ({ page, hands }) => {
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      await hands.choose(page.getByLabel('Theme'), 'Dark');
      expect(await background()).toBe('rgb(13, 19, 27)');
      await hands.choose(page.getByLabel('Theme'), 'Light');
      expect(await background()).toBe('rgb(238, 241, 246)');
    },
  },
  {
    name: 'lists the shortcuts, and turns single keys off',
    start: '/accounts/R3012',
    run: async ({ page, hands }) => {
      await heading(page, 'BRENDA WALSH').waitFor();
      await hands.press(page.getByRole('button', { name: 'Shortcuts' }));
      await poll(page.getByRole('dialog')).toContain('Record an attempt');
      await hands.press(page.getByLabel('Single keys work outside of fields'));
      await hands.close();
      await page.keyboard.press('?');
      expect(await page.getByRole('dialog').count()).toBe(0);
    },
  },
];

/** Registers each journey once per device. */
export const describeJourneys = (desk: () => RunningDesk, browser: () => Browser): void => {
  describe.each(Object.keys(devices) as Device[])('journeys by %s', (device) => {
    const operations = new Set<string>();
    afterEach(() => desk().sandbox.faults.clear());

    it.each(journeys)(
      '$name',
      async ({ accounts, start = '/', run }) => {
        const path = accounts ? `/accounts/${accounts[device]}` : start;
        const { page, sent } = await openPage(browser(), desk().url, path, { script: keyboardWitness });
        page.on('request', () => {
          for (const { operation } of sent) operations.add(operation);
        });
        await run({ page, hands: devices[device](page), sent, sandbox: desk().sandbox });
        for (const { operation } of sent) operations.add(operation);
        if (device === 'keyboard') expect(await otherInput(page)).toEqual([]);
      },
      60_000,
    );

    it('the journeys send every operation of the desk', () => {
      expect([...operations].toSorted()).toEqual(Object.values(manifest()).map(operationOf).toSorted());
    });
  });

  it('input that does not come from the keyboard is noticed', async () => {
    const { page } = await openPage(browser(), desk().url, '/', { script: keyboardWitness });
    await devices.mouse(page).type(searchField(page), 'R3012');
    expect(await otherInput(page)).toEqual(['pointer', 'input without a key']);
  });
};

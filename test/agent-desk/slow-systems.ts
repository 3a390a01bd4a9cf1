import type { Browser } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunningDesk } from '../support/desk/desk.ts';
import { openPage, panel, poll, text } from '../support/desk/page.ts';

const systems = [
  {
    system: 'RECOVERY_CONNECT',
    name: 'RecoveryConnect',
    path: '/accounts/R3012',
    waiting: 'Orders and collateral',
    others: [
      ['Balances', '$6,813.07'],
      ['Phones', '(210) 555-0101'],
      ['Payments', '$32.00'],
      ['Before a call', '0 of 7'],
    ],
    data: '2013 Honda CR-V',
  },
  {
    system: 'SCOLLECT',
    name: 'Scollect',
    path: '/orders/56100012',
    waiting: 'Accounts',
    others: [['Order and collateral', '2013 Honda CR-V']],
    data: 'BRENDA WALSH',
  },
] as const;

/** Registers the tests of a system that accepts requests and answers none. */
export const describeSlowSystems = (desk: () => RunningDesk, browser: () => Browser): void => {
  describe('a system that does not respond', () => {
    beforeEach(() => desk().sandbox.faults.clear());

    it.each(systems)(
      '$name: its panel says what it waits for, then that it timed out; the others have their data',
      async ({ system, name, path, waiting, others, data }) => {
        desk().sandbox.faults.set([{ operation: '*', system, fault: 'hang' }]);
        const { page, faults } = await openPage(browser(), desk().url, path);
        const slow = panel(page, waiting);
        for (const [title, content] of others) await poll(panel(page, title)).toContain(content);
        expect(await slow.getAttribute('aria-busy')).toBe('true');
        expect(await slow.getByRole('alert').count()).toBe(0);
        await poll(slow).toMatch(/Waiting for Scollect and RecoveryConnect: \d+ s/);

        await poll(slow).toContain(`${name} did not answer in time`);
        // An order could be opened by its number only if Scollect alone were down.
        expect(await text(slow)).not.toContain('by its number');
        expect(await slow.getAttribute('aria-busy')).toBe('false');
        desk().sandbox.faults.clear();
        await slow.getByRole('button', { name: 'Try again' }).click();
        await poll(slow).toContain(data);
        expect(await slow.getByRole('alert').count()).toBe(0);
        expect(faults).toEqual([]);
      },
      90_000,
    );

    it('Scollect: an account says what each panel waits for', async () => {
      desk().sandbox.faults.set([{ operation: '*', system: 'SCOLLECT', fault: 'hang' }]);
      const { page } = await openPage(browser(), desk().url, '/accounts/R3026');
      for (const title of ['Before a call', 'Notes']) {
        await poll(panel(page, title)).toMatch(/Waiting for Scollect: \d+ s/);
      }
      await poll(panel(page, 'Notes')).toContain('Scollect did not answer in time');
      await poll(panel(page, 'Orders and collateral')).toMatch(/did not answer in time[\s\S]*Try again/);
      await poll(panel(page, 'Orders and collateral')).toContain('open an order by its number');
    }, 90_000);
  });
};

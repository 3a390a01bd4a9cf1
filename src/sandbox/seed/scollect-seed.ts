import { type Account, fileNumberOf, type ScollectState } from '../scollect/tables.ts';
import { documentedAccounts } from './documented-accounts.ts';
import { generatedAccounts } from './generated-accounts.ts';
import type { Person } from './people.ts';
import { portfolios } from './portfolios.ts';

const highest = (accounts: readonly Account[], list: 'phones' | 'notes' | 'emails'): number =>
  Math.max(...accounts.flatMap((account) => account[list].map(({ id }) => id)));

/** Creates the initial database: the documented accounts, and one for each person. */
export const createScollectState = (people: readonly Person[]): ScollectState => {
  const accounts = [...documentedAccounts(), ...generatedAccounts(people)];
  return {
    portfolios,
    accounts: new Map(accounts.map((account) => [fileNumberOf(account), account])),
    lastIds: {
      phone: highest(accounts, 'phones'),
      note: highest(accounts, 'notes'),
      email: highest(accounts, 'emails'),
    },
  };
};

import { failingPrefix } from './failures.ts';
import type { Operation } from './operations.ts';
import { portfolioName } from './wire.ts';

/** The last number of each operation's keys: a run goes on where the one before has ended. */
const last: Record<Operation, number> = {
  account: 0,
  newDocument: 0,
  failing: 0,
  accountsOfPhone: 0,
  portfolioPage: 0,
  largePage: 0,
  orders: 0,
  note: 0,
  payment: 0,
};

/** Gives one key after the other; all of one operation are equally long. */
export const createKeys = (operation: Operation, areEqual: boolean): (() => string) => {
  const next = (): number => {
    if (areEqual) return 0;
    last[operation] += 1;
    return last[operation];
  };
  const number = (digits: number): string => String(next() % 10 ** digits).padStart(digits, '0');
  const byOperation: Readonly<Record<Operation, () => string>> = {
    account: () => `B${number(7)}`,
    newDocument: () => `D${number(7)}`,
    failing: () => `${failingPrefix}${number(7)}`,
    accountsOfPhone: () => `716-628-${number(4)}`,
    portfolioPage: () => portfolioName(next()),
    largePage: () => portfolioName(next()),
    orders: () => `1${number(6)}`,
    note: () => `N${number(7)}`,
    payment: () => `P${number(7)}`,
  };
  return byOperation[operation];
};

import type { Operation } from './operations.ts';
import { portfolioName } from './wire.ts';

/** Gives one key after the other; all of one operation are equally long. */
export const createKeys = (operation: Operation, areEqual: boolean): (() => string) => {
  let next = 0;
  const number = (digits: number): string => {
    if (!areEqual) next = (next + 1) % 10 ** digits;
    return String(next).padStart(digits, '0');
  };
  const byOperation: Readonly<Record<Operation, () => string>> = {
    account: () => `B${number(7)}`,
    accountsOfPhone: () => `716-628-${number(4)}`,
    portfolioPage: () => portfolioName,
  };
  return byOperation[operation];
};

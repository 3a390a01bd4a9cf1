import { firstOf } from '../first-of.ts';
import getaccountbysocial from '../fixtures/scollect/getaccountbysocial.json' with { type: 'json' };

/** The value of a column of an account. */
export type ColumnValue = string | number | null;

/** The documented row of file number R1050, which defines the columns of an account. */
export const r1050 = firstOf(getaccountbysocial.success.result);

export type AccountColumn = keyof typeof r1050;

export type AccountRow = Record<AccountColumn, ColumnValue>;

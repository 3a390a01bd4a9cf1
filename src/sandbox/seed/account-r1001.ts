import { firstOf } from '../first-of.ts';
import getaccount from '../fixtures/scollect/getaccount.json' with { type: 'json' };
import { type AccountRow, r1050 } from '../scollect/account-columns.ts';

const { managename: managername, ...documented } = firstOf(getaccount.success.result);

/** The documented row of file number R1001. Most of it is blank, so all other rows are based on it. */
export const r1001: AccountRow = { ...r1050, ...documented, managername };

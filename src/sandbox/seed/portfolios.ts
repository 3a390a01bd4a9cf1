import getportfoliolist from '../fixtures/scollect/getportfoliolist.json' with { type: 'json' };
import type { Portfolio } from '../scollect/tables.ts';

/** The documented portfolios; there are no others. */
export const portfolios: readonly Portfolio[] = getportfoliolist.success.result;

import { scollectOperations } from '../../upstreams/scollect/operations.ts';
import { get_accounts_in_portfolio, getportfoliolist } from '../../upstreams/scollect/portfolios.ts';
import { readByKey } from './read-by-key.ts';
import type { ReadCheck } from './reader.ts';

/** Reads the first account of the first portfolio, and everything that is read by its file number. */
export const examineScollect = async (read: ReadCheck): Promise<void> => {
  const portfolio = await read(getportfoliolist, { params: {} }, getportfoliolist.columns?.());
  if (!portfolio) return;
  const body = { portfolio: String(portfolio['portfolio']) };
  const listed = await read(get_accounts_in_portfolio, { params: {}, body });
  if (!listed) return;
  await readByKey(read, scollectOperations, { fileNumber: String(listed['lotno']) });
};

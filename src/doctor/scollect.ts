import { accountColumns, debtorColumns, feeColumns } from '../upstreams/scollect/account-columns.ts';
import { getAlaccountdata, getaccount } from '../upstreams/scollect/accounts.ts';
import { getattempts } from '../upstreams/scollect/attempts.ts';
import { getemails, getemailstats } from '../upstreams/scollect/messages.ts';
import { getnotes } from '../upstreams/scollect/notes.ts';
import {
  get_lastpayinfo,
  getAlpaymentdata,
  getpayments,
  paymentColumns,
} from '../upstreams/scollect/payments.ts';
import { getphones, phoneColumns } from '../upstreams/scollect/phones.ts';
import {
  get_accounts_in_portfolio,
  getportfoliolist,
  portfolioColumns,
} from '../upstreams/scollect/portfolios.ts';
import type { Read } from './reader.ts';

/** Reads the first account of the first portfolio, and all that hangs on it. */
export const examineScollect = async (read: Read): Promise<void> => {
  const portfolio = await read(getportfoliolist, { params: {} }, portfolioColumns);
  if (!portfolio) return;
  const body = { portfolio: String(portfolio['portfolio']) };
  const listed = await read(get_accounts_in_portfolio, { params: {}, body });
  if (!listed) return;
  const filenumber = String(listed['lotno']);
  const params = { filenumber };
  await read(getaccount, { params }, { ...accountColumns, ...feeColumns, ...debtorColumns });
  await read(getphones, { params }, phoneColumns);
  await read(getpayments, { params }, paymentColumns);
  await read(getnotes, { params });
  await read(getattempts, { params });
  await read(getemails, { params });
  await read(getemailstats, { params });
  await read(get_lastpayinfo, { params: {}, body: { filenumber } });
  await read(getAlaccountdata, { params: {}, body: { FileNumber: filenumber } });
  await read(getAlpaymentdata, { params: {}, body: { FileNumber: filenumber } });
};

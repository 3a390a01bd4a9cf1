import { accountColumns, feeColumns, workColumns } from '../upstreams/scollect/account-columns.ts';
import { getAlaccountdata, getaccount, settlementColumns } from '../upstreams/scollect/accounts.ts';
import { attemptColumns, getattempts } from '../upstreams/scollect/attempts.ts';
import { emailColumns, emailStatsColumns, getemails, getemailstats } from '../upstreams/scollect/messages.ts';
import { getnotes, noteColumns } from '../upstreams/scollect/notes.ts';
import {
  get_lastpayinfo,
  getAlpaymentdata,
  getpayments,
  lastPaymentColumns,
  paymentColumns,
  paymentMethodColumns,
} from '../upstreams/scollect/payments.ts';
import { debtorColumns } from '../upstreams/scollect/people-columns.ts';
import { getphones, phoneColumns } from '../upstreams/scollect/phones.ts';
import {
  get_accounts_in_portfolio,
  getportfoliolist,
  portfolioColumns,
} from '../upstreams/scollect/portfolios.ts';
import type { ReadCheck } from './reader.ts';

/** Reads the first account of the first portfolio and its related records. */
export const examineScollect = async (read: ReadCheck): Promise<void> => {
  const portfolio = await read(getportfoliolist, { params: {} }, portfolioColumns);
  if (!portfolio) return;
  const body = { portfolio: String(portfolio['portfolio']) };
  const listed = await read(get_accounts_in_portfolio, { params: {}, body });
  if (!listed) return;
  const filenumber = String(listed['lotno']);
  const params = { filenumber };
  await read(getaccount, { params }, { ...accountColumns, ...feeColumns, ...workColumns, ...debtorColumns });
  await read(getphones, { params }, phoneColumns);
  await read(getpayments, { params }, paymentColumns);
  await read(getnotes, { params }, noteColumns);
  await read(getattempts, { params }, attemptColumns);
  await read(getemails, { params }, emailColumns);
  await read(getemailstats, { params }, emailStatsColumns);
  await read(get_lastpayinfo, { params: {}, body: { filenumber } }, lastPaymentColumns);
  await read(getAlaccountdata, { params: {}, body: { FileNumber: filenumber } }, settlementColumns);
  await read(getAlpaymentdata, { params: {}, body: { FileNumber: filenumber } }, paymentMethodColumns);
};

import type { scollectOperations } from '../../upstreams/scollect/operations.ts';
import { getAlaccountdata, getaccount, getaccountbysocial, searchbyphone } from './account-reads.ts';
import { updatedbase, updatepermissions } from './account-writes.ts';
import { createCallback, insertattempt } from './attempts.ts';
import type { Handler } from './handler.ts';
import { listReads } from './list-reads.ts';
import { login } from './login.ts';
import { getemailstats, send_email_c2c, send_text } from './messages.ts';
import { InsertNoteline } from './notes.ts';
import { get_lastpayinfo, getAlpaymentdata, getpayments } from './payment-reads.ts';
import {
  insert_payments_external,
  insert_payplan_external,
  run_payment_external,
  update_payment_external,
} from './payment-writes.ts';
import { insertphone, updatephone } from './phones.ts';
import { get_accounts_in_portfolio, getportfoliolist } from './portfolios.ts';

/** The handlers of all operations; the type requires each of them. */
export const scollectHandlers: Readonly<Record<keyof typeof scollectOperations, Handler>> = {
  ...listReads,
  createCallback,
  get_accounts_in_portfolio,
  get_lastpayinfo,
  getaccount,
  getaccountbysocial,
  getAlaccountdata,
  getAlpaymentdata,
  getemailstats,
  getpayments,
  getportfoliolist,
  insert_payments_external,
  insert_payplan_external,
  insertattempt,
  InsertNoteline,
  insertphone,
  login,
  run_payment_external,
  searchbyphone,
  send_email_c2c,
  send_text,
  update_payment_external,
  updatedbase,
  updatepermissions,
  updatephone,
};

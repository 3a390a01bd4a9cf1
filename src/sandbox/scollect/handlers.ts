import type { scollectOperations } from '../../upstreams/scollect/operations.ts';
import { getAlaccountdata, getaccount, getaccountbysocial, searchbyphone } from './account-reads.ts';
import { updatedbase, updatepermissions } from './account-writes.ts';
import { createCallback, getattempts, insertattempt } from './attempts.ts';
import type { Handler } from './handler.ts';
import { login } from './login.ts';
import { getemails, getemailstats, send_email_c2c, send_text } from './messages.ts';
import { getnotes, InsertNoteline } from './notes.ts';
import { get_lastpayinfo, getAlpaymentdata, getpayments } from './payment-reads.ts';
import {
  insert_payments_external,
  insert_payplan_external,
  run_payment_external,
  update_payment_external,
} from './payment-writes.ts';
import { getphones, insertphone, updatephone } from './phones.ts';
import { get_accounts_in_portfolio, getportfoliolist } from './portfolios.ts';

/** The handlers of all operations; the type requires each of them. */
export const scollectHandlers: Readonly<Record<keyof typeof scollectOperations, Handler>> = {
  createCallback,
  get_accounts_in_portfolio,
  get_lastpayinfo,
  getaccount,
  getaccountbysocial,
  getAlaccountdata,
  getAlpaymentdata,
  getattempts,
  getemails,
  getemailstats,
  getnotes,
  getpayments,
  getphones,
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

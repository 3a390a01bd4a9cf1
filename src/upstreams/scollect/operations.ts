import {
  getAlaccountdata,
  getaccount,
  getaccountbysocial,
  searchbyphone,
  updatedbase,
  updatepermissions,
} from './accounts.ts';
import { createCallback, getattempts, insertattempt } from './attempts.ts';
import { login } from './login.ts';
import { getemails, getemailstats, send_email_c2c, send_text } from './messages.ts';
import { getnotes, InsertNoteline } from './notes.ts';
import {
  get_lastpayinfo,
  getAlpaymentdata,
  getpayments,
  insert_payments_external,
  insert_payplan_external,
  run_payment_external,
  update_payment_external,
} from './payments.ts';
import { getphones, insertphone, updatephone } from './phones.ts';
import { get_accounts_in_portfolio, getportfoliolist } from './portfolios.ts';

/** Every documented operation of Scollect, by the upstream's own name. */
export const scollectOperations = {
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
} as const;

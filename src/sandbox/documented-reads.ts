import authenticate from './fixtures/recoveryconnect/authenticate.json' with { type: 'json' };
import filterAssignments from './fixtures/recoveryconnect/filterAssignments.json' with { type: 'json' };
import filterOrders from './fixtures/recoveryconnect/filterOrders.json' with { type: 'json' };
import getBorrowerPhone from './fixtures/recoveryconnect/getBorrowerPhone.json' with { type: 'json' };
import getOrder from './fixtures/recoveryconnect/getOrder.json' with { type: 'json' };
import listBorrowerAddresses from './fixtures/recoveryconnect/listBorrowerAddresses.json' with {
  type: 'json',
};
import listBorrowerPhones from './fixtures/recoveryconnect/listBorrowerPhones.json' with { type: 'json' };
import listOrderAssignments from './fixtures/recoveryconnect/listOrderAssignments.json' with { type: 'json' };
import listOrderBorrowers from './fixtures/recoveryconnect/listOrderBorrowers.json' with { type: 'json' };
import listOrderCollaterals from './fixtures/recoveryconnect/listOrderCollaterals.json' with { type: 'json' };
import listOrderPhotos from './fixtures/recoveryconnect/listOrderPhotos.json' with { type: 'json' };
import listOrders from './fixtures/recoveryconnect/listOrders.json' with { type: 'json' };
import get_accounts_in_portfolio from './fixtures/scollect/get_accounts_in_portfolio.json' with {
  type: 'json',
};
import get_lastpayinfo from './fixtures/scollect/get_lastpayinfo.json' with { type: 'json' };
import getAlaccountdata from './fixtures/scollect/getAlaccountdata.json' with { type: 'json' };
import getAlpaymentdata from './fixtures/scollect/getAlpaymentdata.json' with { type: 'json' };
import getaccount from './fixtures/scollect/getaccount.json' with { type: 'json' };
import getaccountbysocial from './fixtures/scollect/getaccountbysocial.json' with { type: 'json' };
import getattempts from './fixtures/scollect/getattempts.json' with { type: 'json' };
import getemails from './fixtures/scollect/getemails.json' with { type: 'json' };
import getemailstats from './fixtures/scollect/getemailstats.json' with { type: 'json' };
import getnotes from './fixtures/scollect/getnotes.json' with { type: 'json' };
import getpayments from './fixtures/scollect/getpayments.json' with { type: 'json' };
import getphones from './fixtures/scollect/getphones.json' with { type: 'json' };
import getportfoliolist from './fixtures/scollect/getportfoliolist.json' with { type: 'json' };
import login from './fixtures/scollect/login.json' with { type: 'json' };
import searchbyphone from './fixtures/scollect/searchbyphone.json' with { type: 'json' };

/** A documented read or log-in. The rest of a fixture is for the sandbox. */
export interface DocumentedRead {
  /** The body of the documented success. */
  readonly success: unknown;
  readonly failures: readonly { readonly response: unknown }[];
}

/** The documented responses of every read and log-in, by operation. */
export const documentedReads: Readonly<Record<string, DocumentedRead>> = {
  authenticate,
  filterAssignments,
  filterOrders,
  getBorrowerPhone,
  getOrder,
  listBorrowerAddresses,
  listBorrowerPhones,
  listOrderAssignments,
  listOrderBorrowers,
  listOrderCollaterals,
  listOrderPhotos,
  listOrders,
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
  login,
  searchbyphone,
};

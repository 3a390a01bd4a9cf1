import {
  accountColumns,
  assetColumns,
  creditReportColumns,
  customColumns,
  portfolioEntryColumns,
} from '../../upstreams/scollect/account-columns.ts';
import {
  attorneyAddressColumns,
  courtAddressColumns,
  payeeAddressColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { coBorrowers, debtor } from '../people/borrower-rows.ts';
import { toldByPortfolio } from '../people/phone.ts';
import {
  accountsFound,
  accountsTold,
  partAt,
  personOf,
  phonesOf,
  rowOf,
  wholeAccounts,
} from './account-things.ts';
import { callsFor, named, once, oneOf, severalOf, type Things } from './cost-node.ts';
import { bareRow, orderRow, portfolioRow } from './documented-rows.ts';
import { type Asked, type FieldCosts, fullRows, perThing, sizeOfPage, textsIn } from './field-cost.ts';
import { ordersTold } from './order-things.ts';
import { assumedSizes } from './sizes.ts';

/** The phones of the debtor: told by the row of a portfolio, if it tells all that is selected of them. */
export const callsForPhones = ({ things, selected }: Asked) => {
  const isTold = 'phone1' in rowOf(things) && selected('Phone').every((name) => toldByPortfolio.has(name));
  return isTold ? [] : [callsFor('getphones', things.account ?? things)];
};

/** What is asked for by something that a person is known by. */
const by = (kind: string, value: unknown): Things => named(kind, [String(value)], { parent: {} });

const portfolios = (name: string, count = 1): Things => ({ ...by('portfolio', name), each: count });

export const accountCosts: FieldCosts = {
  'Query.account': {
    calls: ({ args }) => [callsFor('getaccount', wholeAccounts(textsIn(args['fileNumber'])))],
    gives: ({ args }) => [wholeAccounts(textsIn(args['fileNumber']))],
  },
  'Query.accounts': {
    calls: ({ args }) => [callsFor('getaccount', wholeAccounts(textsIn(args['fileNumbers'])))],
    gives: ({ args }) => [wholeAccounts(textsIn(args['fileNumbers']))],
  },
  'Query.accountsBySsn': {
    calls: ({ args }) => [callsFor('getaccountbysocial', by('ssn', args['ssn']))],
    gives: ({ args }) => [
      // Their rows are whole.
      severalOf(by('ssn', args['ssn']), 'accounts', assumedSizes.accountsOfPerson, {
        parent: { fileNumber: '', row: bareRow },
      }),
    ],
  },
  'Query.accountsByPhone': {
    calls: ({ args }) => [callsFor('searchbyphone', by('number', args['number']))],
    gives: ({ args }) => [accountsFound(by('number', args['number']))],
  },
  'Query.portfolios': {
    calls: () => [once('getportfoliolist')],
    gives: () => [portfolios('(all)', assumedSizes.portfolios)],
  },
  'Query.portfolio': {
    calls: () => [once('getportfoliolist')],
    gives: ({ args }) => [portfolios(String(args['name']).trim())],
  },
  'Portfolio.accounts': {
    calls: ({ things }) => [callsFor('get_accounts_in_portfolio', things)],
    gives: ({ things, args }) => [
      accountsTold(
        severalOf(things, `accounts${JSON.stringify(args)}`, sizeOfPage(args), { parent: {} }),
        portfolioRow,
      ),
    ],
  },

  'Account.phones': {
    calls: (asked) => callsForPhones(asked),
    gives: ({ things }) => [phonesOf(things, assumedSizes.phonesOfAccount)],
  },
  'Account.notes': perThing('getnotes'),
  'Account.attempts': perThing('getattempts'),
  'Account.contactSummary': perThing('getattempts'),
  'Account.emails': perThing('getemails'),
  'Account.emailStats': perThing('getemailstats'),
  'Account.payments': perThing('getpayments'),
  'Account.lastPayment': perThing('get_lastpayinfo'),
  'Account.settlement': perThing('getAlaccountdata'),
  'Account.paymentMethods': {
    calls: ({ things, args }) => [
      callsFor('getAlpaymentdata', oneOf(things, JSON.stringify(args), { parent: {} })),
    ],
  },
  'Account.portfolio': {
    reads: () => [accountColumns.portfolio],
    calls: () => [once('getportfoliolist')],
    gives: ({ things }) => [oneOf(things, 'portfolio', { parent: {} })],
  },
  'Account.portfolioEntry': {
    reads: () => [accountColumns.portfolio],
    calls: ({ things }) =>
      Object.values(portfolioEntryColumns).every((column) => column.isIn(rowOf(things)))
        ? []
        : [callsFor('get_accounts_in_portfolio', oneOf(things, 'portfolio', { parent: {} }))],
  },
  'Account.orders': {
    reads: () => [accountColumns.originalAccountNumber],
    calls: ({ things }) => [callsFor('filterOrders', oneOf(things, 'orders', { parent: {} }))],
    gives: ({ things, args }) => {
      const size = sizeOfPage(args, assumedSizes.ordersOfAccount);
      const orders = severalOf(things, `orders${JSON.stringify(args)}`, size, {
        parent: {},
        account: things,
      });
      return [ordersTold(orders, orderRow)];
    },
  },
  'Account.borrower': { gives: ({ things }) => [personOf(things, debtor)] },
  'Account.coBorrowers': {
    // No row but the account's own tells of all of them.
    calls: fullRows,
    gives: ({ things }) => [...coBorrowers.keys()].map((place) => personOf(things, place)),
  },
  'Account.assets': { reads: () => assetColumns.flatMap(({ type, value }) => [type, value]) },
  'Account.creditReports': { reads: () => creditReportColumns },
  'Account.customFields': { reads: () => customColumns },
  'Attorney.address': { gives: ({ things }) => partAt(things, 'address', attorneyAddressColumns) },
  'Court.address': { gives: ({ things }) => partAt(things, 'address', courtAddressColumns) },
  'Payee.address': { gives: ({ things }) => partAt(things, 'address', payeeAddressColumns) },
};

import DataLoader from 'dataloader';
import { BadResponseError } from './errors.ts';
import { KeyedReads } from './keyed-reads.ts';
import type { CallOptions } from './upstreams/client.ts';
import type { CallInput, Endpoint, ReplyOf, Row } from './upstreams/endpoint.ts';
import { filterAssignments, listOrderAssignments } from './upstreams/recoveryconnect/assignments.ts';
import { listBorrowerAddresses, listOrderBorrowers } from './upstreams/recoveryconnect/borrowers.ts';
import { filterOrders, getOrder, listOrderCollaterals } from './upstreams/recoveryconnect/orders.ts';
import { getBorrowerPhone, listBorrowerPhones } from './upstreams/recoveryconnect/phones.ts';
import { listOrderPhotos } from './upstreams/recoveryconnect/photos.ts';
import type { RowReading } from './upstreams/rows/row-list.ts';
import {
  getAlaccountdata,
  getaccount,
  getaccountbysocial,
  searchbyphone,
} from './upstreams/scollect/accounts.ts';
import { getattempts } from './upstreams/scollect/attempts.ts';
import { getemails, getemailstats } from './upstreams/scollect/messages.ts';
import { getnotes } from './upstreams/scollect/notes.ts';
import { get_lastpayinfo, getAlpaymentdata, getpayments } from './upstreams/scollect/payments.ts';
import { getphones } from './upstreams/scollect/phones.ts';
import { get_accounts_in_portfolio, getportfoliolist } from './upstreams/scollect/portfolios.ts';
import type { Upstreams } from './upstreams/upstreams.ts';
import type { Paging } from './upstreams/verdict.ts';

/** The size of the largest page of RecoveryConnect that is known. */
const rowsPerCall = 250;

/** An answer that goes on for longer than this is to some other question. */
const maxPages = 4;

/** A borrower is known within an order only. */
export interface BorrowerKey {
  readonly orderId: string;
  readonly borrowerId: string;
}

export interface BorrowerPhoneKey extends BorrowerKey {
  readonly phoneId: string;
}

/** The ways of paying that are asked for: all of an account, or those of one method or card. */
export interface PaymentMethodsKey {
  readonly fileNumber: string;
  readonly method: string | undefined;
  readonly last4: string | undefined;
}

/** The rows of a portfolio, which may be still coming. */
export type PortfolioReading = RowReading<ReplyOf<typeof get_accounts_in_portfolio>>;

/** One page of a search for orders. */
export interface OrdersPageKey {
  readonly filter: Readonly<Partial<Record<(typeof filterOrders)['query'][number], string>>>;
  /** Counted from 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface OrdersPage {
  readonly rows: readonly Row[];
  /** What the upstream says of its pages; `null` where it gave everything at once. */
  readonly paging: Paging | null;
}

const settle = async <Value>(load: () => Promise<Value>): Promise<Value | Error> => {
  try {
    return await load();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/** Writes a key of several parts as one text, which no other parts can give. */
const joined = (key: object): string => JSON.stringify(key);

const perKey = <Value, Key = string>(
  load: (key: Key) => Promise<Value>,
  nameOf?: (key: Key) => string,
): KeyedReads<Value, Key> => new KeyedReads(load, nameOf);

const borrowerParams = ({ orderId: order_id, borrowerId: borrower_id }: BorrowerKey) => ({
  order_id,
  borrower_id,
});

/**
 * The reads of one request. Nothing in them outlives it, or is seen by another.
 *
 * @param onCall hears of every call before it is made; where it throws, that is how the call fails.
 */
export const createLoaders = (
  upstreams: Upstreams,
  options: CallOptions = {},
  onCall: () => void = () => {},
) => {
  const call = <E extends Endpoint>(
    endpoint: E,
    input: CallInput<E>,
    onPaging?: CallOptions['onPaging'],
  ): Promise<ReplyOf<E>> => {
    try {
      onCall();
    } catch (error) {
      return Promise.reject(error);
    }
    return upstreams[endpoint.system].call(endpoint, input, onPaging ? { ...options, onPaging } : options);
  };

  /** Reads rows by `ids`, and on if there are more pages: what is on another page is not what is not there. */
  const byIds = (endpoint: typeof filterOrders | typeof filterAssignments) => {
    const load = async (ids: readonly string[]): Promise<(Row | null)[]> => {
      const found = new Map<string, Row>();
      let lastPage = 1;
      for (let page = 1; page <= Math.min(lastPage, ids.length) && found.size < ids.length; page += 1) {
        const query = { ids: ids.join(','), per_page: String(rowsPerCall) };
        const paged = page === 1 ? query : { ...query, page: String(page) };
        const rows = await call(endpoint, { params: {}, query: paged }, (paging) => {
          lastPage = paging.lastPage;
        });
        for (const row of rows) found.set(String(row.id), row);
      }
      return ids.map((id) => found.get(id) ?? null);
    };
    return new DataLoader(load, { maxBatchSize: rowsPerCall });
  };

  const ordersPage = perKey<OrdersPage, OrdersPageKey>(async ({ filter, page, perPage }) => {
    let paging: Paging | null = null;
    const query = { ...filter, per_page: String(perPage), page: String(page) };
    const rows = await call(filterOrders, { params: {}, query }, (told) => {
      paging = told;
    });
    return { rows, paging };
  }, joined);

  /** All orders that the upstream gives for a client's account number: a handful, or it did not filter. */
  const ordersByAccountNumber = perKey(async (acct_no): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    let lastPage = 1;
    for (let page = 1; page <= Math.min(lastPage, maxPages); page += 1) {
      const found = await ordersPage.load({ filter: { acct_no }, page, perPage: rowsPerCall });
      rows.push(...found.rows);
      lastPage = found.paging?.lastPage ?? 1;
    }
    if (lastPage > maxPages) throw new BadResponseError(filterOrders);
    return rows;
  });

  const account = perKey((filenumber) => call(getaccount, { params: { filenumber } }));

  const accountsBySsn = perKey(async (ssn) => {
    const rows = await call(getaccountbysocial, { params: { ssn } });
    // They are whole rows of accounts: nobody has to ask for these again.
    for (const row of rows) account.prime(row.filenumber.trim().toUpperCase(), row);
    return rows;
  });

  const phonesOfBorrower = perKey<readonly Row[], BorrowerKey>(
    (key) => call(listBorrowerPhones, { params: borrowerParams(key) }),
    joined,
  );

  /** A phone by itself, which tells more than its row in the borrower's list. */
  const phoneDetail = perKey<Row | null, BorrowerPhoneKey>(
    ({ phoneId: phone_id, ...key }) =>
      call(getBorrowerPhone, { params: { ...borrowerParams(key), phone_id } }),
    joined,
  );

  /** Phones by their numbers: one alone by its own call, several of one borrower from the borrower's list. */
  const phoneOfBorrower = new DataLoader<BorrowerPhoneKey, Row | null, string>(
    (keys) => {
      const wanted = new Map<string, number>();
      const listOf = ({ orderId, borrowerId }: BorrowerKey) => joined({ orderId, borrowerId });
      for (const key of keys) wanted.set(listOf(key), (wanted.get(listOf(key)) ?? 0) + 1);
      const load = async (key: BorrowerPhoneKey): Promise<Row | null> => {
        const { orderId, borrowerId, phoneId } = key;
        const isListed = phonesOfBorrower.has({ orderId, borrowerId }) || (wanted.get(listOf(key)) ?? 0) > 1;
        if (!isListed) return phoneDetail.load(key);
        const rows = await phonesOfBorrower.load({ orderId, borrowerId });
        return rows.find((row) => String(row['id']) === phoneId) ?? null;
      };
      return Promise.all(keys.map((key) => settle(() => load(key))));
    },
    { cacheKeyFn: joined },
  );

  const portfolioInput = (portfolio: string) => ({ params: {}, body: { portfolio } });
  const accountsOfPortfolio = perKey<PortfolioReading>(async (portfolio) => {
    onCall();
    return upstreams.SCOLLECT.readRows(get_accounts_in_portfolio, portfolioInput(portfolio), options);
  });

  return {
    account,
    accountsBySsn,
    accountsByPhone: perKey((PhoneNumber) => call(searchbyphone, { params: {}, body: { PhoneNumber } })),
    accountsOfPortfolio,
    /** The same for a later page: what a read of late has left is enough, where this request made none. */
    accountsOfPortfolioAgain: async (portfolio: string): Promise<PortfolioReading> => {
      const kept = accountsOfPortfolio.has(portfolio)
        ? undefined
        : upstreams.SCOLLECT.keptRows(get_accounts_in_portfolio, portfolioInput(portfolio), options);
      return kept ?? accountsOfPortfolio.load(portfolio);
    },
    portfolios: perKey((_: 'all') => call(getportfoliolist, { params: {} })),
    phonesOfAccount: perKey((filenumber) => call(getphones, { params: { filenumber } })),
    notes: perKey((filenumber) => call(getnotes, { params: { filenumber } })),
    attempts: perKey((filenumber) => call(getattempts, { params: { filenumber } })),
    emails: perKey((filenumber) => call(getemails, { params: { filenumber } })),
    emailStats: perKey((filenumber) => call(getemailstats, { params: { filenumber } })),
    payments: perKey((filenumber) => call(getpayments, { params: { filenumber } })),
    lastPayment: perKey((filenumber) => call(get_lastpayinfo, { params: {}, body: { filenumber } })),
    settlement: perKey((FileNumber) => call(getAlaccountdata, { params: {}, body: { FileNumber } })),
    paymentMethods: perKey<readonly Row[], PaymentMethodsKey>(
      ({ fileNumber: FileNumber, method: paymentMethod, last4: last4Card }) =>
        call(getAlpaymentdata, { params: {}, body: { FileNumber, paymentMethod, last4Card } }),
      joined,
    ),

    order: byIds(filterOrders),
    /** The order by itself, which may tell more than its row among others. */
    orderDetail: perKey((order_id) => call(getOrder, { params: { order_id } })),
    ordersPage,
    ordersByAccountNumber,
    borrowersOfOrder: perKey((order_id) => call(listOrderBorrowers, { params: { order_id } })),
    collateralsOfOrder: perKey((order_id) => call(listOrderCollaterals, { params: { order_id } })),
    assignmentsOfOrder: perKey((order_id) => call(listOrderAssignments, { params: { order_id } })),
    photosOfOrder: perKey((order_id) => call(listOrderPhotos, { params: { order_id } })),
    assignment: byIds(filterAssignments),
    addressesOfBorrower: perKey<readonly Row[], BorrowerKey>(
      (key) => call(listBorrowerAddresses, { params: borrowerParams(key) }),
      joined,
    ),
    phonesOfBorrower,
    phoneOfBorrower,
    phoneDetail,
  };
};

export type Loaders = ReturnType<typeof createLoaders>;

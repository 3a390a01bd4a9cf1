import DataLoader from 'dataloader';
import type { CallOptions } from '../upstreams/client/client.ts';
import type { ResponseListeners } from '../upstreams/client/result.ts';
import type { CallInput, Endpoint, ReplyOf } from '../upstreams/endpoint/endpoint.ts';
import { absentFrom, leftOutOf } from '../upstreams/endpoint/left-out.ts';
import { asNumber } from '../upstreams/endpoint/response-keys.ts';
import type { Row } from '../upstreams/endpoint/row.ts';
import type { Paging } from '../upstreams/endpoint/verdict.ts';
import { BadResponseError, mismatchedResponse } from '../upstreams/errors.ts';
import { filterAssignments, listOrderAssignments } from '../upstreams/recoveryconnect/assignments.ts';
import { listBorrowerAddresses, listOrderBorrowers } from '../upstreams/recoveryconnect/borrowers.ts';
import { filterOrders, getOrder, listOrderCollaterals } from '../upstreams/recoveryconnect/orders.ts';
import { getBorrowerPhone, listBorrowerPhones } from '../upstreams/recoveryconnect/phones.ts';
import { listOrderPhotos } from '../upstreams/recoveryconnect/photos.ts';
import type { RowListReader } from '../upstreams/rows/row-list.ts';
import {
  getAlaccountdata,
  getaccount,
  getaccountbysocial,
  searchbyphone,
} from '../upstreams/scollect/accounts.ts';
import { getattempts } from '../upstreams/scollect/attempts.ts';
import { isFullAccountRow } from '../upstreams/scollect/full-account-row.ts';
import { getemails, getemailstats } from '../upstreams/scollect/messages.ts';
import { getnotes } from '../upstreams/scollect/notes.ts';
import { get_lastpayinfo, getAlpaymentdata, getpayments } from '../upstreams/scollect/payments.ts';
import { getphones } from '../upstreams/scollect/phones.ts';
import { get_accounts_in_portfolio, getportfoliolist } from '../upstreams/scollect/portfolios.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { KeyedReads } from './keyed-reads.ts';

/** The size of the largest page of RecoveryConnect that is known. */
const rowsPerCall = 250;

/** A response with more pages than this is not filtered by the account number. */
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
export type PortfolioReading = RowListReader<ReplyOf<typeof get_accounts_in_portfolio>>;

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

const borrowerParams = ({ orderId: order_id, borrowerId: borrower_id }: BorrowerKey) => ({
  order_id,
  borrower_id,
});

const portfolioInput = (portfolio: string) => ({ params: {}, body: { portfolio } });

/** The reads of one request. Nothing in them outlives it, or is seen by another. */
export class Loaders {
  readonly #upstreams: Upstreams;
  readonly #options: CallOptions;
  readonly #onCall: () => void;
  // Of two dozen kinds a request asks for a few: the others cost it nothing.
  readonly #made: Record<string, unknown> = {};

  /** @param onCall hears of every call before it is made; where it throws, that is how the call fails. */
  constructor(upstreams: Upstreams, options: CallOptions = {}, onCall: () => void = () => {}) {
    this.#upstreams = upstreams;
    this.#options = options;
    this.#onCall = onCall;
  }

  get account() {
    return this.#perKey('account', (filenumber) => this.#call(getaccount, { params: { filenumber } }));
  }

  get accountsBySsn() {
    return this.#perKey('accountsBySsn', async (ssn) => {
      const rows = await this.#call(getaccountbysocial, { params: { ssn } });
      // Documented rows are as full as those of getaccount, which is not called for them.
      for (const row of rows.filter(isFullAccountRow)) {
        this.account.prime(String(row.filenumber).trim().toUpperCase(), row);
      }
      return rows;
    });
  }

  get accountsByPhone() {
    return this.#perKey('accountsByPhone', (PhoneNumber) =>
      this.#call(searchbyphone, { params: {}, body: { PhoneNumber } }),
    );
  }

  get accountsOfPortfolio() {
    return this.#perKey<PortfolioReading>('accountsOfPortfolio', async (portfolio) => {
      this.#onCall();
      const input = portfolioInput(portfolio);
      return this.#upstreams.SCOLLECT.readRows(get_accounts_in_portfolio, input, this.#options);
    });
  }

  /** The same for a later page: the cached rows of a recent read suffice, unless this request made its own. */
  async accountsOfPortfolioAgain(portfolio: string): Promise<PortfolioReading> {
    const input = portfolioInput(portfolio);
    const kept = this.accountsOfPortfolio.has(portfolio)
      ? undefined
      : this.#upstreams.SCOLLECT.keptRows(get_accounts_in_portfolio, input, this.#options);
    return kept ?? this.accountsOfPortfolio.load(portfolio);
  }

  get portfolios() {
    return this.#perKey('portfolios', (_: 'all') => this.#call(getportfoliolist, { params: {} }));
  }

  get phonesOfAccount() {
    return this.#perKey('phonesOfAccount', (filenumber) => this.#call(getphones, { params: { filenumber } }));
  }

  get notes() {
    return this.#perKey('notes', (filenumber) => this.#call(getnotes, { params: { filenumber } }));
  }

  get attempts() {
    return this.#perKey('attempts', (filenumber) => this.#call(getattempts, { params: { filenumber } }));
  }

  get emails() {
    return this.#perKey('emails', (filenumber) => this.#call(getemails, { params: { filenumber } }));
  }

  get emailStats() {
    return this.#perKey('emailStats', (filenumber) => this.#call(getemailstats, { params: { filenumber } }));
  }

  get payments() {
    return this.#perKey('payments', (filenumber) => this.#call(getpayments, { params: { filenumber } }));
  }

  get lastPayment() {
    return this.#perKey('lastPayment', (filenumber) =>
      this.#call(get_lastpayinfo, { params: {}, body: { filenumber } }),
    );
  }

  get settlement() {
    return this.#perKey('settlement', (FileNumber) =>
      this.#call(getAlaccountdata, { params: {}, body: { FileNumber } }),
    );
  }

  get paymentMethods() {
    return this.#perKey<readonly Row[], PaymentMethodsKey>(
      'paymentMethods',
      ({ fileNumber: FileNumber, method: paymentMethod, last4: last4Card }) =>
        this.#call(getAlpaymentdata, { params: {}, body: { FileNumber, paymentMethod, last4Card } }),
      joined,
    );
  }

  get order() {
    return this.#once('order', () => this.#byIds(filterOrders));
  }

  /** A single order, which may contain more fields than its row in a list. */
  get orderDetail() {
    return this.#perKey('orderDetail', (order_id) => this.#call(getOrder, { params: { order_id } }));
  }

  get ordersPage() {
    return this.#perKey<OrdersPage, OrdersPageKey>(
      'ordersPage',
      async ({ filter, page, perPage }) => {
        let paging: Paging | null = null;
        const query = { ...filter, per_page: String(perPage), page: String(page) };
        const onPaging = (found: Paging): void => {
          paging = found;
        };
        const rows = await this.#call(filterOrders, { params: {}, query }, { onPaging });
        return { rows, paging };
      },
      joined,
    );
  }

  /** All orders that the upstream gives for a client's account number: a handful, or it did not filter. */
  get ordersByAccountNumber() {
    return this.#perKey('ordersByAccountNumber', async (acct_no): Promise<readonly Row[]> => {
      const rows: Row[] = [];
      let lastPage = 1;
      for (let page = 1; page <= Math.min(lastPage, maxPages); page += 1) {
        const found = await this.ordersPage.load({ filter: { acct_no }, page, perPage: rowsPerCall });
        rows.push(...found.rows);
        lastPage = found.paging?.lastPage ?? 1;
      }
      if (lastPage > maxPages) throw new BadResponseError(filterOrders);
      return rows;
    });
  }

  get borrowersOfOrder() {
    return this.#perKey('borrowersOfOrder', (order_id) =>
      this.#call(listOrderBorrowers, { params: { order_id } }),
    );
  }

  get collateralsOfOrder() {
    return this.#perKey('collateralsOfOrder', (order_id) =>
      this.#call(listOrderCollaterals, { params: { order_id } }),
    );
  }

  get assignmentsOfOrder() {
    return this.#perKey('assignmentsOfOrder', (order_id) =>
      this.#call(listOrderAssignments, { params: { order_id } }),
    );
  }

  get photosOfOrder() {
    return this.#perKey('photosOfOrder', (order_id) => this.#call(listOrderPhotos, { params: { order_id } }));
  }

  get assignment() {
    return this.#once('assignment', () => this.#byIds(filterAssignments));
  }

  get addressesOfBorrower() {
    return this.#perKey<readonly Row[], BorrowerKey>(
      'addressesOfBorrower',
      (key) => this.#call(listBorrowerAddresses, { params: borrowerParams(key) }),
      joined,
    );
  }

  get phonesOfBorrower() {
    return this.#perKey<readonly Row[], BorrowerKey>(
      'phonesOfBorrower',
      (key) => this.#call(listBorrowerPhones, { params: borrowerParams(key) }),
      joined,
    );
  }

  /** A single phone, which contains more fields than its row in the borrower's list. */
  get phoneDetail() {
    return this.#perKey<Row | null, BorrowerPhoneKey>(
      'phoneDetail',
      ({ phoneId: phone_id, ...key }) =>
        this.#call(getBorrowerPhone, { params: { ...borrowerParams(key), phone_id } }),
      joined,
    );
  }

  /** Phones by their numbers: one alone by its own call, several of one borrower from the borrower's list. */
  get phoneOfBorrower() {
    return this.#once(
      'phoneOfBorrower',
      () =>
        new DataLoader<BorrowerPhoneKey, Row | null, string>((keys) => this.#phones(keys), {
          cacheKeyFn: joined,
        }),
    );
  }

  #phones(keys: readonly BorrowerPhoneKey[]): Promise<(Row | null | Error)[]> {
    const wanted = new Map<string, number>();
    const listOf = ({ orderId, borrowerId }: BorrowerKey) => joined({ orderId, borrowerId });
    for (const key of keys) wanted.set(listOf(key), (wanted.get(listOf(key)) ?? 0) + 1);
    const load = async (key: BorrowerPhoneKey): Promise<Row | null> => {
      const { orderId, borrowerId, phoneId } = key;
      const isListed =
        this.phonesOfBorrower.has({ orderId, borrowerId }) || (wanted.get(listOf(key)) ?? 0) > 1;
      if (!isListed) return this.phoneDetail.load(key);
      const rows = await this.phonesOfBorrower.load({ orderId, borrowerId });
      return rows.find((row) => asNumber(row['id']) === phoneId) ?? absentFrom(listBorrowerPhones, rows);
    };
    return Promise.all(keys.map((key) => settle(() => load(key))));
  }

  #perKey<Value, Key = string>(
    name: keyof Loaders,
    load: (key: Key) => Promise<Value>,
    nameOf?: (key: Key) => string,
  ): KeyedReads<Value, Key> {
    return this.#once(name, () => new KeyedReads(load, nameOf));
  }

  #once<Made>(name: keyof Loaders, make: () => Made): Made {
    this.#made[name] ??= make();
    return this.#made[name] as Made;
  }

  #call<E extends Endpoint>(
    endpoint: E,
    input: CallInput<E>,
    listeners?: Pick<ResponseListeners, 'onPaging' | 'onStrays'>,
  ): Promise<ReplyOf<E>> {
    try {
      this.#onCall();
    } catch (error) {
      return Promise.reject(error);
    }
    const options = listeners ? { ...this.#options, ...listeners } : this.#options;
    return this.#upstreams[endpoint.system].call(endpoint, input, options);
  }

  /**
   * Reads rows by `ids`, and on if there are more pages: what is on another page is not what is not there. A row of
   * another id shows that the upstream did not filter, and a row that was left out may be that of any: an id without a
   * row then has failed.
   */
  #byIds(endpoint: typeof filterOrders | typeof filterAssignments): DataLoader<string, Row | null> {
    const load = async (ids: readonly string[]): Promise<(Row | Error | null)[]> => {
      const found = new Map<string, Row>();
      let lastPage = 1;
      let isFiltered = true;
      let isComplete = true;
      const listeners = {
        onPaging: (paging: Paging): void => {
          lastPage = paging.lastPage;
        },
        onStrays: (): void => {
          isFiltered = false;
        },
      };
      const isMore = (page: number): boolean =>
        page <= Math.min(lastPage, ids.length) && found.size < ids.length;
      for (let page = 1; isMore(page); page += 1) {
        const query = { ids: ids.join(','), per_page: String(rowsPerCall) };
        const paged = page === 1 ? query : { ...query, page: String(page) };
        const rows = await this.#call(endpoint, { params: {}, query: paged }, listeners);
        for (const row of rows) found.set(asNumber(row.id), row);
        isComplete &&= leftOutOf(rows).length === 0;
      }
      const absent = (): Error | null => {
        if (!isFiltered) return mismatchedResponse(endpoint);
        return isComplete ? null : new BadResponseError(endpoint);
      };
      return ids.map((id) => found.get(id) ?? absent());
    };
    return new DataLoader(load, { maxBatchSize: rowsPerCall });
  }
}

import DataLoader from 'dataloader';
import type { CallOptions } from '../upstreams/client/client.ts';
import type { CallInput, Endpoint, ReplyOf } from '../upstreams/endpoint/endpoint.ts';
import { isKeyed, type KeyedEndpoint, type KeyOf, keyReaderOf } from '../upstreams/endpoint/keyed.ts';
import { absentFrom, leftOutOf } from '../upstreams/endpoint/left-out.ts';
import { asNumber } from '../upstreams/endpoint/response-keys.ts';
import type { Row } from '../upstreams/endpoint/row.ts';
import type { Paging } from '../upstreams/endpoint/verdict.ts';
import { BadResponseError, mismatchedResponse } from '../upstreams/errors.ts';
import { filterAssignments } from '../upstreams/recoveryconnect/assignments.ts';
import { filterOrders } from '../upstreams/recoveryconnect/orders.ts';
import { rowsPerCall } from '../upstreams/recoveryconnect/page.ts';
import { getBorrowerPhone, listBorrowerPhones } from '../upstreams/recoveryconnect/phones.ts';
import type { RowListReader } from '../upstreams/rows/row-list.ts';
import { getaccount, getaccountbysocial } from '../upstreams/scollect/accounts.ts';
import { isFullAccountRow } from '../upstreams/scollect/full-account-row.ts';
import { get_accounts_in_portfolio } from '../upstreams/scollect/portfolios.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { canonicalFileNumber } from '../values/file-number.ts';
import { canonicalId } from '../values/numeric-id.ts';
import { KeyedReads } from './keyed-reads.ts';

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

const portfolioInput = (portfolio: string) => ({ params: {}, body: { portfolio } });

/** The loaders that read by an endpoint in another way than by its key. */
const furtherLoaders: Readonly<Record<string, readonly (keyof Loaders)[]>> = {
  getaccountbysocial: ['accountsBySsn'],
  get_accounts_in_portfolio: ['accountsOfPortfolio', 'keptAccountsOfPortfolio'],
  filterOrders: ['order', 'ordersPage', 'ordersByAccountNumber'],
  filterAssignments: ['assignment'],
  getBorrowerPhone: ['phoneOfBorrower'],
  listBorrowerPhones: ['phoneOfBorrower'],
};

/** The reads of one request. Nothing in them outlives it, or is seen by another. */
export class Loaders {
  readonly #upstreams: Upstreams;
  readonly #options: CallOptions;
  readonly #onCall: () => void;
  // Of two dozen kinds a request asks for a few: the others cost it nothing.
  readonly #made: Record<string, unknown> = {};
  #sorted: Map<readonly Row[], readonly unknown[]> | undefined;

  /** @param onCall hears of every call before it is made; where it throws, that is how the call fails. */
  constructor(upstreams: Upstreams, options: CallOptions = {}, onCall: () => void = () => {}) {
    this.#upstreams = upstreams;
    this.#options = options;
    this.#onCall = onCall;
  }

  /** The reads of an endpoint by its key. */
  of<E extends KeyedEndpoint>(endpoint: E): KeyedReads<ReplyOf<E>, KeyOf<E>> {
    const { operation } = endpoint;
    this.#made[operation] ??= this.#keyed(endpoint);
    return this.#made[operation] as KeyedReads<ReplyOf<E>, KeyOf<E>>;
  }

  #keyed<E extends KeyedEndpoint>(endpoint: E): KeyedReads<ReplyOf<E>, KeyOf<E>> {
    const { nameOf, inputOf } = keyReaderOf(endpoint);
    return new KeyedReads((key) => this.#call(endpoint, inputOf(key) as CallInput<E>), nameOf);
  }

  /**
   * Forgets what was read by an endpoint.
   *
   * @param known the parts of a key that are known. Without all of them, everything that the endpoint read is forgotten.
   */
  forget(endpoint: Endpoint, known: object): void {
    for (const name of furtherLoaders[endpoint.operation] ?? []) this.#forgetAll(name);
    if (!isKeyed(endpoint)) return;
    if (endpoint.filter === undefined && keyReaderOf(endpoint).isKey(known)) {
      this.of(endpoint).clear(known as KeyOf<KeyedEndpoint>);
    } else {
      this.#forgetAll(endpoint.operation);
    }
  }

  /** Reads by a key once more. The read begins now: it joins none in flight, and is not kept for this request. */
  readAnew<E extends KeyedEndpoint>(endpoint: E, key: KeyOf<E>): Promise<ReplyOf<E>> {
    this.forget(endpoint, key);
    return this.#call(endpoint, keyReaderOf(endpoint).inputOf(key) as CallInput<E>, { joins: false });
  }

  #forgetAll(name: string): void {
    const reads = this.#made[name] as { readonly clearAll: () => unknown } | undefined;
    reads?.clearAll();
  }

  get accountsBySsn() {
    return this.#perKey('accountsBySsn', async (ssn) => {
      const rows = await this.#call(getaccountbysocial, { params: { ssn } });
      // Documented rows are as full as those of getaccount, which is not called for them.
      for (const row of rows.filter(isFullAccountRow)) {
        this.of(getaccount).prime({ fileNumber: canonicalFileNumber(row.filenumber) }, row);
      }
      return rows;
    });
  }

  get accountsOfPortfolio() {
    return this.#perKey<PortfolioReading>('accountsOfPortfolio', async (portfolio) => {
      this.#onCall();
      const input = portfolioInput(portfolio);
      return this.#upstreams.SCOLLECT.readRows(get_accounts_in_portfolio, input, this.#options);
    });
  }

  /** The rows of a recent read. They are looked for once: that may take a command of Redis. */
  get keptAccountsOfPortfolio() {
    return this.#perKey<PortfolioReading | undefined>('keptAccountsOfPortfolio', async (portfolio) => {
      const input = portfolioInput(portfolio);
      return this.#upstreams.SCOLLECT.keptRows(get_accounts_in_portfolio, input, this.#options);
    });
  }

  /** The same for a later page: the cached rows of a recent read suffice, unless this request made its own. */
  async accountsOfPortfolioAgain(portfolio: string): Promise<PortfolioReading> {
    const kept = this.accountsOfPortfolio.has(portfolio)
      ? undefined
      : await this.keptAccountsOfPortfolio.load(portfolio);
    return kept ?? this.accountsOfPortfolio.load(portfolio);
  }

  get order() {
    return this.#once('order', () => this.#byIds(filterOrders));
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

  get assignment() {
    return this.#once('assignment', () => this.#byIds(filterAssignments));
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
        this.of(listBorrowerPhones).has({ orderId, borrowerId }) || (wanted.get(listOf(key)) ?? 0) > 1;
      if (!isListed) return this.of(getBorrowerPhone).load(key);
      const rows = await this.of(listBorrowerPhones).load({ orderId, borrowerId });
      return rows.find((row) => asNumber(row['id']) === phoneId) ?? absentFrom(listBorrowerPhones, rows);
    };
    return Promise.all(keys.map((key) => settle(() => load(key))));
  }

  /** Returns the sorted items of the rows of a response, which are sorted once for the whole request. */
  sorted<Item>(rows: readonly Row[], sort: () => readonly Item[]): readonly Item[] {
    this.#sorted ??= new Map();
    const known = this.#sorted.get(rows);
    if (known) return known as readonly Item[];
    const made = sort();
    this.#sorted.set(rows, made);
    return made;
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
    own?: Pick<CallOptions, 'onPaging' | 'onStrays' | 'joins'>,
  ): Promise<ReplyOf<E>> {
    try {
      this.#onCall();
    } catch (error) {
      return Promise.reject(error);
    }
    const options = own ? { ...this.#options, ...own } : this.#options;
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
        for (const row of rows) found.set(canonicalId(row.id), row);
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

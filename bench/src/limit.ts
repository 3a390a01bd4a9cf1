import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Dispatcher, Pool } from 'undici';
import {
  accountAnswer,
  accountsAnswer,
  largePageAnswer,
  largePageSize,
  noteAnswer,
  type OrderRows,
  ordersAnswer,
  pageAnswer,
  pageSize,
} from './answers.ts';
import { type AccountCall, errorOf, type Failure } from './failures.ts';
import { documentIdOf } from './forms.ts';
import type { Answer, Variables } from './operations.ts';
import { recollectDialect } from './recollect-dialect.ts';
import type { Row } from './wire.ts';

// The least that a gateway on Node can do: the same calls to the upstream, each wave at once, every answer parsed
// whole, and the same data written. It checks nothing, converts nothing and knows no GraphQL.

const { PORT = '', UPSTREAM = '', UPSTREAM_TOKEN = '' } = process.env;

const pool = new Pool(UPSTREAM);
const headers = { authorization: `Bearer ${UPSTREAM_TOKEN}` };
const jsonHeaders = { ...headers, 'content-type': 'application/json' };

class FailedCallError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super('The upstream failed.');
    this.failure = failure;
  }
}

const exchange = (method: 'GET' | 'POST', path: string, body: string | null = null): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: (_, code) => {
        status = code;
      },
      onResponseData: (_, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        if (status === 200) resolve(JSON.parse(Buffer.concat(chunks).toString()));
        else reject(new FailedCallError('status'));
      },
      onResponseError: (_, error) => reject(error),
    };
    pool.dispatch({ method, path, headers: body === null ? headers : jsonHeaders, body }, handler);
  });

const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> =>
  ((await exchange(method, path, body && JSON.stringify(body))) as { result: unknown }).result;

const rowsOf = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Row[]> => {
  const rows = (await call(method, path, body)) as Row[];
  // As Scollect fails: a row with an error, and a status.
  if (rows.length === 2 && typeof rows[1] === 'number') throw new FailedCallError('body');
  return rows;
};

const listsOf = async (fileNumber: string) => {
  const [phones, payments] = await Promise.all([
    rowsOf('GET', `/getphones/${fileNumber}`),
    rowsOf('GET', `/getpayments/${fileNumber}`),
  ]);
  return { phones, payments };
};

const account = async (fileNumber: string): Promise<unknown> => {
  const [[row = {}], lists] = await Promise.all([
    rowsOf('GET', `/getaccount/${fileNumber}`),
    listsOf(fileNumber),
  ]);
  return accountAnswer(row, lists);
};

const failing = async (fileNumber: string): Promise<Answer> => {
  const errors: unknown[] = [];
  const read = async (operation: AccountCall): Promise<Row[] | null> => {
    try {
      return await rowsOf('GET', `/${operation}/${fileNumber}`);
    } catch (error) {
      if (!(error instanceof FailedCallError)) throw error;
      errors.push(errorOf(operation, error.failure));
      return null;
    }
  };
  const [rows, phones, payments] = await Promise.all([
    read('getaccount'),
    read('getphones'),
    read('getpayments'),
  ]);
  const data = accountAnswer(rows?.[0] ?? null, { phones, payments });
  return errors.length === 0 ? { data } : { errors, data };
};

const accountsOfPhone = async (number: string): Promise<unknown> => {
  const found = await call('POST', '/searchbyphone', { PhoneNumber: number });
  const rows = (found as { success: Row[] }).success;
  return accountsAnswer(rows, await Promise.all(rows.map((row) => listsOf(String(row['filenumber'])))));
};

const portfolioRows = async (portfolio: string, size: number): Promise<Row[]> => {
  const [, rows] = await Promise.all([
    rowsOf('GET', '/getportfoliolist'),
    rowsOf('POST', '/get_accounts_in_portfolio', { portfolio }),
  ]);
  return rows.slice(0, size);
};

const dataOf = async (path: string): Promise<Row[]> =>
  ((await exchange('GET', path)) as { data: Row[] }).data;

/** All orders by one call, and their borrowers beside; then the phones of all borrowers. */
const orders = async (orderIds: readonly string[]): Promise<unknown> => {
  const [rows, borrowers] = await Promise.all([
    dataOf(`/api/v150/recon/orders?ids=${orderIds.join()}`),
    Promise.all(orderIds.map((id) => dataOf(`/api/v140/orders/${id}/borrowers`))),
  ]);
  const withPhones = async (order: Row, own: Row[]): Promise<OrderRows> => ({
    order,
    borrowers: own,
    phones: await Promise.all(
      own.map(({ id }) => dataOf(`/api/v140/orders/${order['id']}/borrowers/${id}/phones`)),
    ),
  });
  return ordersAnswer(
    await Promise.all(rows.map((order, index) => withPhones(order, borrowers[index] ?? []))),
  );
};

const note = async ({ input }: Variables): Promise<unknown> => {
  const { fileNumber, collectorName, body } = input as Readonly<Record<string, string>>;
  await call('POST', '/InsertNoteline', {
    filenumber: fileNumber,
    collectorname: collectorName,
    logmessage: body,
  });
  return noteAnswer;
};

const keyIn = ({ key }: Variables): string => String(key);

const dataFor: Readonly<Record<string, (variables: Variables) => Promise<unknown>>> = {
  Account: (variables) => account(keyIn(variables)),
  NewDocument: (variables) => account(keyIn(variables)),
  AccountsOfPhone: (variables) => accountsOfPhone(keyIn(variables)),
  PortfolioPage: async (variables) => pageAnswer(await portfolioRows(keyIn(variables), pageSize)),
  LargePage: async (variables) => largePageAnswer(await portfolioRows(keyIn(variables), largePageSize)),
  Orders: (variables) => orders(Object.values(variables).map(String)),
  Note: note,
};

/** The names of operations; that of a new document ends by its key. */
const nameIn = (query: string): string => /^\w+ ([A-Za-z]+)/.exec(query)?.[1] ?? '';

const answerTo = async (query: string, variables: Variables): Promise<Answer> => {
  const name = nameIn(query);
  return name === 'Failing' ? failing(keyIn(variables)) : { data: await dataFor[name]?.(variables) };
};

const { account: persisted = '' } = recollectDialect.documents;
const documents: ReadonlyMap<string, string> = new Map([[documentIdOf(persisted), persisted]]);

createServer(async (request, response) => {
  const { query, documentId, variables } = JSON.parse(await text(request)) as {
    query?: string | null;
    documentId?: string;
    variables: Variables;
  };
  const document = query ?? documents.get(documentId ?? '') ?? '';
  const body = JSON.stringify(await answerTo(document, variables));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}).listen(Number(PORT), '127.0.0.1');

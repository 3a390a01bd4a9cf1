import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Dispatcher, Pool } from 'undici';
import { accountAnswer, accountsAnswer, pageAnswer, pageSize } from './operations.ts';
import type { Row } from './wire.ts';

// The least that a gateway on Node can do: the same calls to the upstream, each wave at once, every answer parsed
// whole, and the same data written. It checks nothing, converts nothing and knows no GraphQL.

const { PORT = '', UPSTREAM = '', UPSTREAM_TOKEN = '' } = process.env;

const pool = new Pool(UPSTREAM);
const headers = { authorization: `Bearer ${UPSTREAM_TOKEN}` };
const jsonHeaders = { ...headers, 'content-type': 'application/json' };

const call = (method: 'GET' | 'POST', path: string, body: string | null = null): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart: () => {},
      onResponseStart: () => {},
      onResponseData: (_, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () =>
        resolve((JSON.parse(Buffer.concat(chunks).toString()) as { result: unknown }).result),
      onResponseError: (_, error) => reject(error),
    };
    pool.dispatch({ method, path, headers: body === null ? headers : jsonHeaders, body }, handler);
  });

const rowsOf = async (method: 'GET' | 'POST', path: string, body?: object): Promise<Row[]> =>
  (await call(method, path, body && JSON.stringify(body))) as Row[];

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

const accountsOfPhone = async (number: string): Promise<unknown> => {
  const found = await call('POST', '/searchbyphone', JSON.stringify({ PhoneNumber: number }));
  const rows = (found as { success: Row[] }).success;
  return accountsAnswer(rows, await Promise.all(rows.map((row) => listsOf(String(row['filenumber'])))));
};

const portfolioPage = async (portfolio: string): Promise<unknown> => {
  const [, rows] = await Promise.all([
    rowsOf('GET', '/getportfoliolist'),
    rowsOf('POST', '/get_accounts_in_portfolio', { portfolio }),
  ]);
  return pageAnswer(rows.slice(0, pageSize));
};

const answerTo = (query: string, key: string): Promise<unknown> => {
  if (query.startsWith('query AccountsOfPhone')) return accountsOfPhone(key);
  return query.startsWith('query PortfolioPage') ? portfolioPage(key) : account(key);
};

createServer(async (request, response) => {
  const { query, variables } = JSON.parse(await text(request)) as {
    query: string;
    variables: { key: string };
  };
  const body = JSON.stringify({ data: await answerTo(query, variables.key) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}).listen(Number(PORT), '127.0.0.1');

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';
import type { LocalUpstream, Received } from './upstream.ts';
import { jwt } from './upstream.ts';

/** A portfolio on its way. */
export interface Coming {
  /** The API key of who asked for it. */
  readonly apiKey: string;
  /** Whether the connection was closed before all of it was sent. */
  readonly isAbandoned: () => boolean;
  write(text: string): Promise<void>;
  /** Sends the rest, and the end of the answer. */
  end(text?: string): void;
  /** Cuts the connection. */
  cut(): void;
}

const success = (result: unknown) => JSON.stringify({ result, state: 'SUCCESS' });

const comingOver = (response: ServerResponse, apiKey: string): Coming => {
  let isAbandoned = false;
  response.on('close', () => {
    isAbandoned = !response.writableFinished;
  });
  return {
    apiKey,
    isAbandoned: () => isAbandoned,
    write: (text) => new Promise((resolve) => void response.write(text, () => resolve())),
    end: (text = '') => void response.end(text),
    cut: () => void response.destroy(),
  };
};

const portfolios = ['P', 'Q', 'R', 'S'];

/** A Scollect with a few portfolios, whose sending a test controls; all else it answers at once. */
export const startStreamingScollect = async () => {
  const coming: Coming[] = [];
  let isLosingWrites = false;
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = request.method === 'GET' ? {} : ((await json(request)) as Record<string, string>);
    const { apikey, portfolio } = body;
    received.push({ method: request.method ?? '', path, query: {}, headers: request.headers, body });
    response.writeHead(200, { 'content-type': 'application/json' });
    const token = String(request.headers.authorization).split('.')[1] ?? '';
    if (portfolio !== undefined) {
      const { apiKey } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { apiKey: string };
      coming.push(comingOver(response, apiKey));
    } else if (path === '/login') {
      response.end(success({ access_token: jwt({ iat: 0, exp: 900, apiKey: apikey }) }));
    } else if (path === '/getportfoliolist') {
      response.end(success(portfolios.map((name, at) => ({ id: at + 1, portfolio: name }))));
    } else if (path === '/InsertNoteline') {
      response.end(success({ success: 'Noteline inserted successfully' }));
    } else if (path === '/insertphone') {
      if (isLosingWrites) response.destroy();
      else response.end(success({ success: 'Phone number inserted successfully' }));
    } else {
      response.end(success([{ filenumber: path.split('/').at(-1), lot_group: 'P', portfolio: 'P' }]));
    }
  }).listen(0, '127.0.0.1');
  await vi.waitFor(() => {
    if (!server.listening) throw new Error('not yet');
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const upstream: LocalUpstream = {
    url: `http://127.0.0.1:${port}`,
    received,
    calls: () => received.map(({ path }) => path).filter((path) => path !== '/login'),
    abandoned: () => [],
  };
  return {
    upstream,
    /** From now on, phones are added, but nobody hears of it. */
    loseWrites: (): void => {
      isLosingWrites = true;
    },
    /** How often a portfolio was asked for so far. */
    downloads: () => coming.length,
    /** Waits until one is asked for the n-th time, counted from 0. */
    coming: (nth = 0): Promise<Coming> =>
      vi.waitFor(
        () => {
          const one = coming[nth];
          if (!one) throw new Error('not yet');
          return one;
        },
        { timeout: 10_000, interval: 5 },
      ),
  };
};

/** Rows of a portfolio, from one to before another: more than 600 bytes each. */
export const rowsOf = (from: number, to: number, more: object = {}): string[] =>
  Array.from({ length: to - from }, (_, at) =>
    JSON.stringify({
      lotno: `R${from + at}`,
      firstname: `N "${from + at}" }]`,
      pad: '-'.repeat(600),
      level: 'L',
      ...more,
    }),
  );

export const listHead = '{"result": [';
export const listEnd = '], "state": "SUCCESS"}';

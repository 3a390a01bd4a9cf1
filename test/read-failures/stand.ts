import { expect, onTestFinished, vi } from 'vitest';
import { systemNames, type UpstreamSystem } from '../../src/upstreams/errors.ts';
import { folders } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { errorLog, type Reply, startGateway } from '../support/gateway.ts';
import { forRequest } from '../support/own-keys.ts';
import { valueAt, withValueAt } from '../support/place.ts';
import type { Answer, LocalUpstream, Received } from '../support/upstream.ts';
import { documented, endpointOf } from './documented.ts';
import type { Route } from './route.ts';
import { authFailed, json, leak, type Served, type Shape } from './shape.ts';

type Row = Readonly<Record<string, unknown>>;

/** Batch reads return the requested rows without some columns, so that an order's own call adds values. */
const byIds =
  (operation: string) =>
  ({ query }: Received): unknown => {
    const success = documented(operation) as { readonly data: readonly Row[] };
    const { company_orderno: _, ...row } = success.data[0] ?? {};
    if (query['ids']) return { data: query['ids'].split(',').map((id) => ({ ...row, id: Number(id) })) };
    const { client_id, acct_no } = query;
    if (client_id === undefined && acct_no === undefined) return success;
    // One row a page.
    const page = Number(query['page']);
    return {
      data: [{ ...row, id: page, client_accountno: acct_no }],
      meta: { current_page: page, last_page: 2, per_page: '1', total: 2 },
    };
  };

/** What the operations answer beyond the documents, so that every way to a read has something to find. */
const usual: Readonly<Record<string, (request: Received) => unknown>> = {
  filterOrders: byIds('filterOrders'),
  filterAssignments: byIds('filterAssignments'),
  getaccount: ({ path }) => {
    const { result, ...rest } = documented('getaccount') as { readonly result: readonly Row[] };
    return { ...rest, result: [{ ...result[0], filenumber: path.split('/').at(-1) }] };
  },
  getBorrowerPhone: () => {
    const { data, ...rest } = documented('getBorrowerPhone') as { readonly data: Row };
    return { ...rest, data: { ...data, address_with_number: '1 Main St' } };
  },
};

const successOf = (operation: string, request: Received): unknown =>
  forRequest(operation, request, usual[operation]?.(request) ?? documented(operation));

interface Switch {
  /** What the route's own requests are answered; what the documents say where there is none. */
  answer: Served | undefined;
  /** How many of them there were. */
  calls: number;
}

const startSystem = (system: UpstreamSystem, route: Route, served: Switch): Promise<LocalUpstream> => {
  const { operation, at } = route;
  const switchable = (request: Received): Answer => {
    const success = successOf(operation, request);
    const { path, query, body } = request;
    if (!JSON.stringify([path, query, body]).includes(at)) return json(success);
    served.calls += 1;
    if (typeof served.answer !== 'function') return served.answer ?? json(success);
    return served.answer(success, served.calls);
  };
  const own = endpointOf(operation).system === system ? { [operation]: switchable } : {};
  const others = Object.keys(usual).map((name) => [
    name,
    (request: Received) => json(successOf(name, request)),
  ]);
  return startCorpusUpstream(folders[system], { ...Object.fromEntries(others), ...own });
};

export const start = async (route: Route, timeoutMs = 5000) => {
  const served: Switch = { answer: undefined, calls: 0 };
  const error = vi.fn();
  // Tries follow each other at once.
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
  // Too little for the pauses that the upstream asks for.
  const requestTimeoutMs = 6000;
  const scollect = await startSystem('SCOLLECT', route, served);
  const recoveryConnect = await startSystem('RECOVERY_CONNECT', route, served);
  const { query } = await startGateway({
    scollect,
    recoveryConnect,
    log: errorLog(error),
    timeoutMs,
    requestTimeoutMs,
  });
  const logIns = () =>
    [...scollect.received, ...recoveryConnect.received].filter(
      ({ path }) => path === '/login' || path.endsWith('/auth'),
    ).length;
  const ask = async (answer?: Served) => {
    Object.assign(served, { answer, calls: 0 });
    const before = logIns();
    const reply = await query(route.document);
    return { reply, calls: served.calls, logIns: logIns() - before };
  };
  return { ask, error };
};

/** Fields are resolved in no certain order. */
const sorted = ({ errors, ...reply }: Reply): object =>
  errors ? { ...reply, errors: [...errors].sort((a, b) => `${a.path}`.localeCompare(`${b.path}`)) } : reply;

/** What a query has to answer when its field's read is answered in this form. */
const expected = (route: Route, whole: unknown, outcome: Shape[2]) => {
  const { operation, paths, nothing, incomplete = (value) => value, isOneRow = false } = route;
  if (outcome === 'whole') return { status: 200, data: whole };
  const { system, method, path: template } = endpointOf(operation);
  if (outcome === 'incomplete') {
    const message = 'Some rows are incomplete and are not included.';
    const warnings = [{ upstream: system, operation, message }];
    const data = paths.reduce(
      (answer, path) => withValueAt(answer, path, incomplete(valueAt(answer, path) as object)),
      whole,
    );
    return { status: 200, data, ...(!isOneRow && { extensions: { warnings } }) };
  }
  const value = outcome === 'nothing' ? nothing : null;
  const data = paths.reduce((answer, path) => withValueAt(answer, path, value), whole);
  if (outcome === 'nothing') return { status: 200, data };
  const { says, ...extensions } = outcome;
  const errors = paths.map((path) => ({
    message: `${systemNames[system]} ${says} (${method} ${template}).`,
    path,
    locations: [expect.anything()],
    extensions: { upstream: system, operation, ...extensions },
  }));
  return sorted({ status: 200, data, errors });
};

/** How much may be asked for a read and its tries. */
const mostCalls = (outcome: Shape[2]): { readonly calls: number; readonly logIns: number } => {
  // If a token is rejected, the gateway logs in again and repeats the request once, unless that failed recently.
  if (outcome === authFailed || outcome === 'whole' || outcome === 'incomplete')
    return { calls: 2, logIns: 1 };
  const isPassing = typeof outcome === 'object' && outcome.retryable;
  return { calls: isPassing ? 3 : 1, logIns: 0 };
};

type Started = Awaited<ReturnType<typeof start>>;

/** Requests a field while its read has this form of response, and returns everything that differs from the expectation. */
export const check = async (
  route: Route,
  [name, answer, outcome]: Shape,
  { ask, error }: Started,
  whole: unknown,
): Promise<void> => {
  const found = await ask(answer);
  const cell = `${route.field} by ${route.operation}, answered with ${name}`;
  expect.soft(sorted(found.reply), cell).toEqual(expected(route, whole, outcome));
  const { calls, logIns } = mostCalls(outcome);
  expect.soft(found.calls, `${cell}: calls`).toBeGreaterThanOrEqual(1);
  expect.soft(found.calls, `${cell}: calls`).toBeLessThanOrEqual(calls);
  expect.soft(found.logIns, `${cell}: log-ins`).toBeLessThanOrEqual(logIns);
  expect.soft(JSON.stringify(found.reply), `${cell}: text of the upstream`).not.toMatch(leak);
  expect.soft(error.mock.calls, `${cell}: unforeseen`).toEqual([]);
};

/** What the query answers while nothing fails: all of it has to be there, or no loss could show. */
export const askWhole = async (route: Route, { ask }: Started): Promise<unknown> => {
  const { reply, calls } = await ask();
  expect(reply, route.document).toEqual({ status: 200, data: expect.anything() });
  expect(calls, route.document).toBe(1);
  for (const path of route.paths) {
    expect(valueAt(reply.data, path), route.document).not.toBeNull();
    expect(valueAt(reply.data, path), route.document).not.toEqual(route.nothing);
  }
  return reply.data;
};

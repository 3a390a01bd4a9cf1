import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import type { HttpReply } from '../../src/upstreams/endpoint/verdict.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { recoveryConnectOperations } from '../../src/upstreams/recoveryconnect/operations.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { scollectOperations } from '../../src/upstreams/scollect/operations.ts';
import { corpusOf } from '../support/corpus.ts';

const systems = [
  {
    system: 'SCOLLECT',
    corpus: corpusOf('scollect'),
    endpoints: Object.entries<Endpoint>(scollectOperations),
    judge: judgeScollect,
  },
  {
    system: 'RECOVERY_CONNECT',
    corpus: corpusOf('recoveryconnect'),
    endpoints: Object.entries<Endpoint>(recoveryConnectOperations),
    judge: judgeRecoveryConnect,
  },
] as const;

const all = systems.flatMap(({ corpus, endpoints, judge }) =>
  corpus.map((file) => ({ file, endpoints, judge, operation: file.operation })),
);

const endpointOf = ({ file, endpoints }: (typeof all)[number]): Endpoint => {
  const found = endpoints.filter(([, endpoint]) => endpoint.operation === file.operation);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} endpoints for ${file.operation}`);
  return found[0][1];
};

const ok = (json: unknown): HttpReply => ({ status: 200, headers: {}, json });

/** What each documented failure is, in the order of its corpus file. */
const failureKinds: Readonly<Record<string, readonly string[]>> = {
  createCallback: ['refused'],
  get_accounts_in_portfolio: ['badInput'],
  getaccount: ['nothing'],
  getaccountbysocial: ['nothing'],
  getAlaccountdata: ['nothing'],
  getAlpaymentdata: ['nothing'],
  getattempts: ['nothing'],
  getemails: ['nothing'],
  getemailstats: ['nothing'],
  getnotes: ['nothing'],
  getpayments: ['nothing'],
  getphones: ['nothing'],
  insert_payments_external: ['refused'],
  insertattempt: ['nothing'],
  InsertNoteline: ['nothing'],
  insertphone: ['nothing'],
  // The log-in's own 401 is a refusal of the credentials, as any other call's is one of its token.
  login: ['token'],
  run_payment_external: ['refused'],
  searchbyphone: ['nothing'],
  update_payment_external: ['badInput', 'nothing'],
  updatedbase: ['badInput'],
  updatepermissions: ['nothing'],
  updatephone: ['badInput'],
};

describe('the documented operations', () => {
  it('are 47, each with one endpoint under its own name', () => {
    expect(all).toHaveLength(47);
    for (const { system, corpus, endpoints } of systems) {
      expect(endpoints.map(([name]) => name).sort()).toEqual(corpus.map((file) => file.operation).sort());
      for (const [name, endpoint] of endpoints) expect(endpoint).toMatchObject({ operation: name, system });
    }
  });

  it('have 46 documented successes and 24 documented failures', () => {
    expect(all.filter(({ file }) => file.success !== null)).toHaveLength(46);
    expect(all.flatMap(({ file }) => file.failures)).toHaveLength(24);
    expect(Object.values(failureKinds).flat()).toHaveLength(24);
  });

  it.each(all)('$operation: method, path and query are the documented ones', (item) => {
    const { method, path, query } = endpointOf(item);
    expect({ method, path }).toEqual({ method: item.file.method, path: item.file.path });
    expect([...query].sort()).toEqual(Object.keys(item.file.query ?? {}).sort());
  });

  it.each(all)('$operation: a read by its method or name, a write otherwise', (item) => {
    const { method, operation, effect, nothing } = endpointOf(item);
    const asksByPost = /^(get|search|login$|authenticate$)/.test(operation);
    expect(effect).toBe(method === 'GET' || asksByPost ? 'read' : 'write');
    const meanings = effect === 'write' ? ['REFUSED', 'UNKNOWN'] : ['NO_ROWS', 'NOT_FOUND'];
    expect(meanings).toContain(nothing);
  });

  it.each(all)('$operation: takes the documented request, and no key beyond it', (item) => {
    const { request } = endpointOf(item);
    const documented = item.file.request ?? undefined;
    expect(request.parse(documented)).toEqual(documented);
    expect(request.safeParse({ ...(documented ?? {}), unheardOf: 1 }).success).toBe(false);
  });

  it.each(all.filter(({ file }) => file.success !== null))('$operation: its success decodes', (item) => {
    const verdict = item.judge(endpointOf(item), ok(item.file.success));
    expect(verdict).toMatchObject({ kind: 'ok', warnings: [] });
  });

  it.each(all.filter(({ file }) => file.failures.length > 0))(
    '$operation: its failures are told apart',
    (item) => {
      const kinds = item.file.failures.map((failure) => item.judge(endpointOf(item), ok(failure)).kind);
      expect(kinds).toEqual(failureKinds[item.operation]);
    },
  );
});

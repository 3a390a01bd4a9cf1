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

describe('the documented operations', () => {
  it.each(systems)(
    '$system: each has an endpoint and a fixture under its own name',
    ({ system, corpus, endpoints }) => {
      expect(corpus.length).toBeGreaterThan(0);
      expect(
        endpoints.map(([name]) => name).sort(),
        `src/sandbox/fixtures/ needs a file for each operation in operations.ts of ${system}, and reverse`,
      ).toEqual(corpus.map((file) => file.operation).sort());
      for (const [name, endpoint] of endpoints) expect(endpoint).toMatchObject({ operation: name, system });
    },
  );

  it('insert_payplan_external alone has no documented success', () => {
    const without = all.filter(({ file }) => file.success === null).map(({ operation }) => operation);
    expect(without).toEqual(['insert_payplan_external']);
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
    '$operation: its documented failures have the verdicts of its fixture',
    (item) => {
      const kinds = item.file.failures.map(({ response }) => item.judge(endpointOf(item), ok(response)).kind);
      expect(kinds, 'add what it says to src/upstreams/<system>/, as in scollect/absent.ts').toEqual(
        item.file.failures.map(({ kind }) => kind),
      );
    },
  );
});

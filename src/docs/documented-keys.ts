import { readFileSync } from 'node:fs';
import { type DocumentedKeys, keysOf } from '../upstreams/drift/documented-keys.ts';
import { payloadPath } from '../upstreams/drift/payload-path.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';
import { judged } from '../upstreams/endpoint/verdict.ts';
import { judgeRecoveryConnect } from '../upstreams/recoveryconnect/envelope.ts';
import { recoveryConnectOperations } from '../upstreams/recoveryconnect/operations.ts';
import { judgeScollect } from '../upstreams/scollect/envelope.ts';
import { scollectOperations } from '../upstreams/scollect/operations.ts';

/** The file that `npm run docs` writes. */
export const documentedKeysFile = 'src/upstreams/drift/documented-keys.json';

const fixtures = 'src/sandbox/fixtures';

const judges = { SCOLLECT: judgeScollect, RECOVERY_CONNECT: judgeRecoveryConnect };

const keysIn = (endpoint: Endpoint, json: unknown): DocumentedKeys => {
  const { verdict } = judged(judges[endpoint.system], endpoint, { status: 200, headers: {}, json });
  if (verdict.kind !== 'ok') throw new Error(`${endpoint.operation}: its documented success is no success`);
  return keysOf(json, verdict.payload, payloadPath(json, verdict.payload));
};

/** Returns the keys of all documented successes, by operation, as the text of a JSON file. */
export const generateDocumentedKeys = (): string => {
  const entries = [
    ...Object.values<Endpoint>(scollectOperations),
    ...Object.values<Endpoint>(recoveryConnectOperations),
  ].flatMap((endpoint) => {
    const folder = endpoint.system === 'SCOLLECT' ? 'scollect' : 'recoveryconnect';
    const text = readFileSync(`${fixtures}/${folder}/${endpoint.operation}.json`, 'utf8');
    const { success } = JSON.parse(text) as { readonly success: unknown };
    return success === null ? [] : [[endpoint.operation, keysIn(endpoint, success)] as const];
  });
  return `${JSON.stringify(Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1))), null, 2)}\n`;
};

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startMemoryGateway } from './memory-gateway.ts';

const literal = 'CANARY-LITERAL-OF-A-CALLER';
const variable = 'CANARY-VARIABLE-OF-A-CALLER';

const note = (text: string): string =>
  `mutation { addNote(input: { fileNumber: "R1001", collectorName: "c", body: "${text}" }) { __typename } }`;

const documents = [
  `{ account(fileNumber: "${literal}") { status } }`,
  `{ portfolio(name: "${literal}") { client } }`,
  `{ orders(filter: { clientAccountNumber: "${literal}" }) { totalCount } }`,
  `{ unknown(text: "${literal}") }`,
  `{ account(fileNumber: "${literal}"`,
  `{ account(fileNumber: 1, text: "${literal}") { status } }`,
  `{ __typename } # ${literal}`,
  `query Q($f: String = "${literal}") { account(fileNumber: $f) { status } }`,
  note(literal),
  note(literal).replace('addNote', 'addNotes'),
];

const withVariable = 'query Q($f: String!) { account(fileNumber: $f) { status phones { number } } }';

const snapshotIn = async (folder: string): Promise<string> => {
  const find = (): string | undefined => readdirSync(folder).find((name) => name.endsWith('.heapsnapshot'));
  let size = -1;
  for (;;) {
    await pause(500);
    const name = find();
    if (name === undefined) continue;
    const text = readFileSync(join(folder, name), 'latin1');
    if (text.length === size && text.trimEnd().endsWith('}')) return text;
    size = text.length;
  }
};

/** The lines of a heap snapshot that contain a text, each up to a length. */
const linesWith = (snapshot: string, text: string): string[] =>
  snapshot
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => line.slice(0, 200));

const heap = z.object({
  snapshot: z.object({ meta: z.object({ node_fields: z.array(z.string()) }) }),
  nodes: z.array(z.number()),
  strings: z.array(z.string()),
});

/** The names of all nodes of a snapshot: a text is its own name. Names of edges, such as indices, are no texts. */
const namesOfNodes = (snapshot: string): string[] => {
  const { nodes, strings, snapshot: about } = heap.parse(JSON.parse(snapshot));
  const { length } = about.meta.node_fields;
  const nameAt = about.meta.node_fields.indexOf('name');
  return Array.from({ length: nodes.length / length }, (_, index) => {
    return strings[nodes[index * length + nameAt] ?? -1] ?? '';
  });
};

const card = { number: '4532015112830366', securityCode: '7391' };

const payment = (key: string) => ({
  idempotencyKey: key,
  fileNumber: 'R1001',
  paymentDate: '2087-05-17',
  amount: '5',
  payorName: 'CANARY-PAYER-OF-A-CALLER',
  type: 'Online',
  card: { type: 'Visa', ...card, expirationMonth: 12, expirationYear: new Date().getUTCFullYear() + 1 },
});

describe('the heap after payments', () => {
  it('holds no card number, security code or name of a payer', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getpayments: { json: { result: [], state: 'SUCCESS' } },
    });
    const { gateway, folder, post } = await startMemoryGateway(['--heapsnapshot-signal=SIGUSR2'], {
      scope: 'accounts:read payments:write',
      env: { SCOLLECT_URL: scollect.url, SCOLLECT_API_KEY: 'key', SCOLLECT_PIN: 'pin' },
    });
    const document = `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { __typename } }`;
    const types: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      types.push((await post(document, { input: payment(`key ${round}`) })).body);
      // The second use of a key is answered from the ledger.
      types.push((await post(document, { input: payment(`key ${round}`) })).body);
      types.push((await post(document, { input: { ...payment(`key ${round}`), amount: '-1' } })).body);
    }
    expect(types.filter((body) => body.includes('RecordPaymentSuccess'))).toHaveLength(10);
    expect(JSON.stringify(scollect.received)).toContain(card.number);
    await Promise.all(Array.from({ length: 64 }, (_, index) => post(`{ a${index}: __typename }`)));
    await pause(500);
    gateway.process.kill('SIGUSR2');
    const snapshot = await snapshotIn(folder);
    expect(snapshot).toContain('Recollect');
    expect({
      number: linesWith(snapshot, card.number),
      securityCode: namesOfNodes(snapshot).filter((name) => name === card.securityCode),
      payer: linesWith(snapshot, 'CANARY-PAYER'),
    }).toEqual({ number: [], securityCode: [], payer: [] });
  }, 120_000);
});

describe('the heap after requests', () => {
  it('holds no token, literal or variable of a caller', async () => {
    const { gateway, folder, token, post, get } = await startMemoryGateway(
      ['--heapsnapshot-signal=SIGUSR2'],
      {
        // None that may write: the sandbox, which is in the process too, would keep the note.
        scope: 'accounts:read orders:read',
      },
    );
    for (let round = 0; round < 3; round += 1) {
      for (const document of documents) {
        expect((await post(document)).status).not.toBe(0);
        expect((await get(document)).status).not.toBe(0);
      }
      await post(withVariable, { f: variable });
      await post(withVariable, { f: [variable] });
    }
    // Others follow over the same connections, as they do in any gateway.
    await Promise.all(Array.from({ length: 64 }, (_, index) => post(`{ a${index}: __typename }`)));
    await pause(500);
    gateway.process.kill('SIGUSR2');
    const snapshot = await snapshotIn(folder);
    const signature = token.split('.')[2] as string;
    expect(snapshot).toContain('Recollect');
    const found = (canary: string): string[] => linesWith(snapshot, canary);
    expect({ token: found(signature), literal: found(literal), variable: found(variable) }).toEqual({
      token: [],
      literal: [],
      variable: [],
    });
  }, 120_000);
});

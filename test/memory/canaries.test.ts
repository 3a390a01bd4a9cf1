import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
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
    const found = (canary: string): string[] =>
      snapshot
        .split('\n')
        .filter((line) => line.includes(canary))
        .map((line) => line.slice(0, 200));
    expect({ token: found(signature), literal: found(literal), variable: found(variable) }).toEqual({
      token: [],
      literal: [],
      variable: [],
    });
  }, 120_000);
});

import { describe, expect, it } from 'vitest';
import { residentAtRestMb, residentMb, startMemoryGateway } from './memory-gateway.ts';

// The whole number is for longer runs: these are enough to crash a process that keeps what it should not.
const documents = Number(process.env['MEMORY_DOCUMENTS'] ?? 1600);

const fields = 'fileNumber status client currentBalance borrower { fullName } phones { number status }';
const payments = 'payments(first: 2) { edges { node { amount paymentDate } } }';
const largeSelection = (index: number): string =>
  Array.from({ length: 15 }, (_, part) => `a${index}_${part}: phones { number status type rawNumber }`).join(
    ' ',
  );

type Write = (index: number) => string;

const kinds: Readonly<Record<string, Write>> = {
  'an unknown field': (index) => `{x${index}}`,
  'a syntax error': (index) => `{x${index}`,
  'an unknown argument': (index) => `{ account(x${index}: 1) { status } }`,
  'a hundred unknown fields': (index) =>
    `{ ${Array.from({ length: 90 }, (_, part) => `x${index}_${part}`).join(' ')} }`,
  'a small query': (index) => `{ a${index}: __typename }`,
  'a named query with a variable': (index) =>
    `query Q${index}($f: String!) { account(fileNumber: $f) { a${index}: ${fields} ${payments} } }`,
  'a query with a key': (index) => `{ account(fileNumber: "R${index}") { ${fields} } }`,
  'a large query': (index) =>
    `query Q${index}($f: String!) { account(fileNumber: $f) { ${largeSelection(index)} } }`,
  'a query with conditions': (index) =>
    `query Q${index}($f: String!, $a: Boolean = true, $b: Boolean = false) {
      account(fileNumber: $f) { status @include(if: $a) client @skip(if: $b) a${index}: ${fields} } }`,
  'a mutation': (index) =>
    `mutation M${index}($input: AddNoteInput!) { a${index}: addNote(input: $input) { __typename } }`,
};

const variablesOf = (document: string): object => (document.includes('$f') ? { f: 'R1001' } : {});

describe('distinct documents of one caller', () => {
  it.each([
    ['valid and invalid ones', 256, documents / 2, Object.values(kinds), ''],
    ['small invalid ones', 128, documents, [kinds['an unknown field'] as Write], ''],
    [
      'large valid ones that are executed',
      128,
      documents / 4,
      [kinds['a large query'] as Write, kinds['a named query with a variable'] as Write],
      'accounts:read payments:read',
    ],
  ])(
    'take no memory afterwards: %s in a heap of %i MB',
    async (_, limitMb, count, writes, scope) => {
      const { gateway, post, get } = await startMemoryGateway([`--max-old-space-size=${limitMb}`], {
        scope,
      });
      let next = 0;
      let unanswered = 0;
      const client = async (end: number): Promise<void> => {
        while (next < end && unanswered === 0) {
          const index = next;
          next += 1;
          const document = (writes[index % writes.length] as Write)(index);
          const isGet = index % 7 === 0 && document.length < 2000;
          const { status } = isGet ? await get(document) : await post(document, variablesOf(document));
          if (status === 0) unanswered += 1;
          // Some come again, on the path of those that are known.
          if (index % 5 === 0) await post(document, variablesOf(document));
        }
      };
      const send = (end: number) => Promise.all(Array.from({ length: 8 }, () => client(end)));
      // What any load takes: compiled code, and room for new objects.
      await send(500);
      const before = await residentAtRestMb(gateway);
      await send(500 + count);
      expect({ unanswered, code: gateway.process.exitCode }).toEqual({ unanswered: 0, code: null });
      // An idle process returns what it no longer needs. V8 of Node 24 begins with it after 100 seconds.
      await expect
        .poll(() => residentMb(gateway) - before, { timeout: 150_000, interval: 1000 })
        .toBeLessThan(50);
      const after = residentMb(gateway);
      process.stdout.write(
        `resident ${before.toFixed(0)} -> ${after.toFixed(0)} MB after ${count} documents\n`,
      );
    },
    300_000 + documents * 100,
  );
});

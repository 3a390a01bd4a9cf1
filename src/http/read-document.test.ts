import { describe, expect, it } from 'vitest';
import { schema } from '../schema/schema.ts';
import { createDocumentReader } from './read-document.ts';

const limits = {
  maxTokens: 1000,
  maxDepth: 15,
  maxAliases: 30,
  maxDirectives: 50,
  maxRepeats: 20,
  maxRootFields: 20,
};

const start = () => {
  const { read } = createDocumentReader({ schema, limits, introspection: false });
  return (document: string, method = 'POST') => read({ document, method });
};

const isKept = { isKept: true, errors: [] };
const isNotKept = { isKept: false, errors: [] };

/** More distinct documents than are kept at once. */
const flood = (read: ReturnType<typeof start>): void => {
  for (let index = 0; index < 1000; index += 1) read(`query A${index} { __typename }`);
};

describe('a document', () => {
  it('is kept at once, if it is one of the first', () => {
    const read = start();
    const first = read('{ __typename }');
    expect(first).toMatchObject(isKept);
    flood(read);
    expect(read('{ __typename }')).toHaveProperty('document', (first as { document: unknown }).document);
  });

  it('is kept when it is used again, after many others', () => {
    const read = start();
    const later = '{ a: __typename b: __typename }';
    flood(read);
    expect(read(later)).toMatchObject(isNotKept);
    const again = read(later);
    expect(again).toMatchObject(isKept);
    flood(read);
    flood(read);
    expect(read(later)).toHaveProperty('document', (again as { document: unknown }).document);
  });

  it.each([
    ['may hold personal data', '{ accountsByPhone(number: "716-628-9899") { fileNumber } }', isNotKept],
    [
      'is not valid',
      '{ nothing }',
      { isKept: false, errors: [{ message: expect.stringMatching(/nothing/) }] },
    ],
    [
      'has too many aliases',
      `{ ${'...F '.repeat(3)} } fragment F on Query { ${'a: __typename '.repeat(30)} }`,
      { fault: { message: expect.stringMatching(/more than 30 aliases/) } },
    ],
    ['is none', '{', { fault: { message: expect.stringMatching(/Syntax Error/) } }],
  ])('is never kept if it %s', (_, document, expected) => {
    const read = start();
    for (let times = 3; times > 0; times -= 1) expect(read(document)).toMatchObject(expected);
  });

  it('that is kept for a POST is validated again for a GET', () => {
    const read = start();
    const document = 'query ($number: PhoneNumber!) { accountsByPhone(number: $number) { fileNumber } }';
    expect(read(document)).toMatchObject(isKept);
    for (let times = 2; times > 0; times -= 1) {
      expect(read(document, 'GET')).toMatchObject({
        errors: [{ message: expect.stringMatching(/^Personal/) }],
      });
    }
    expect(read(document)).toMatchObject(isKept);
  });
});

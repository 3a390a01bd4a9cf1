import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { corpusOf } from '../../../test/support/corpus.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { absentSentences, byFileNumber, withoutFileNumber } from './absent.ts';
import { scollectOperations } from './operations.ts';
import { textValues } from './texts.ts';
import { statesAbsence } from './words.ts';

/** Each sentence, with an operation that it answers and one that it does not. */
const sentences = [
  ['File number R100 does not exist.', 'getpayments', 'getaccountbysocial'],
  ['This file number does not exist in the system', 'getAlaccountdata', 'searchbyphone'],
  ['Data not found for this filenumber', 'InsertNoteline', 'get_accounts_in_portfolio'],
  ['File number R100 does not have any notes or may not exist.', 'getnotes', 'getattempts'],
  ['File number D3406 does not have associated phone numbers.', 'getphones', 'getnotes'],
  ['File number R100 does not have any payments', 'getpayments', 'getphones'],
  ['File number R100 does not have any attempts', 'getattempts', 'getpayments'],
  ['File number R100 does not have any e-mails', 'getemails', 'getattempts'],
  ['SSN of 111-22-333 not found', 'getaccountbysocial', 'getaccount'],
  ['This phone number does not exist in the system', 'searchbyphone', 'getattempts'],
  ['The payment data based on your search criteria does not exist', 'getAlpaymentdata', 'getnotes'],
  ['No payment info found with filenumber R46', 'update_payment_external', 'getattempts'],
] as const;

/** The sentences of documented failures. */
const documented = corpusOf('scollect').flatMap(({ failures }) =>
  failures.flatMap(({ response }) => textValues(response)),
);

describe('statesAbsence', () => {
  it.each(sentences)('%s: to %s, not to %s', (text, operation, other) => {
    expect(statesAbsence(text, operation)).toBe(true);
    expect(statesAbsence(text, other)).toBe(false);
  });

  it('tests a sentence of each row', () => {
    for (const [sentence] of absentSentences) {
      const tried = [...sentences.map(([text]) => text), ...documented].filter((text) =>
        new RegExp(sentence).test(text.toLowerCase()),
      );
      expect(tried, `add a sentence for ${sentence}`).not.toEqual([]);
    }
  });

  it('knows the operations without a file number', () => {
    const hasFileNumber = ({ path, request }: Endpoint): boolean =>
      /file_?number|referenceNumbers/i.test(
        `${path} ${JSON.stringify(z.toJSONSchema(request, { unrepresentable: 'any' }))}`,
      );
    const others = Object.values<Endpoint>(scollectOperations).filter((endpoint) => !hasFileNumber(endpoint));
    expect(
      others.map(({ operation }) => operation).sort(),
      'change `withoutFileNumber` in src/upstreams/scollect/absent.ts',
    ).toEqual(withoutFileNumber.toSorted());
  });

  it('names only operations that exist', () => {
    const known = new Set<string>(Object.keys(scollectOperations));
    const named = absentSentences.flatMap(([, operations]) =>
      operations === byFileNumber ? [] : operations,
    );
    expect(named.filter((operation) => !known.has(operation))).toEqual([]);
  });
});

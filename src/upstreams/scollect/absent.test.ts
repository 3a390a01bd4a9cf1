import { describe, expect, it } from 'vitest';
import { absentSentences } from './absent.ts';
import { scollectOperations } from './operations.ts';
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

describe('statesAbsence', () => {
  it.each(sentences)('%s: to %s, not to %s', (text, operation, other) => {
    expect(statesAbsence(text, operation)).toBe(true);
    expect(statesAbsence(text, other)).toBe(false);
  });

  it('tests a sentence of each row', () => {
    for (const [sentence] of absentSentences) {
      const tried = sentences.filter(([text]) => new RegExp(sentence).test(text.toLowerCase()));
      expect(tried, `add a sentence for ${sentence}`).not.toEqual([]);
    }
  });

  it('covers every operation with a file number', () => {
    const byOtherKeys = [
      'getaccountbysocial',
      'searchbyphone',
      'get_accounts_in_portfolio',
      'getportfoliolist',
      'login',
    ];
    const others = Object.keys(scollectOperations).filter(
      (operation) => !statesAbsence('File number R100 does not exist.', operation),
    );
    expect(others.sort(), 'list the operation in absent.ts, or here').toEqual(byOtherKeys.sort());
  });

  it('names only operations that exist', () => {
    const known = new Set<string>(Object.keys(scollectOperations));
    const named = absentSentences.flatMap(([, operations]) => operations);
    expect(named.filter((operation) => !known.has(operation))).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { checkPersonalData } from './personal-data.ts';

const check = (method: string, search: string) =>
  checkPersonalData({ method, searchParameters: new URLSearchParams(search) });

describe('the guard of personal data in addresses', () => {
  it.each([
    '',
    'query={account(fileNumber:"R1001"){client}}',
    `documentId=${'0123456789abcdef'.repeat(4)}`,
    `doc_id=${'0123456789abcdef'.repeat(2)}`,
  ])('admits %s', (search) => {
    expect(check('GET', search)).toBeUndefined();
  });

  it.each([
    'x=912-55-4418',
    'x=912%2D55%2D4418',
    'x=912+55+4418',
    '912554418',
    'documentId=123456789',
    `x=${'4242'.repeat(8)}`,
  ])('rejects %s, but not in a POST', (search) => {
    expect(check('GET', search)).toMatchObject({ status: 400 });
    expect(check('POST', search)).toBeUndefined();
  });
});

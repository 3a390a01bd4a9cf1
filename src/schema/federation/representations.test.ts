import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../schema.ts';
import { encodeId, findableTypes } from '../kit/node.ts';
import { readRepresentation } from './representations.ts';

const read = (value: unknown) => readRepresentation(value, 'representations.0');

const account = encodeId('Account', ['R1001']);

describe('a representation', () => {
  it.each<readonly [string, object, readonly string[], string]>([
    ['an id', { __typename: 'Account', id: account }, ['R1001'], 'id'],
    [
      'a file number in small letters',
      { __typename: 'Account', fileNumber: 'r1001' },
      ['R1001'],
      'fileNumber',
    ],
    ['a number with zeros', { __typename: 'Order', orderId: '0020' }, ['20'], 'orderId'],
    ['the number of an assignment', { __typename: 'Assignment', assignmentId: '7' }, ['7'], 'assignmentId'],
    ['the number of a portfolio', { __typename: 'Portfolio', portfolioId: '709' }, ['709'], 'portfolioId'],
    [
      'two keys of one object',
      { __typename: 'Account', fileNumber: 'r1001', id: account },
      ['R1001'],
      'fileNumber',
    ],
    [
      'an id of several parts',
      { __typename: 'Borrower', id: encodeId('Borrower', ['S', 'R1', 'debtor']) },
      ['S', 'R1', 'debtor'],
      'id',
    ],
  ])('with %s stands for an object', (_, value, key, name) => {
    expect(read(value)).toEqual({
      typeName: (value as { __typename: string }).__typename,
      key,
      argument: `representations.0.${name}`,
    });
  });

  const accountKeys = '`__typename` with `id` or `fileNumber`, and nothing else';
  const accountId = 'an id of Account that came with an earlier response';

  it.each<readonly [string, unknown, string, string]>([
    ['text', 'CANARY', '', 'an object with `__typename` and a key'],
    ['number', 5, '', 'an object with `__typename` and a key'],
    ['null', null, '', 'an object with `__typename` and a key'],
    ['list', [{ __typename: 'Account' }], '', 'an object with `__typename` and a key'],
    ['no key', { __typename: 'Account' }, '', accountKeys],
    ['the key of another type', { __typename: 'Account', orderId: '20' }, '', accountKeys],
    ['more than a key', { __typename: 'Account', fileNumber: 'R1', ssn: 'CANARY' }, '', accountKeys],
    ['a key that is null', { __typename: 'Account', fileNumber: null }, '.fileNumber', 'a string'],
    ['a key that is a number', { __typename: 'Order', orderId: 20 }, '.orderId', 'a string'],
    ['a key that is an object', { __typename: 'Account', id: { CANARY: 1 } }, '.id', 'a string'],
    [
      'no file number',
      { __typename: 'Account', fileNumber: '../CANARY' },
      '.fileNumber',
      'at most 50 letters and digits, as in R1001',
    ],
    ['no number', { __typename: 'Order', orderId: 'CANARY' }, '.orderId', 'a number of at most 15 digits'],
    [
      'an empty number',
      { __typename: 'Portfolio', portfolioId: ' ' },
      '.portfolioId',
      'a number of a portfolio',
    ],
    ['an id that is none', { __typename: 'Account', id: 'CANARY' }, '.id', accountId],
    ['an id without a key', { __typename: 'Account', id: encodeId('Account', []) }, '.id', accountId],
    ['an id with an empty key', { __typename: 'Account', id: encodeId('Account', ['']) }, '.id', accountId],
    ['the id of another type', { __typename: 'Account', id: encodeId('Order', ['20']) }, '.id', accountId],
    [
      'keys of two objects',
      { __typename: 'Account', fileNumber: 'R2', id: account },
      '',
      '`id` or `fileNumber` of one object',
    ],
    [
      'only an own key of another',
      { __typename: 'Note', noteId: '1' },
      '',
      '`__typename` with `id`, and nothing else',
    ],
  ])('with %s names what is wrong, and no value', (_, value, place, expected) => {
    expect(read(value)).toEqual({ argument: `representations.0${place}`, expected });
    expect(JSON.stringify(read(value))).not.toContain('CANARY');
  });

  it.each([
    ['CANARY'],
    ['Company'],
    ['Query'],
    ['__proto__'],
    ['constructor'],
    [5],
    [undefined],
    [['Account']],
  ])('of the type %j names the types that there are', (__typename) => {
    expect(read({ __typename, id: account })).toEqual({
      argument: 'representations.0.__typename',
      expected:
        'the name of an entity: Account, Address, Assignment, Borrower, Collateral, EmailEvent, Note, Order, PendingOutcome, Phone, Photo, Portfolio, SpecialInstruction',
    });
  });

  it('is read, whatever it contains', () => {
    const typeName = fc.constantFrom<unknown>(...findableTypes.keys(), 'Nothing', 1);
    const key = fc.constantFrom('id', 'fileNumber', 'orderId', 'portfolioId', 'assignmentId', '__proto__');
    const value = fc.oneof(fc.anything(), fc.constantFrom(account, 'R1001', '20'));
    const representation = fc.oneof(
      fc.anything(),
      fc.tuple(typeName, fc.dictionary(key, value)).map(([__typename, keys]) => ({ __typename, ...keys })),
    );
    fc.assert(
      fc.property(representation, (one) => {
        const found = read(one);
        expect('key' in found ? found.key.length : found.expected.length).toBeGreaterThan(0);
      }),
    );
  });
});

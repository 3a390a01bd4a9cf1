import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect } from '../support/sandboxed-upstream.ts';
import type { Answer, LocalUpstream } from '../support/upstream.ts';
import { invalidData, writeFailures } from '../support/write-failures.ts';

const borrower = { orderId: '57062885', borrowerId: '124927241' };
const place = { ...borrower, phoneId: '39317581' };

/** Each mutation: its operation, the documented request as an input, and the least that it takes. */
const mutations = {
  addBorrowerPhone: {
    operation: 'createBorrowerPhone',
    documented: {
      ...borrower,
      typeId: '6',
      mobileCarrierId: '1',
      number: '678-932-1578',
      extension: '22',
      memo: 'home',
      isValid: true,
      doNotContact: false,
    },
    least: { ...borrower, typeId: '6', number: '+16789321578' },
    leastBody: { type: 6, number: '6789321578' },
    success: 'phone { phoneId }',
  },
  updateBorrowerPhone: {
    operation: 'updateBorrowerPhone',
    documented: {
      ...place,
      typeId: '6',
      mobileCarrierId: '2',
      number: '6789321578',
      extension: '44',
      memo: 'Personal',
      isValid: true,
      doNotContact: false,
    },
    least: { ...place, doNotContact: true },
    leastBody: { no_contact: 1 },
    success: 'phone { phoneId }',
  },
  deleteBorrowerPhone: {
    operation: 'deleteBorrowerPhone',
    documented: { ...place, phoneId: '39317579' },
    least: place,
    leastBody: undefined,
    success: 'phoneId',
  },
} as const;

type Field = keyof typeof mutations;
const fields = Object.keys(mutations) as Field[];

const start = async (field: Field, recoveryConnect: LocalUpstream | null) => {
  const { query } = await startGateway({ recoveryConnect });
  return async (input: object) => {
    const { data, errors } = await query(mutationOf(field, mutations[field].success), { input });
    return { result: data[field], errors, sent: recoveryConnect?.received.slice(1) };
  };
};

const startWith = async (field: Field, answers: Readonly<Record<string, Answer>> = {}) =>
  start(field, await startCorpusUpstream('recoveryconnect', answers));

describe.each(fields)('Mutation.%s', (field) => {
  const { operation, documented, least, leastBody } = mutations[field];
  const phonePath = '/api/v140/orders/57062885/borrowers/124927241/phones';

  it('sends the documented request', async () => {
    const mutate = await startWith(field);
    const { result, errors, sent } = await mutate(documented);
    expect(errors).toBeUndefined();
    const phoneId = field === 'deleteBorrowerPhone' ? '39317579' : '39317581';
    expect(result).toEqual({
      __typename: expect.stringMatching(/Success$/),
      ...(field === 'deleteBorrowerPhone' ? { phoneId } : { phone: { phoneId } }),
    });
    const { method, request } = corpusFile('recoveryconnect', operation);
    const path = field === 'addBorrowerPhone' ? phonePath : `${phonePath}/${phoneId}`;
    expect(sent).toHaveLength(1);
    expect(sent?.[0]).toMatchObject({ method, path });
    expect(sent?.[0]?.body).toEqual(request ?? undefined);
  });

  it('sends no key for what is left out, or null', async () => {
    const nulls = Object.fromEntries(Object.keys(documented).map((name) => [name, null]));
    for (const input of [least, { ...nulls, ...least }]) {
      const mutate = await startWith(field);
      const { sent } = await mutate(input);
      expect(sent?.map(({ body }) => body)).toEqual([leastBody]);
    }
  });

  it.each(writeFailures)('reports %s', async (_, answer, expected) => {
    const mutate = await startWith(field, { [operation]: answer });
    const { result, errors, sent } = await mutate(least);
    expect(errors).toBeUndefined();
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toMatch(/App|CANARY|example/);
    expect(sent).toHaveLength(1);
  });

  it('names the input fields that RecoveryConnect rejects', async () => {
    const answer = invalidData({ order_id: ['The order id is invalid.'], person: ['The order is closed.'] });
    const mutate = await startWith(field, { [operation]: answer });
    const { result } = await mutate(least);
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'BAD_USER_INPUT',
      // A key without a field of the input is reported, too.
      message: 'RecoveryConnect found the input invalid: The given data was invalid. The order is closed.',
      fields: [{ path: 'orderId', message: 'The order id is invalid.' }],
    });
  });

  it('is null, with an error, where RecoveryConnect is not configured', async () => {
    const mutate = await start(field, null);
    const { result, errors } = await mutate(least);
    expect(result).toBeNull();
    expect(errors).toMatchObject([
      { path: [field], extensions: { upstream: 'RECOVERY_CONNECT', operation } },
    ]);
  });
});

const faultyPlace = [
  ['orderId', 'Expected a number of at most 15 digits.'],
  ['borrowerId', 'Expected a number of at most 15 digits.'],
] as const;

const faultyPhone = [
  ['typeId', 'Expected a number of at most 15 digits.'],
  ['mobileCarrierId', 'Expected a number of at most 15 digits.'],
  ['number', 'Expected a phone number with its area code, or in E.164, without an extension.'],
] as const;

const faultyInput = {
  orderId: 'x',
  borrowerId: '1234567890123456',
  typeId: '-1',
  mobileCarrierId: '',
  number: '123456',
  extension: 'x'.repeat(21),
  memo: 'x\nx',
};

describe('the input of a phone', () => {
  it.each<readonly [Field, object, readonly (readonly [string, string])[]]>([
    [
      'addBorrowerPhone',
      faultyInput,
      [
        ...faultyPlace,
        ...faultyPhone,
        ['extension', 'Expected 1 to 20 characters, and not only blanks, on one line.'],
        ['memo', 'Expected 1 to 255 characters, and not only blanks, on one line.'],
      ],
    ],
    [
      'addBorrowerPhone',
      { ...mutations.addBorrowerPhone.least, number: '+442071838750' },
      [['number', 'Expected a number of North America, as in 678-932-1578.']],
    ],
    [
      'addBorrowerPhone',
      { ...mutations.addBorrowerPhone.least, memo: ' ' },
      [['memo', 'Expected 1 to 255 characters, and not only blanks, on one line.']],
    ],
    [
      'updateBorrowerPhone',
      { ...faultyInput, phoneId: '1.5' },
      [
        ...faultyPlace,
        ['phoneId', 'Expected a number of at most 15 digits.'],
        ...faultyPhone,
        ['extension', 'Expected at most 20 characters, on one line.'],
        ['memo', 'Expected at most 255 characters, on one line.'],
      ],
    ],
    ['updateBorrowerPhone', place, [['', 'Expected at least one field to change.']]],
    ['updateBorrowerPhone', { ...place, memo: null }, [['', 'Expected at least one field to change.']]],
    ['deleteBorrowerPhone', { orderId: 'x', borrowerId: '1234567890123456', phoneId: '1' }, faultyPlace],
  ])('%s: all faults of an input are reported; nothing is sent', async (field, input, faults) => {
    const mutate = await startWith(field);
    const { result, sent } = await mutate(input);
    expect(result.__typename).toBe('InvalidInputError');
    const reported = result.fields.map(({ path, message }: Record<string, string>) => [path, message]);
    expect(reported.sort()).toEqual([...faults].sort());
    expect(sent).toEqual([]);
  });
});

describe('Mutation.updateBorrowerPhone', () => {
  it('empties extension and memo by an empty text', async () => {
    const mutate = await startWith('updateBorrowerPhone');
    const { sent } = await mutate({ ...place, extension: '', memo: ' ' });
    expect(sent?.map(({ body }) => body)).toEqual([{ extension: '', memo: '' }]);
  });
});

describe('Mutation.deleteBorrowerPhone', () => {
  it('declined by its own word is a refusal', async () => {
    const mutate = await startWith('deleteBorrowerPhone', {
      deleteBorrowerPhone: { json: { data: { success: false } } },
    });
    const { result } = await mutate(place);
    expect(result).toMatchObject({ __typename: 'RejectedError', reason: null });
  });
});

describe('a phone of a borrower', () => {
  const others = [
    { phoneId: '39317578', memo: 'old' },
    { phoneId: '39317579', memo: null },
  ];
  const phones = 'phones { phoneId memo }';
  const phone = 'phone(phoneId: "39317581") { memo addressText }';

  /** What is seen of the borrower where the added phone has a memo, or is not there. */
  const seenWith = (selection: string, added: { readonly memo: string | null } | null) => ({
    ...(selection.includes(phones) && {
      phones: added ? [...others, { phoneId: '39317581', ...added }] : others,
    }),
    ...(selection.includes(phone) && { phone: added && { ...added, addressText: null } }),
  });

  it.each([
    ['list', phones],
    ['own call', phone],
    ['list and own call', `${phones} ${phone}`],
  ])('is seen as it is by every later selection of the request, through its %s', async (_, selection) => {
    const recoveryConnect = await startSandboxedRecoveryConnect();
    const { query } = await startGateway({ recoveryConnect });
    const at = 'orderId: "57062885", borrowerId: "124927241"';
    const seen = `borrower { ${selection} }`;
    const { data, errors } = await query(`mutation {
      before: updateBorrowerPhone(input: { ${at}, phoneId: "39317578", memo: "old" }) { ...changed }
      added: addBorrowerPhone(input: { ${at}, typeId: "6", number: "(678) 932-1578", memo: "new" }) {
        ... on AddBorrowerPhoneSuccess {
          phone { source phoneId number rawNumber typeId isValid doNotContact extension memo ${seen} }
        }
      }
      again: updateBorrowerPhone(input: { ${at}, phoneId: "39317581", memo: "newer", number: "2105550142" }) {
        ...changed
      }
      emptied: updateBorrowerPhone(input: { ${at}, phoneId: "39317581", memo: "" }) { ...changed }
      deleted: deleteBorrowerPhone(input: { ${at}, phoneId: "39317581" }) {
        ... on DeleteBorrowerPhoneSuccess { phoneId ${seen} }
      }
    }
    fragment changed on UpdateBorrowerPhoneResult {
      ... on UpdateBorrowerPhoneSuccess { phone { number memo ${seen} } }
    }`);
    expect(errors).toBeUndefined();
    const changed = (number: string, memo: string | null, added: Parameters<typeof seenWith>[1]) => ({
      phone: { number, memo, borrower: seenWith(selection, added) },
    });
    expect(data).toEqual({
      before: changed('+16789321578', 'old', null),
      added: {
        phone: {
          source: 'RECOVERY_CONNECT',
          phoneId: '39317581',
          number: '+16789321578',
          rawNumber: '678-932-1578',
          typeId: '6',
          isValid: true,
          doNotContact: false,
          extension: null,
          memo: 'new',
          borrower: seenWith(selection, { memo: 'new' }),
        },
      },
      again: changed('+12105550142', 'newer', { memo: 'newer' }),
      emptied: changed('+12105550142', null, { memo: null }),
      deleted: { phoneId: '39317581', borrower: seenWith(selection, null) },
    });
  });
});

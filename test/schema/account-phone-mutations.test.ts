import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { startSandboxedScollect } from '../support/sandboxed-upstream.ts';
import { documentedWrite, faultsOf, itTellsOfFailures, mutate, wrapped } from '../support/scollect-writes.ts';

const addAccountPhone = {
  field: 'addAccountPhone',
  operation: 'insertphone',
  input: {
    fileNumber: 'R1000',
    number: '123-456-7890',
    type: 'UNKNOWN',
    status: 'UNKNOWN',
    origin: 'LOAD',
  },
};

const updateAccountPhone = {
  field: 'updateAccountPhone',
  operation: 'updatephone',
  input: { fileNumber: 'R1001', number: '407-253-7828', type: 'UNKNOWN', status: 'UNKNOWN' },
};

const both = [addAccountPhone, updateAccountPhone];
const strange = { type: 'Vogon', status: 'Magrathea' };

const isFileNumber = 'Expected at most 50 letters and digits, as in R1001.';
const isText = 'Expected 1 to 50 characters, and not only blanks, on one line.';
const isNumber = 'Expected a phone number with its area code, or in E.164, without an extension.';
const isNorthAmerican = 'Expected a number of North America, as in 678-932-1578.';

describe('Mutation.addAccountPhone', () => {
  itTellsOfFailures({ ...addAccountPhone, input: { ...addAccountPhone.input, ...strange, origin: 'Ford' } });

  it.each(['123-456-7890', '(123) 456-7890', '+11234567890', '1234567890'])(
    'sends the documented request for %s, and reads nothing that is not selected',
    async (number) => {
      const input = { ...addAccountPhone.input, fileNumber: 'r1000', number };
      const { result, writes, calls } = await mutate({ ...addAccountPhone, input });
      expect(result).toMatchObject({ __typename: 'AddAccountPhoneSuccess' });
      expect(writes).toEqual([documentedWrite('insertphone')]);
      expect(calls).toEqual(['/insertphone']);
    },
  );

  it.each([
    [
      'what is no number',
      { fileNumber: '-', number: '123', type: '', status: '\n', origin: 'x'.repeat(51) },
      isNumber,
    ],
    [
      'a number from elsewhere',
      { fileNumber: '', number: '+442079460958', type: ' ', status: 'a\tb', origin: '' },
      isNorthAmerican,
    ],
  ])('%s and all other faults of the input are reported; nothing is sent', async (_, input, fault) => {
    const { result, calls } = await mutate({ ...addAccountPhone, input });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual({
      fileNumber: isFileNumber,
      number: fault,
      type: isText,
      status: isText,
      origin: isText,
    });
    expect(calls).toEqual([]);
  });
});

describe('Mutation.updateAccountPhone', () => {
  itTellsOfFailures({ ...updateAccountPhone, input: { ...updateAccountPhone.input, ...strange } });

  it('sends the documented request, and reads nothing that is not selected', async () => {
    const { result, writes, calls } = await mutate(updateAccountPhone);
    expect(result).toMatchObject({ __typename: 'UpdateAccountPhoneSuccess' });
    expect(writes).toEqual([documentedWrite('updatephone')]);
    expect(calls).toEqual(['/updatephone']);
  });

  it.each([
    ['left out', { type: 'CELL' }, { phonetype: 'CELL' }],
    ['null', { type: null, status: 'Good Number' }, { phonestatus: 'Good Number' }],
  ])('sends no key for what is %s', async (_, changes, keys) => {
    const { fileNumber, number } = updateAccountPhone.input;
    const { writes } = await mutate({ ...updateAccountPhone, input: { fileNumber, number, ...changes } });
    expect(writes.map(({ body }) => body)).toEqual([
      { filenumber: fileNumber, phonenumber: number, ...keys },
    ]);
  });

  const isChange = 'Expected at least one field to change.';

  it.each([
    ['no change', { fileNumber: 'R1001', number: '4072537828' }, { '': isChange }],
    [
      'no change, and faults',
      { fileNumber: '', number: '407', type: null },
      { fileNumber: isFileNumber, number: isNumber, '': isChange },
    ],
    [
      'all faults',
      { fileNumber: ' ', number: '+442079460958', type: '', status: 'x'.repeat(51) },
      { fileNumber: isFileNumber, number: isNorthAmerican, type: isText, status: isText },
    ],
  ])('%s → InvalidInputError; nothing is sent', async (_, input, faults) => {
    const { result, calls } = await mutate({ ...updateAccountPhone, input });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual(faults);
    expect(calls).toEqual([]);
  });

  it('reports what Scollect requires if it finds nothing to change', async () => {
    const answer = wrapped([{ error: 'You need to provide at least one field to update' }, 400]);
    const { result } = await mutate(updateAccountPhone, { answer });
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      message: 'Scollect found the input invalid: You need to provide at least one field to update',
      fields: [],
    });
  });
});

describe.each(both)('Mutation.$field', (write) => {
  const phoneRow = (id: number | null, phonenumber: string) => ({ id, phonenumber });
  const { number } = write.input;
  const digits = number.replaceAll('-', '');

  it.each([
    [
      'the latest phone of this number, however it is written',
      [phoneRow(9, number), phoneRow(10, ` ${digits}`), phoneRow(null, number), phoneRow(11, '111-222-3333')],
      { phoneId: '10', number: `+1${digits}` },
    ],
    ['null where there is none', [phoneRow(1, '111-222-3333'), phoneRow(2, '')], null],
  ])('gives %s', async (_, rows, phone) => {
    const scollect = await startCorpusUpstream('scollect', { getphones: wrapped(rows) });
    const { result } = await mutate(write, { scollect, success: 'phone { phoneId number }' });
    expect(result.phone).toEqual(phone);
  });

  it('stands although the phone cannot be read again', async () => {
    const scollect = await startCorpusUpstream('scollect', { getphones: 'reset' });
    const { result, errors } = await mutate(write, {
      scollect,
      success: 'account { fileNumber } phone { type }',
    });
    expect(result).toMatchObject({ account: { fileNumber: write.input.fileNumber }, phone: null });
    expect(errors).toMatchObject([{ path: [write.field, 'phone'], extensions: { operation: 'getphones' } }]);
  });
});

describe('phones that change within a request', () => {
  const changed = (name: string) => `... on ${name}Success {
    phone { number type status origin account { fileNumber } accounts { fileNumber } }
    account {
      client phones { number type status } attempts(first: 1) { totalCount }
      portfolio { accounts(first: 500) { edges { node { fileNumber phones { number status } } } } }
    }
  }`;

  it('are seen as they are by what is selected of each mutation, and nothing else is read again', async () => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(`mutation {
      add: addAccountPhone(input: {
        fileNumber: "r1002", number: "(614) 555-9876", type: "CELL", status: "UNKNOWN", origin: "USER"
      }) { ${changed('AddAccountPhone')} }
      update: updateAccountPhone(input: { fileNumber: "R1002", number: "614-555-9876", status: "Disconnected" }) {
        ${changed('UpdateAccountPhone')}
      }
    }`);
    expect(errors).toBeUndefined();
    for (const [field, status] of [
      ['add', 'UNKNOWN'],
      ['update', 'Disconnected'],
    ] as const) {
      const { phone, account } = data[field];
      const shown = { number: '+16145559876', type: 'CELL', status };
      expect(phone).toEqual({
        ...shown,
        origin: 'USER',
        account: { fileNumber: 'R1002' },
        accounts: [{ fileNumber: 'R1002' }],
      });
      expect(account.phones).toContainEqual(shown);
      const inPortfolio = account.portfolio.accounts.edges.find(
        (edge: { node: { fileNumber: string } }) => edge.node.fileNumber === 'R1002',
      );
      expect(inPortfolio.node.phones).toContainEqual({ number: shown.number, status });
    }
    const twice = ['/get_accounts_in_portfolio', '/getphones/R1002', '/searchbyphone'];
    const once = [
      '/getaccount/R1002',
      '/getattempts/R1002',
      '/getportfoliolist',
      '/insertphone',
      '/updatephone',
    ];
    expect(scollect.calls()).toEqual([...twice, ...twice, ...once].sort());
  });
});

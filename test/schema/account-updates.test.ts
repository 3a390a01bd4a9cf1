import type { GraphQLInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { startGateway } from '../support/gateway.ts';
import { startSandboxedScollect } from '../support/sandboxed-upstream.ts';
import { documentedWrite, faultsOf, itTellsOfFailures, mutate, wrapped } from '../support/scollect-writes.ts';

const isFileNumber = 'Expected at most 50 letters and digits, as in R1001.';
const isChange = 'Expected at least one field to change.';

/** The table "Valid Account Permission Fields", row by row, with its examples. */
const documented: readonly (readonly [
  fieldname: string,
  fieldvalue: string,
  name: string,
  value: unknown,
])[] = [
  ['callspouse', '1', 'callSpouse', true],
  ['callwork', 'Allowed', 'callWork', 'Allowed'],
  ['cantext', '0', 'canText', false],
  ['canemail', '1', 'canEmail', true],
  ['addresscorrect', '123 Main St, NY', 'addressCorrect', '123 Main St, NY'],
  ['dateofnotice', '2024-03-15', 'dateOfNotice', '2024-03-15'],
  ['cont_debtor', '1', 'contactDebtor', true],
  ['last_cont_date', '2024-02-10', 'lastContactDate', '2024-02-10'],
  ['lastcontactagent', 'John Smith', 'lastContactAgent', 'John Smith'],
  ['call_campaign', 'Debt Recovery 2024', 'callCampaign', 'Debt Recovery 2024'],
  ['firstcontact', '2023-12-01', 'firstContactDate', '2023-12-01'],
  ['firstcontactagent', 'Lisa Adams', 'firstContactAgent', 'Lisa Adams'],
  ['verifiedaddress', '1', 'isAddressVerified', true],
  ['nextletter', '2024-04-05', 'nextLetterDate', '2024-04-05'],
  ['nexttext', '2024-04-06', 'nextTextDate', '2024-04-06'],
  ['nextemail', '2024-04-07', 'nextEmailDate', '2024-04-07'],
  ['hotnotes', 'Customer requested callback', 'hotNotes', 'Customer requested callback'],
  ['textphone', '555-123-4567', 'textPhone', '(555) 123-4567'],
  ['cancallcell', '0', 'canCallCell', false],
  ['donot1099', '1', 'doNot1099', true],
  ['donottext', '0', 'doNotText', false],
  ['donotemail', '0', 'doNotEmail', false],
  ['sifamount', '500.00', 'settlementAmount', 500],
  ['sifstartdate', '2024-01-15', 'settlementStartDate', '2024-01-15'],
  ['sifcompletedate', '2024-06-15', 'settlementCompleteDate', '2024-06-15'],
  ['sifnumberofpay', '3', 'settlementPaymentCount', 3],
  ['registeredportal', '1', 'isRegisteredOnPortal', true],
  ['lastportallogin', '2024-02-28', 'lastPortalLoginDate', '2024-02-28'],
  ['lastopenedemail', '2024-03-02', 'lastOpenedDate', '2024-03-02'],
  ['lastclickdate', '2024-03-03', 'lastClickDate', '2024-03-03'],
  ['openedcount', '5', 'openedCount', 5],
  ['linkclickcount', '2', 'linkClickCount', 2],
  ['sentcount', '10', 'sentCount', 10],
  ['minimumpayment', '50.00', 'minimumPayment', '50.0'],
  ['minimumonetimepayment', '100.00', 'minimumOneTimePayment', '100.00'],
];

const write = (permissions: object, fileNumber = 'r1000') => ({
  field: 'updateAccountPermissions',
  operation: 'updatepermissions',
  input: { fileNumber, permissions },
});

const updated = 'updated failed { field reason }';

describe('Mutation.updateAccountPermissions', () => {
  itTellsOfFailures(write({ callSpouse: true }));

  it('sends the documented request', async () => {
    const { result, writes, calls } = await mutate(write({ callSpouse: true }), { success: updated });
    expect(result).toEqual({
      __typename: 'UpdateAccountPermissionsSuccess',
      updated: ['callSpouse'],
      failed: [],
    });
    expect(writes).toEqual([documentedWrite('updatepermissions')]);
    expect(calls).toEqual(['/updatepermissions']);
  });

  it('sends every documented field, one after another in the order of the documents', async () => {
    const backwards = Object.fromEntries(documented.map(([, , name, value]) => [name, value]).reverse());
    const { result, writes } = await mutate(write(backwards), { success: updated });
    expect(documented).toHaveLength(35);
    expect(writes).toEqual(
      documented.map(([fieldname, fieldvalue]) =>
        documentedWrite('updatepermissions', { fieldname, fieldvalue }),
      ),
    );
    expect(result).toMatchObject({ updated: documented.map(([, , name]) => name), failed: [] });
  });

  it('knows no other field', () => {
    const type = schema.getType('AccountPermissionsInput') as GraphQLInputObjectType;
    const names = documented.map(([, , name]) => name);
    expect(Object.keys(type.getFields()).sort()).toEqual(names.sort());
  });

  it.each([
    ['true as 1', { cantext: '1' }, { canText: true }],
    ['an empty text', { hotnotes: '' }, { hotNotes: ' ' }],
    ['several lines', { hotnotes: 'One\nTwo' }, { hotNotes: 'One\r\nTwo' }],
    ['zero', { sifamount: '0.00', sifnumberofpay: '0' }, { settlementAmount: 0, settlementPaymentCount: 0 }],
    [
      'nothing for null',
      { openedcount: '1' },
      { canText: null, openedCount: 1, hotNotes: null, textPhone: null },
    ],
    [
      'what contradicts itself, as it is given',
      { cantext: '1', donottext: '1' },
      { doNotText: true, canText: true },
    ],
  ])('sends %s', async (_, sent, permissions) => {
    const { writes } = await mutate(write(permissions));
    expect(writes.map(({ body }) => body)).toEqual(
      Object.entries(sent).map(([fieldname, fieldvalue]) => ({ filenumber: 'R1000', fieldname, fieldvalue })),
    );
  });

  it.each([
    ['no change', write({}), { permissions: isChange }],
    ['null for all', write({ canText: null }, '!'), { fileNumber: isFileNumber, permissions: isChange }],
    [
      'all faults',
      write(
        {
          callWork: 'x'.repeat(256),
          addressCorrect: 'a\nb',
          dateOfNotice: '2023-02-29',
          hotNotes: 'x'.repeat(5001),
          textPhone: '123',
          settlementAmount: '-1',
          settlementPaymentCount: -1,
          minimumPayment: '1.005',
          canText: true,
        },
        ' ',
      ),
      {
        fileNumber: isFileNumber,
        'permissions.callWork': 'Expected at most 255 characters, on one line.',
        'permissions.addressCorrect': 'Expected at most 255 characters, on one line.',
        'permissions.dateOfNotice': 'Expected a date that exists, as in 2024-02-20.',
        'permissions.hotNotes': 'Expected at most 5000 characters.',
        'permissions.textPhone':
          'Expected a phone number with its area code, or in E.164, without an extension.',
        'permissions.settlementAmount':
          'Expected an amount that is not below zero, with at most two decimals.',
        'permissions.settlementPaymentCount': 'Expected a whole number from 0 to 999999.',
        'permissions.minimumPayment': 'Expected an amount that is not below zero, with at most two decimals.',
      },
    ],
  ])('%s → InvalidInputError; nothing is sent', async (_, faulty, faults) => {
    const { result, calls } = await mutate(faulty);
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual(faults);
    expect(calls).toEqual([]);
  });

  it('is seen by what is selected of it, and makes nothing else be read again', async () => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(`mutation {
      first: updateAccountPermissions(input: { fileNumber: "r1002", permissions: {
        settlementAmount: "500", settlementPaymentCount: 3, sentCount: 4
      } }) { ...changed }
      second: updateAccountPermissions(input: { fileNumber: "R1002", permissions: {
        settlementAmount: "450.5", minimumPayment: 50, isRegisteredOnPortal: true
      } }) { ...changed }
    }
    fragment changed on UpdateAccountPermissionsResult {
      ... on UpdateAccountPermissionsSuccess { account {
        client phones { number }
        settlement { settlementAmount settlementPaymentCount minimumPayment }
        emailStats { sentCount isRegisteredOnPortal }
      } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.first.account).toMatchObject({
      settlement: { settlementAmount: '500.00', settlementPaymentCount: 3, minimumPayment: '0.00' },
      emailStats: { sentCount: 4, isRegisteredOnPortal: false },
    });
    expect(data.second.account).toMatchObject({
      settlement: { settlementAmount: '450.50', settlementPaymentCount: 3, minimumPayment: '50.00' },
      emailStats: { sentCount: 4, isRegisteredOnPortal: true },
    });
    const twice = ['/getAlaccountdata', '/getemailstats/R1002'];
    const writes = Array(6).fill('/updatepermissions');
    expect(scollect.calls()).toEqual(
      ['/getaccount/R1002', '/getphones/R1002', ...twice, ...twice, ...writes].sort(),
    );
  });
});

const change = (changes: object, fileNumber = 'r1000') => ({
  field: 'updateAccount',
  operation: 'updatedbase',
  input: { fileNumber, changes },
});

describe('Mutation.updateAccount', () => {
  itTellsOfFailures(change({ middleName: 'Beeblebrox' }));

  it('sends the documented request', async () => {
    const { result, writes, calls } = await mutate(change({ firstName: 'IVANA' }), { success: updated });
    expect(result).toEqual({ __typename: 'UpdateAccountSuccess', updated: ['firstName'], failed: [] });
    expect(writes).toEqual([documentedWrite('updatedbase')]);
    expect(calls).toEqual(['/updatedbase']);
  });

  it('sends what is given, one field after another, and no key for null', async () => {
    const { result, writes } = await mutate(
      change({
        customFields: [
          { number: 60, value: 'Sixty' },
          { number: 4, value: '12345' },
        ],
        assets: [{ number: 5, value: '4000', type: null }],
        attorney: { name: 'Slartibartfast', address: { city: 'CITY', state: null }, phone: null },
        jointDebtor: null,
        status: null,
        lastName: 'LAST NAME',
      }),
      { success: updated },
    );
    const sent = {
      lastname: 'LAST NAME',
      assettype5value: '4000.00',
      attorneyname: 'Slartibartfast',
      attorneycity: 'CITY',
      custom60: 'Sixty',
      custom4: '12345',
    };
    expect(writes).toEqual(
      Object.entries(sent).map(([fieldname, fieldvalue]) =>
        documentedWrite('updatedbase', { fieldname, fieldvalue }),
      ),
    );
    expect(result).toMatchObject({
      updated: [
        'lastName',
        'assets.0.value',
        'attorney.name',
        'attorney.address.city',
        'customFields.0',
        'customFields.1',
      ],
      failed: [],
    });
  });

  it.each([
    ['no change', change({}), { changes: isChange }],
    [
      'changes without anything in them',
      change({ attorney: { address: {} }, customFields: [], lastName: null }, ''),
      { fileNumber: isFileNumber, changes: isChange },
    ],
    [
      'all faults',
      change(
        {
          firstName: 'a\nb',
          emailAddress: 'ford',
          ssn: '3333',
          dateOfBirth: '2087-01-01',
          workPhone: '+442079460958',
          interestRate: '-1',
          currentBalance: '1.005',
          employer: { address: { line1: 'x'.repeat(256) } },
          customFields: [
            { number: 0, value: '' },
            { number: 3, value: 'x'.repeat(5001) },
            { number: 3, value: '' },
          ],
          assets: [{ number: 6, type: 'Cash' }, { number: 1, value: 'x' }, { number: 2 }],
        },
        '?',
      ),
      {
        fileNumber: isFileNumber,
        'changes.firstName': 'Expected at most 255 characters, on one line.',
        'changes.emailAddress': 'Expected an e-mail address, or an empty text.',
        'changes.ssn': 'Expected nine digits with or without dashes.',
        'changes.dateOfBirth': 'Expected a date from 1900 to today.',
        'changes.workPhone': 'Expected a number of North America, as in 678-932-1578.',
        'changes.interestRate': 'Expected a percentage that is not below zero, with at most four decimals.',
        'changes.currentBalance': 'Expected an amount with at most two decimals.',
        'changes.employer.address.line1': 'Expected at most 255 characters, on one line.',
        'changes.customFields.0.number': 'Expected a whole number from 1 to 60.',
        'changes.customFields.1.value': 'Expected at most 5000 characters.',
        'changes.customFields.2.number': 'Expected each number once.',
        'changes.assets.0.number': 'Expected a whole number from 1 to 5.',
        'changes.assets.1.value': 'Expected a decimal number as a string, as in "100.00", or an integer.',
        'changes.assets.2': 'Expected a type, a value, or both.',
      },
    ],
  ])('%s → InvalidInputError; nothing is sent', async (_, faulty, faults) => {
    const { result, calls } = await mutate(faulty);
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual(faults);
    expect(calls).toEqual([]);
  });

  it('names the input field that Scollect does not know', async () => {
    const answer = wrapped([{ error: 'The field custom60 does not exist in the dbase table.' }, 404]);
    const { result } = await mutate(change({ customFields: [{ number: 60, value: 'x' }] }), { answer });
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [{ path: 'changes.customFields.0', message: 'The field … does not exist in the dbase table.' }],
    });
  });

  const inRequest = async (first: string, second: string) => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(`mutation {
      first: updateAccount(input: { fileNumber: "r1002", changes: ${first} }) { ...changed }
      second: updateAccount(input: { fileNumber: "R1002", changes: ${second} }) { ...changed }
    }
    fragment changed on UpdateAccountResult {
      ... on UpdateAccountSuccess { account {
        currentBalance borrower { lastName }
        phones { number accounts { borrower { lastName } } } notes(first: 1) { totalCount }
        settlement { currentBalance } emailStats { sentCount }
        portfolio { accounts(first: 200) { edges { node { fileNumber currentBalance borrower { lastName } } } } }
      } }
    }`);
    expect(errors).toBeUndefined();
    const reads = scollect.calls().filter((path) => path !== '/updatedbase');
    return { shown: [data.first.account, data.second.account], reads };
  };

  const twice = ['/get_accounts_in_portfolio', '/getaccount/R1002', '/getnotes/R1002', '/searchbyphone'];
  const once = ['/getemailstats/R1002', '/getphones/R1002', '/getportfoliolist'];

  it('is seen by what is selected of it, and makes nothing else be read again', async () => {
    const { shown, reads } = await inRequest('{ lastName: "Dent" }', '{ lastName: "Prefect" }');
    for (const [index, lastName] of ['Dent', 'Prefect'].entries()) {
      const { borrower, phones, portfolio } = shown[index];
      expect(borrower).toEqual({ lastName });
      expect(phones[0].accounts).toEqual([{ borrower: { lastName } }]);
      expect(portfolio.accounts.edges).toContainEqual({
        node: expect.objectContaining({ fileNumber: 'R1002', borrower: { lastName } }),
      });
    }
    expect(reads).toEqual([...twice, ...twice, ...once, '/getAlaccountdata'].sort());
  });

  it('makes the settlement be read again where the balance is changed', async () => {
    const { shown, reads } = await inRequest('{ currentBalance: "700.50" }', '{ currentBalance: -1 }');
    for (const [index, currentBalance] of ['700.50', '-1.00'].entries()) {
      expect(shown[index]).toMatchObject({ currentBalance, settlement: { currentBalance } });
    }
    expect(reads).toEqual([...twice, ...twice, ...once, '/getAlaccountdata', '/getAlaccountdata'].sort());
  });
});

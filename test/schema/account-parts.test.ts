import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const parts = `{
  fileNumber
  coBorrowers { role fullName ssn phones { number borrower { fullName } } employer { name } }
  attorney { name emailAddress address { city state } }
  court { phone filedDate }
  judgment { isGranted grantedDate }
  garnishment { isInPlace amount startDate }
  lien { isInPlace }
  bankruptcy { type }
  assets { type value }
  hasAssets
  contingencyRate
  customFields { number value }
  work { alert daysSinceWorked orderByDate }
  verification { isVerified verifiedDate method }
  payee { name }
  borrower { occupation employer { name phone address { city } } addresses { line1 line2 city state zipCode } }
}`;

describe('Account', () => {
  it('shows its parts, and those that are blank as null', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } = await query(`{ accountsBySsn(ssn: "111223333") ${parts} }`);
    expect(errors).toBeUndefined();
    expect(data.accountsBySsn).toEqual([
      {
        fileNumber: 'R1050',
        coBorrowers: [
          {
            role: 'joint debtor',
            fullName: 'CLAUDE LASTNAME',
            ssn: null,
            phones: [{ number: '+11231231234', borrower: { fullName: 'CLAUDE LASTNAME' } }],
            employer: null,
          },
          {
            role: 'spouse',
            fullName: 'CLAUDE LASTNAME',
            ssn: null,
            phones: [{ number: '+11112223333', borrower: { fullName: 'CLAUDE LASTNAME' } }],
            employer: { name: 'SONSHINE SCHOOL' },
          },
          { role: 'co-debtor', fullName: 'NAME LAST', ssn: null, phones: [], employer: null },
          {
            role: 'co-debtor',
            fullName: 'CODEBTOR 2 CONTACT',
            ssn: null,
            phones: [{ number: '+15556667777', borrower: { fullName: 'CODEBTOR 2 CONTACT' } }],
            employer: { name: 'SONSHINE SCHOOL' },
          },
        ],
        attorney: {
          name: 'ATTORNEY CONTACT',
          emailAddress: 'email@email.com',
          address: { city: 'City', state: 'GA' },
        },
        court: { phone: '+11112223333', filedDate: '2023-10-26' },
        judgment: { isGranted: false, grantedDate: '2022-01-01' },
        garnishment: { isInPlace: false, amount: '7000', startDate: '2023-11-23' },
        lien: { isInPlace: false },
        bankruptcy: null,
        assets: [
          { type: 'Cash', value: '7000' },
          { type: 'Vehicles', value: '4000' },
          { type: 'Collectables', value: '2000' },
        ],
        hasAssets: false,
        contingencyRate: '100',
        customFields: [
          { number: 1, value: 'UNITED SOUTHERN BANK' },
          { number: 2, value: '063105285' },
          { number: 3, value: '124' },
          { number: 4, value: '1234' },
          { number: 5, value: 'Bank Info' },
          { number: 6, value: 'email@email.com' },
        ],
        work: {
          alert: 'New Alert added to this account.\nAdditional Information Added.',
          daysSinceWorked: 0,
          orderByDate: '2022-12-05',
        },
        verification: { isVerified: false, verifiedDate: '2023-10-26', method: null },
        payee: null,
        borrower: {
          occupation: 'TEACHER',
          employer: { name: 'SONSHINE SCHOOL', phone: '+11112223333', address: null },
          addresses: [{ line1: '15 MAIN ST', line2: null, city: 'GARDEN', state: 'AL', zipCode: '12345' }],
        },
      },
    ]);
    expect(calls()).toEqual(['/getaccountbysocial/111-22-3333']);
  });

  it('reached by a phone, fails only in those fields that need the account itself', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: { status: 503, html: 'no' } });
    const { query } = await startGateway({ scollect });
    const { data, errors = [] } = await query(
      '{ accountsByPhone(number: "7166289899") { fileNumber currentBalance coBorrowers { fullName } attorney { name } customFields { value } fees { court } borrower { firstName emailAddress } } }',
    );
    expect(data.accountsByPhone).toEqual([
      {
        fileNumber: 'R1005',
        currentBalance: null,
        coBorrowers: null,
        attorney: null,
        customFields: null,
        fees: { court: null },
        borrower: { firstName: 'ANTHONY', emailAddress: null },
      },
    ]);
    expect(errors.map(({ path }) => path?.slice(2).join('.')).sort()).toEqual([
      'attorney',
      'borrower.emailAddress',
      'coBorrowers',
      'currentBalance',
      'customFields',
      'fees.court',
    ]);
  });

  it('reached by a phone, has its SSN whole only from the account itself', async () => {
    const document = '{ accountsByPhone(number: "7166289899") { borrower { ssn ssnLast4 } } }';
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: {
        json: { result: [{ filenumber: 'R1005', socialsecuritynumber: '111-22-3333' }], state: 'SUCCESS' },
      },
      searchbyphone: {
        json: { result: { success: [{ filenumber: 'R1005', ssn: '3333' }] }, state: 'SUCCESS' },
      },
    });
    const masked = await startGateway({ scollect });
    expect((await masked.query(document)).data.accountsByPhone).toEqual([
      { borrower: { ssn: '***-**-3333', ssnLast4: '3333' } },
    ]);
    expect(scollect.calls()).toEqual(['/searchbyphone']);
    const whole = await startGateway({ scollect, scopes });
    expect((await whole.query(document)).data.accountsByPhone).toEqual([
      { borrower: { ssn: '111-22-3333', ssnLast4: '3333' } },
    ]);
  });
});

describe('Query.accounts', () => {
  it('keeps the order, is null where there is none, and an error where one fails', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: ({ path }) => {
        if (path.endsWith('R2')) return { json: { result: { result: [] }, state: 'SUCCESS' } };
        if (path.endsWith('R3')) return { status: 500, html: 'no' };
        return { json: { result: [{ filenumber: path.slice(-2) }], state: 'SUCCESS' } };
      },
    });
    const { query, calls } = await startGateway({ scollect });
    const { data, errors = [] } = await query(
      '{ accounts(fileNumbers: ["R4", "r1", "R2", "R3", "../x", "R1"]) { fileNumber } }',
    );
    expect(data.accounts).toEqual([
      { fileNumber: 'R4' },
      { fileNumber: 'R1' },
      null,
      null,
      null,
      { fileNumber: 'R1' },
    ]);
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [['accounts', 3], 'UPSTREAM_UNAVAILABLE'],
      [['accounts', 4], 'BAD_USER_INPUT'],
    ]);
    expect(calls()).toHaveLength(4);
  });

  it.each([501])('turns %i numbers away', async (count) => {
    const { query, calls } = await startGateway();
    const { errors } = await query('query ($f: [String!]!) { accounts(fileNumbers: $f) { fileNumber } }', {
      f: Array.from({ length: count }, (_, index) => `R${index}`),
    });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'fileNumbers' } }]);
    expect(calls()).toEqual([]);
  });
});

describe('Query.accountsByPhone', () => {
  it('turns a number away that Scollect cannot be asked for', async () => {
    const { query, calls } = await startGateway();
    const { errors } = await query('{ accountsByPhone(number: "+442079460000") { fileNumber } }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'number' } }]);
    expect(calls()).toEqual([]);
  });
});

describe('Account.paymentMethods', () => {
  it('sends what it is asked for, and turns digits away that are not four', async () => {
    const { query } = await startGateway();
    const scollect = await startCorpusUpstream('scollect');
    const gateway = await startGateway({ scollect });
    const { data, errors } = await gateway.query(
      '{ account(fileNumber: "R1001") { all: paymentMethods { method cardLast4 } one: paymentMethods(method: "CREDIT CARD", last4: "1111") { cardLast4 } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.account.all).toEqual([{ method: 'CREDIT CARD', cardLast4: '1111' }]);
    const bodies = scollect.received
      .filter(({ path }) => path === '/getAlpaymentdata')
      .map(({ body }) => body);
    expect(bodies).toContainEqual({ FileNumber: 'R1001' });
    expect(bodies).toContainEqual({ FileNumber: 'R1001', paymentMethod: 'CREDIT CARD', last4Card: '1111' });
    expect(bodies).toHaveLength(2);
    const bad = await query(
      '{ account(fileNumber: "R1001") { status paymentMethods(last4: "11x1") { method } } }',
    );
    expect(bad.data.account).toEqual({ status: 'Bankruptcy', paymentMethods: null });
    expect(bad.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'last4' } }]);
  });
});

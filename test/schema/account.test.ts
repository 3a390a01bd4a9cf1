import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const nothing = { json: { result: { result: [] }, state: 'SUCCESS' } };

describe('Query.account', () => {
  it('answers the documented account in standard terms', async () => {
    const { query } = await startGateway({ scopes });
    const { data, errors } = await query(`{
      account(fileNumber: "R1001") {
        fileNumber accountId originalAccountNumber status statusType client originalCreditor debtType assignedTo collectorName
        currentBalance originalBalance principal originalPrincipal chargeOffAmount accruedInterest interestRate adjustments lastPaymentAmount
        fees { advanced attorney collection court judgment late miscellaneous nonSufficientFunds penalty reimbursed }
        placedDate receivedDate openedDate delinquencyDate chargeOffDate statuteOfLimitationsDate lastWorkedDate lastDialedDate
        lastPaymentDate closedDate lastAssignedAt statusChangedAt
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.account).toEqual({
      fileNumber: 'R1001',
      accountId: '2',
      originalAccountNumber: '12345679',
      status: 'Bankruptcy',
      statusType: null,
      client: 'C2C',
      originalCreditor: 'C2C Loan Advance',
      debtType: null,
      assignedTo: 'mall',
      collectorName: 'Mark',
      currentBalance: '809.00',
      originalBalance: '809.00',
      principal: '809.00',
      originalPrincipal: '809.00',
      chargeOffAmount: '0.00',
      accruedInterest: '0.00',
      interestRate: '0.00',
      adjustments: '0.00',
      lastPaymentAmount: '0.00',
      fees: {
        advanced: '0.00',
        attorney: '0.00',
        collection: '0.00',
        court: '0.00',
        judgment: '0.00',
        late: '0.00',
        miscellaneous: '0.00',
        nonSufficientFunds: '0.00',
        penalty: '0.00',
        reimbursed: '0.00',
      },
      placedDate: '2022-12-01',
      receivedDate: null,
      openedDate: '2013-03-06',
      delinquencyDate: null,
      chargeOffDate: '2013-05-20',
      statuteOfLimitationsDate: '2018-05-20',
      lastWorkedDate: '2024-01-23',
      lastDialedDate: '2022-12-01',
      lastPaymentDate: null,
      closedDate: null,
      lastAssignedAt: '2022-12-01T13:14:01',
      statusChangedAt: '2022-12-01T13:14:01',
    });
  });

  it('is null, without an error, when there is none', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: nothing });
    const { query } = await startGateway({ scollect });
    expect(await query('{ account(fileNumber: "R9") { fileNumber } }')).toEqual({
      status: 200,
      data: { account: null },
    });
  });

  it('is asked for once, under any aliases and in any letter case', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query(`{
      a: account(fileNumber: "r1001") { fileNumber }
      b: account(fileNumber: " R1001 ") { fileNumber currentBalance }
      c: account(fileNumber: "R1001") { borrower { account { status } } }
    }`);
    expect(data).toMatchObject({
      a: { fileNumber: 'R1001' },
      c: { borrower: { account: { status: 'Bankruptcy' } } },
    });
    expect(calls()).toEqual(['/getaccount/R1001']);
  });

  it.each(['', ' ', '../login', 'R1/2', 'R1?x', 'R1\n2', 'x'.repeat(51)])(
    'turns the file number %j away before anything is sent',
    async (fileNumber) => {
      const { query, calls } = await startGateway();
      const { data, errors } = await query('query ($f: String!) { account(fileNumber: $f) { fileNumber } }', {
        f: fileNumber,
      });
      expect(data).toEqual({ account: null });
      expect(errors).toMatchObject([
        {
          message: 'fileNumber: expected at most 50 letters and digits, as in R1001.',
          path: ['account'],
          extensions: { code: 'BAD_USER_INPUT', argument: 'fileNumber' },
        },
      ]);
      expect(calls()).toEqual([]);
    },
  );
});

describe('Account.borrower', () => {
  const document = `{ account(fileNumber: "R1050") { borrower {
    source role borrowerId firstName middleName lastName fullName ssn ssnLast4 dateOfBirth emailAddress isDeceased isActiveMilitary bankruptcy
  } } }`;
  const scollect = () =>
    startCorpusUpstream('scollect', {
      getaccount: {
        json: {
          result: [
            {
              filenumber: 'R1050',
              firstname: 'CLAUDIA',
              middlename: ' ',
              lastname: 'LAST NAME',
              fullname: 'CLAUDIA LAST NAME',
              socialsecuritynumber: '111-22-3333',
              birthdate: '10/18/1965',
              emailaddress: 'TEST@EMAIL.COM',
              deceased: 'NO',
              bankruptcytype: '',
            },
          ],
          state: 'SUCCESS',
        },
      },
    });
  const borrower = {
    source: 'SCOLLECT',
    role: 'borrower',
    borrowerId: null,
    firstName: 'CLAUDIA',
    middleName: null,
    lastName: 'LAST NAME',
    fullName: 'CLAUDIA LAST NAME',
    ssn: '***-**-3333',
    ssnLast4: '3333',
    dateOfBirth: '1965-**-**',
    emailAddress: 'TEST@EMAIL.COM',
    isDeceased: false,
    isActiveMilitary: null,
    bankruptcy: null,
  };

  it('answers the person of the account, SSN and date of birth masked', async () => {
    const { query } = await startGateway({ scollect: await scollect() });
    expect((await query(document)).data.account.borrower).toEqual(borrower);
  });

  it('shows them whole with the scope pii:read', async () => {
    const { query } = await startGateway({ scollect: await scollect(), scopes });
    expect((await query(document)).data.account.borrower).toEqual({
      ...borrower,
      ssn: '111-22-3333',
      dateOfBirth: '1965-10-18',
    });
  });

  it('has no SSN where Scollect writes zeros', async () => {
    const { query } = await startGateway();
    const { data } = await query(
      '{ account(fileNumber: "R1001") { borrower { ssn ssnLast4 dateOfBirth } } }',
    );
    expect(data.account.borrower).toEqual({ ssn: null, ssnLast4: null, dateOfBirth: null });
  });
});

describe('Account.phones', () => {
  it('answers the documented phones', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query(`{ account(fileNumber: "R1000") { phones {
      source phoneId number rawNumber type typeId status isValid doNotContact extension memo mobileCarrierId origin createdAt updatedAt
      account { fileNumber } borrower { fullName }
    } } }`);
    const unset = {
      typeId: null,
      isValid: null,
      doNotContact: null,
      extension: null,
      memo: null,
      mobileCarrierId: null,
      createdAt: null,
    };
    const owner = { account: { fileNumber: 'R1000' }, borrower: { fullName: 'MALIA GUEST' } };
    expect(data.account.phones).toEqual([
      {
        ...unset,
        ...owner,
        source: 'SCOLLECT',
        phoneId: '15171286',
        number: '+11234567890',
        rawNumber: '123-456-7890',
        type: 'UNKNOWN',
        status: 'UNKNOWN',
        origin: null,
        updatedAt: '2023-11-27T12:15:27',
      },
      {
        ...unset,
        ...owner,
        source: 'SCOLLECT',
        phoneId: '15171583',
        number: '+12223334444',
        rawNumber: '222-333-4444',
        type: 'UNKNOWN',
        status: 'UNKNOWN',
        origin: 'USER',
        updatedAt: null,
      },
    ]);
    expect(calls()).toEqual(['/getaccount/R1000', '/getphones/R1000']);
  });

  it('is empty where the account has none', async () => {
    const json = {
      result: { error: 'File number D3406 does not have associated phone numbers.' },
      state: 'SUCCESS',
    };
    const scollect = await startCorpusUpstream('scollect', { getphones: { json } });
    const { query } = await startGateway({ scollect });
    const reply = await query(
      '{ account(fileNumber: "D3406") { phones { number } borrower { phones { number } } } }',
    );
    expect(reply).toEqual({ status: 200, data: { account: { phones: [], borrower: { phones: [] } } } });
  });

  it('has no number where what is written cannot be one', async () => {
    const rows = [{ phonenumber: 'ask wife' }, { phonenumber: null }, { phonenumber: 4075550100 }];
    const json = { result: rows, state: 'SUCCESS' };
    const scollect = await startCorpusUpstream('scollect', { getphones: { json } });
    const { query } = await startGateway({ scollect });
    const { data } = await query('{ account(fileNumber: "R1000") { phones { number rawNumber } } }');
    expect(data.account.phones).toEqual([
      { number: null, rawNumber: 'ask wife' },
      { number: null, rawNumber: '' },
      { number: '+14075550100', rawNumber: '4075550100' },
    ]);
  });
});

describe('Account.portfolio', () => {
  it('is found by its name among all portfolios', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query(
      '{ account(fileNumber: "R1001") { portfolio { portfolioId name client placedDate } } }',
    );
    expect(data.account.portfolio).toEqual({
      portfolioId: '708',
      name: 'C2C PDL TEST',
      client: 'C2C',
      placedDate: '2022-12-01',
    });
    expect(calls()).toEqual(['/getaccount/R1001', '/getportfoliolist']);
  });

  it('is null for one that is not listed', async () => {
    const scollect = await startCorpusUpstream('scollect', { getportfoliolist: { json: { result: [] } } });
    const { query } = await startGateway({ scollect });
    expect(await query('{ account(fileNumber: "R1001") { portfolio { name } } }')).toEqual({
      status: 200,
      data: { account: { portfolio: null } },
    });
  });
});

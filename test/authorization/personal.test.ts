import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/operation/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const account = {
  filenumber: 'R1001',
  accountnumber: '4111222233334444',
  socialsecuritynumber: '912-55-4418',
  birthdate: '1984-02-29',
  jointfirstname: 'Jo',
  jointsocial: '913-66-5529',
  jointbirthdate: '1985-03-07',
};

const order = { id: 20, client_account_number: '70001112', lienholder_account_number: '80003334' };

const borrower = {
  id: 7,
  firstname: 'Ann',
  ssn: '914-77-6630',
  birthday: '1986-04-08',
  license_no: 'D9998887',
};

const document = `{
  account(fileNumber: "R1001") {
    originalAccountNumber
    borrower { ssn ssnLast4 dateOfBirth }
    coBorrowers { ssn dateOfBirth }
  }
  order(orderId: "20") {
    clientAccountNumber
    lienholderAccountNumber
    borrowers { ssn dateOfBirth driversLicenseNumber }
  }
}`;

const ask = async (allowed: readonly Scope[]) => {
  const scollect = await startCorpusUpstream('scollect', {
    getaccount: { json: { result: { data: [account] }, state: 'SUCCESS' } },
  });
  const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
    filterOrders: { json: { data: [order] } },
    listOrderBorrowers: { json: { data: [borrower] } },
  });
  const { query } = await startGateway({ scollect, recoveryConnect, scopes: allowed });
  return query(document);
};

describe('Personal values', () => {
  it('are whole for a caller with pii:read', async () => {
    expect(await ask(scopes)).toEqual({
      status: 200,
      data: {
        account: {
          originalAccountNumber: '4111222233334444',
          borrower: { ssn: '912-55-4418', ssnLast4: '4418', dateOfBirth: '1984-02-29' },
          coBorrowers: [{ ssn: '913-66-5529', dateOfBirth: '1985-03-07' }],
        },
        order: {
          clientAccountNumber: '70001112',
          lienholderAccountNumber: '80003334',
          borrowers: [{ ssn: '914-77-6630', dateOfBirth: '1986-04-08', driversLicenseNumber: 'D9998887' }],
        },
      },
    });
  });

  it('are masked for everybody else', async () => {
    expect(await ask(scopes.filter((scope) => scope !== 'pii:read'))).toEqual({
      status: 200,
      data: {
        account: {
          originalAccountNumber: '************4444',
          borrower: { ssn: '***-**-4418', ssnLast4: '4418', dateOfBirth: '1984-**-**' },
          coBorrowers: [{ ssn: '***-**-5529', dateOfBirth: '1985-**-**' }],
        },
        order: {
          clientAccountNumber: '****1112',
          lienholderAccountNumber: '****3334',
          borrowers: [{ ssn: '***-**-6630', dateOfBirth: '1986-**-**', driversLicenseNumber: '****8887' }],
        },
      },
    });
  });
});

describe('A number under which credit bureaus are reported to', () => {
  it.each([
    ['912-55-4418', '***-**-4418'],
    ['912554418', '***-**-4418'],
    ['912 55 4418', '***-**-4418'],
    ['SSN: 912.55.4418', '***-**-4418'],
    ['912-55-4418-01', '**********8-01'],
    ['RF-2210', 'RF-2210'],
  ])('is masked where it may be a social security number: %s', async (reportfilenumber, masked) => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: { json: { result: { data: [{ ...account, reportfilenumber }] }, state: 'SUCCESS' } },
    });
    const reportFileNumberFor = async (allowed: readonly Scope[]) => {
      const { query } = await startGateway({ scollect, scopes: allowed });
      const { data } = await query('{ account(fileNumber: "R1001") { borrower { reportFileNumber } } }');
      return data.account.borrower.reportFileNumber;
    };
    expect(await reportFileNumberFor(scopes)).toBe(reportfilenumber);
    expect(await reportFileNumberFor(scopes.filter((scope) => scope !== 'pii:read'))).toBe(masked);
  });
});

describe('The last four digits of a card', () => {
  it('are no more than that, should the whole number stand there', async () => {
    const last = { last4card: '4012 8888 8888 1881', paymentdate: null, maindatabaseid: 1 };
    const scollect = await startCorpusUpstream('scollect', {
      get_lastpayinfo: { json: { result: { data: [last] }, state: 'SUCCESS' } },
      getAlpaymentdata: { json: { result: { success: [last] }, state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect, scopes });
    const { data } = await query(
      '{ account(fileNumber: "R1001") { lastPayment { cardLast4 } paymentMethods { cardLast4 } } }',
    );
    expect(data).toEqual({
      account: { lastPayment: { cardLast4: '1881' }, paymentMethods: [{ cardLast4: '1881' }] },
    });
  });
});

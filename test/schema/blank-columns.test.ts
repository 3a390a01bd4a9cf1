import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

type Row = Readonly<Record<string, unknown>>;

const documentedRow = (operation: string): Row => {
  const { result } = corpusFile('scollect', operation).success as { result: readonly [Row] };
  return result[0];
};

const portfolioRow = documentedRow('get_accounts_in_portfolio');
const fullRow = documentedRow('getaccountbysocial');
const searchRow: Row = {
  address: '15 MAIN ST',
  birthdate: '10/18/1965',
  city: 'GARDEN',
  filenumber: 'R1050',
  firstname: 'CLAUDIA',
  lastname: 'LAST NAME',
  ssn: '3333',
  state: 'AL',
  zip: '12345',
};

/** A column of such a row: its key there, that of getaccount, a value, and the field that shows it. */
type Column = readonly [key: string, own: string, value: string, selection: string, shown: string];

const portfolioColumns: readonly Column[] = [
  ['origacctno', 'accountnumber', '12345679', 'originalAccountNumber', '12345679'],
  ['creditor', 'clientname', 'C2C', 'client', 'C2C'],
  ['Originator', 'originalcreditor', 'C2C Loan Advance', 'originalCreditor', 'C2C Loan Advance'],
  ['Lot_Group_master', 'portfoliogroup', 'GROUP A', 'portfolioGroup', 'GROUP A'],
  ['Current UPB', 'currentbalance', '809.00', 'currentBalance', '809.00'],
  ['CO AMT', 'chargedoffprincipal', '700.00', 'chargeOffAmount', '700.00'],
  ['OrigDate', 'dateaccountopened', '3/6/2013', 'openedDate', '2013-03-06'],
  ['CO Date', 'datechargedoff', '5/20/2013', 'chargeOffDate', '2013-05-20'],
  ['SOLdate', 'statuteoflimdate', '5/20/2018', 'statuteOfLimitationsDate', '2018-05-20'],
  ['lastactive', 'lastworked', '11/14/2023', 'lastWorkedDate', '2023-11-14'],
  ['Last Paid Date', 'lastpaymentdate', '2/1/2022', 'lastPaymentDate', '2022-02-01'],
  ['firstname', 'firstname', 'CLAUDIA', 'borrower { firstName }', 'CLAUDIA'],
  ['lastname', 'lastname', 'LAST NAME', 'borrower { lastName }', 'LAST NAME'],
  ['SSN', 'socialsecuritynumber', '111-22-3333', 'borrower { ssn }', '111-22-3333'],
  ['SSN', 'socialsecuritynumber', '111-22-3333', 'borrower { ssnLast4 }', '3333'],
  ['DOB', 'birthdate', '10/18/1965', 'borrower { dateOfBirth }', '1965-10-18'],
  ['E-Mail', 'emailaddress', 'TEST@EMAIL.COM', 'borrower { emailAddress }', 'TEST@EMAIL.COM'],
  ['MM Address', 'address', '15 MAIN ST', 'borrower { addresses { line1 } }', '15 MAIN ST'],
  ['MM City', 'city', 'GARDEN', 'borrower { addresses { city } }', 'GARDEN'],
  ['MM State', 'state', 'AL', 'borrower { addresses { state } }', 'AL'],
  ['MM Zip', 'zip', '12345', 'borrower { addresses { zipCode } }', '12345'],
];

const searchColumns: readonly Column[] = [
  ['firstname', 'firstname', 'CLAUDIA', 'borrower { firstName }', 'CLAUDIA'],
  ['lastname', 'lastname', 'LAST NAME', 'borrower { lastName }', 'LAST NAME'],
  ['ssn', 'socialsecuritynumber', '3333', 'borrower { ssnLast4 }', '3333'],
  ['birthdate', 'birthdate', '10/18/1965', 'borrower { dateOfBirth }', '1965-10-18'],
  ['address', 'address', '15 MAIN ST', 'borrower { addresses { line1 } }', '15 MAIN ST'],
  ['city', 'city', 'GARDEN', 'borrower { addresses { city } }', 'GARDEN'],
  ['state', 'state', 'AL', 'borrower { addresses { state } }', 'AL'],
  ['zip', 'zip', '12345', 'borrower { addresses { zipCode } }', '12345'],
];

/** Blanks of each kind that a column may have. */
const blanksOf = (key: string): readonly unknown[] => {
  if (/date|DOB/i.test(key)) return [' ', '1/1/1900', null];
  return key === 'ssn' ? ['0000', '', null] : [' ', '', null];
};

const routes = [
  ['get_accounts_in_portfolio', portfolioRow, portfolioColumns],
  ['searchbyphone', searchRow, searchColumns],
] as const;

type Operation = (typeof routes)[number][0];

const documentOf = (operation: Operation, selection: string): string =>
  operation === 'searchbyphone'
    ? `{ accountsByPhone(number: "111-222-3333") { ${selection} } }`
    : `{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { ${selection} } } } } }`;

/** Asks for a field of an account of which the operation returns the one row, and getaccount the other. */
const ask = async (operation: Operation, row: Row, own: Row, selection: string) => {
  const answer = operation === 'searchbyphone' ? { success: [row] } : [row];
  const scollect = await startCorpusUpstream('scollect', {
    [operation]: { json: { result: answer, state: 'SUCCESS' } },
    getaccount: { json: { result: [own], state: 'SUCCESS' } },
  });
  const { query, calls } = await startGateway({ scollect, scopes });
  const { data, errors } = await query(documentOf(operation, selection));
  expect(errors).toBeUndefined();
  return {
    text: JSON.stringify(data),
    account: data.accountsByPhone?.[0] ?? data.portfolio?.accounts.edges[0].node,
    reads: calls().filter((path) => path.startsWith('/getaccount/')),
  };
};

const cases = routes.flatMap(([operation, row, columns]) =>
  columns.map((column) => [operation, ...column, row] as const),
);

describe('a column in the row of', () => {
  it.each(cases)(
    '%s: a blank `%s` is read from getaccount (`%s`: %s, %s)',
    async (...[operation, key, own, value, selection, shown, row]) => {
      const full = { ...fullRow, [own]: value };
      for (const blank of blanksOf(key)) {
        const blankRow = { ...row, [key]: blank };
        const { text, reads } = await ask(operation, blankRow, full, selection);
        expect([blank, text]).toEqual([blank, expect.stringContaining(`"${shown}"`)]);
        expect(reads).toEqual(['/getaccount/R1050']);
      }
    },
  );

  it.each(cases)(
    '%s: a value in `%s` takes no call of getaccount (`%s`: %s, %s)',
    async (...[operation, key, own, value, selection, shown, row]) => {
      const filled = { ...row, [key]: value };
      const { text, reads } = await ask(operation, filled, { ...fullRow, [own]: 'OTHER' }, selection);
      expect(text).toContain(`"${shown}"`);
      expect(reads).toEqual([]);
    },
  );

  it('both: several blanks take one call', async () => {
    for (const [operation, row, columns] of routes) {
      const blanks = Object.fromEntries(columns.map(([key]) => [key, ' ']));
      const selection = columns.map(([, , , one]) => one).join(' ');
      const { reads } = await ask(operation, { ...row, ...blanks }, fullRow, `${selection} status`);
      expect(reads).toEqual(['/getaccount/R1050']);
    }
  });

  it('both: what is blank in getaccount too is null', async () => {
    for (const [operation, row] of routes) {
      const blank = { ...fullRow, firstname: ' ', birthdate: '1/1/1900' };
      const { account, reads } = await ask(
        operation,
        { ...row, firstname: '', birthdate: '', DOB: '' },
        blank,
        'borrower { firstName dateOfBirth }',
      );
      expect(account).toEqual({ borrower: { firstName: null, dateOfBirth: null } });
      expect(reads).toHaveLength(1);
    }
  });
});

/** The keys of rows that need no line above, with the reason. */
const otherKeys: Readonly<Record<string, RegExp>> = {
  'names the account or the portfolio that was asked for': /^(?:lotno|lot_group|filenumber)$/,
  'no other row contains it': /^(?:CBR|Total Paid since CO|producttype|level|description|mm_notes)$/,
  'people next to the debtor are read from getaccount, which contains all of them': /^co(?:_|debtor1)/,
  'tested below': /^(?:custom|phone|phonestatus)\d+$/,
};

it.each(routes)('every documented key of %s has its column here', (operation, row, columns) => {
  const documented = operation === 'searchbyphone' ? row : documentedRow(operation);
  const covered = new Set(columns.map(([key]) => key));
  const left = Object.keys(documented).filter((key) => !covered.has(key));
  expect(left.filter((key) => !Object.values(otherKeys).some((pattern) => pattern.test(key)))).toEqual([]);
});

describe('the columns of a portfolio row that come in numbers', () => {
  const customs = (value: unknown) =>
    Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`custom${index + 1}`, value]));
  const selection = 'customFields { number value }';

  it('some of sixty custom fields: the blank ones among them are not set', async () => {
    const own = { ...fullRow, custom60: 'OTHER' };
    const row = { ...portfolioRow, ...customs(' '), custom7: 'SEVEN' };
    const { account, reads } = await ask('get_accounts_in_portfolio', row, own, selection);
    expect(account).toEqual({ customFields: [{ number: 7, value: 'SEVEN' }] });
    expect(reads).toEqual([]);
  });

  it('none of sixty custom fields: they are read from getaccount', async () => {
    const own = { ...fullRow, ...customs(' '), custom60: 'SIXTY' };
    const row = { ...portfolioRow, ...customs(' ') };
    const { account, reads } = await ask('get_accounts_in_portfolio', row, own, selection);
    expect(account).toEqual({ customFields: [{ number: 60, value: 'SIXTY' }] });
    expect(reads).toHaveLength(1);
  });

  it('places for phones: blank ones are empty, and a blank status is none', async () => {
    const row = { ...portfolioRow, phonestatus2: '' };
    const scollect = await startCorpusUpstream('scollect', {
      get_accounts_in_portfolio: { json: { result: [row], state: 'SUCCESS' } },
    });
    const { query, calls } = await startGateway({ scollect });
    const { data } = await query(documentOf('get_accounts_in_portfolio', 'phones { number status }'));
    const { phones } = data.portfolio.accounts.edges[0].node;
    expect(phones).toHaveLength(8);
    expect(phones[1]).toEqual({ number: '+12223334444', status: null });
    expect(calls()).not.toContain('/getphones/R1050');
  });
});

describe('a row of getaccountbysocial', () => {
  const bySsn = async (row: Row, selection: string) => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccountbysocial: { json: { result: [row], state: 'SUCCESS' } },
      getaccount: { json: { result: [{ ...fullRow, codebtor1fullname: 'OTHER' }], state: 'SUCCESS' } },
    });
    const { query, calls } = await startGateway({ scollect, scopes });
    const { data, errors } = await query(`{ accountsBySsn(ssn: "111-22-3333") { ${selection} } }`);
    expect(errors).toBeUndefined();
    return { account: data.accountsBySsn[0], calls: calls().map((path) => path.split('/')[1]) };
  };

  it('with all columns is as full as one of getaccount, so that its blanks are known', async () => {
    const { account, calls } = await bySsn(
      { ...fullRow, codebtor1fullname: ' ' },
      'closedReason work { managerName } borrower { middleName } coBorrowers { role fullName }',
    );
    expect(account).toMatchObject({ closedReason: null, borrower: { middleName: null } });
    expect(account.coBorrowers).toHaveLength(3);
    expect(calls).toEqual(['getaccountbysocial']);
  });

  it('that lacks columns is completed by getaccount', async () => {
    const { filenumber, socialsecuritynumber, firstname } = fullRow;
    const { account, calls } = await bySsn(
      { filenumber, socialsecuritynumber, firstname },
      'borrower { firstName lastName fullName }',
    );
    expect(account).toEqual({
      borrower: { firstName: 'CLAUDIA', lastName: 'LAST NAME', fullName: 'CLAUDIA LAST NAME' },
    });
    expect(calls).toEqual(['getaccount', 'getaccountbysocial']);
  });
});

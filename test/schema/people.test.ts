import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { idOf } from '../cost/asked.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect, startSandboxedScollect } from '../support/sandboxed-upstream.ts';

// The same person has the same name, by whichever operation the account was found.

type Gateway = Awaited<ReturnType<typeof startGateway>>;

const names = 'firstName middleName lastName fullName';
const people = `fileNumber borrower { role ${names} } coBorrowers { role ${names} ssnLast4 }`;

interface Person {
  readonly role: string;
  readonly fullName: string | null;
}

interface Account {
  readonly fileNumber: string;
  readonly borrower: Person;
  readonly coBorrowers: readonly Person[];
}

const unlimited = { maxUpstreamCalls: 100_000, maxTokens: 100_000, maxAliases: 1000, maxRootFields: 1000 };

const ask = async ({ query }: Gateway, document: string) => {
  const { data, errors } = await query(document);
  expect(errors).toBeUndefined();
  return data;
};

const chunksOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Asks for one root field for each of many values, and returns all of the accounts. */
const askEach = async (
  gateway: Gateway,
  values: readonly string[],
  fieldOf: (value: string) => string,
): Promise<Account[]> => {
  const found: Account[] = [];
  for (const chunk of chunksOf([...new Set(values)], 40)) {
    const data = await ask(
      gateway,
      `{ ${chunk.map((value, index) => `a${index}: ${fieldOf(value)}`).join(' ')} }`,
    );
    found.push(...(Object.values(data).flat() as Account[]));
  }
  return found;
};

const accountsByPortfolio = async (gateway: Gateway): Promise<Account[]> => {
  const { portfolios } = await ask(gateway, '{ portfolios { name } }');
  const found = await askEach(
    gateway,
    portfolios.map(({ name }: { name: string }) => name),
    (name) =>
      `portfolio(name: ${JSON.stringify(name)}) { accounts(first: 500) { edges { node { ${people} } } } }`,
  );
  const pages = found as unknown as { accounts: { edges: { node: Account }[] } }[];
  return pages.flatMap(({ accounts }) => accounts.edges.map(({ node }) => node));
};

const accountsByFileNumber = async (gateway: Gateway, fileNumbers: readonly string[]) => {
  const found: (Account & { known: { ssn: string | null }; phones: { number: string }[] })[] = [];
  for (const chunk of chunksOf(fileNumbers, 200)) {
    const selection = `${people} known: borrower { ssn } phones { number }`;
    const data = await ask(gateway, `{ accounts(fileNumbers: ${JSON.stringify(chunk)}) { ${selection} } }`);
    found.push(...data.accounts);
  }
  return found;
};

describe('the people of every account of the sandbox', () => {
  it('have the same names by file number, portfolio, phone, SSN and node', { timeout: 300_000 }, async () => {
    const scollect = await startSandboxedScollect();
    const gateway = await startGateway({ scollect, scopes, operationLimits: unlimited });
    const byPortfolio = await accountsByPortfolio(gateway);
    const fileNumbers = byPortfolio.map(({ fileNumber }) => fileNumber);
    const whole = await accountsByFileNumber(gateway, fileNumbers);
    const expected = new Map(whole.map(({ known, phones, ...account }) => [account.fileNumber, account]));
    // Portfolios are read whole; of the others every fourth account does.
    const some = whole.filter((_, index) => index % 4 === 0);
    const phones = some.flatMap(({ phones: [first] }) => first?.number ?? []);
    const numbers = some.flatMap(({ known }) => known.ssn ?? []);
    const found = {
      portfolio: byPortfolio,
      phone: await askEach(gateway, phones, (one) => `accountsByPhone(number: "${one}") { ${people} }`),
      ssn: await askEach(gateway, numbers, (one) => `accountsBySsn(ssn: "${one}") { ${people} }`),
      node: await askEach(
        gateway,
        some.map(({ fileNumber }) => fileNumber),
        (one) => `node(id: "${idOf('Account', one)}") { ... on Account { ${people} } }`,
      ),
    };
    for (const [route, accounts] of Object.entries(found)) {
      expect(accounts.length).toBeGreaterThan(60);
      for (const account of accounts) {
        expect([route, account]).toEqual([route, expected.get(account.fileNumber)]);
      }
    }
    expect(byPortfolio.flatMap(({ coBorrowers }) => coBorrowers).length).toBeGreaterThan(20);
    expect(byPortfolio.filter(({ borrower }) => borrower.fullName === null)).toEqual([]);
  });
});

/** One person: first, middle, last and whole name as getaccount contains them, and the whole name as it is shown. */
const written: readonly (readonly [string, string, string, string, string])[] = [
  ['JOHN', '', 'DOE', 'JOHN DOE JR', 'JOHN DOE JR'],
  ['JOHN', '', 'DOE', 'JOHN DOE, JR.', 'JOHN DOE, JR.'],
  ['JOHN', '', 'DOE', 'JOHN DOE SR', 'JOHN DOE SR'],
  ['JOHN', 'Q', 'DOE', 'JOHN Q DOE II', 'JOHN Q DOE II'],
  ['JOHN', '', 'DOE', 'JOHN DOE, III', 'JOHN DOE, III'],
  ['JOHN', '', 'DOE', 'DOE IV, JOHN', 'DOE IV, JOHN'],
  ['JOHN', '', 'DOE JR', '', 'JOHN DOE JR'],
  ['JOHN JR', 'Q', 'DOE', '', 'JOHN JR Q DOE'],
  ['', '', '', 'ACME TOWING LLC', 'ACME TOWING LLC'],
  ['', '', '', 'Smith & Sons, Inc.', 'Smith & Sons, Inc.'],
  ['', '', 'ACME TOWING LLC', '', 'ACME TOWING LLC'],
  ['ACME', '', 'TOWING', 'ACME TOWING AND STORAGE CO', 'ACME TOWING AND STORAGE CO'],
  ['', '', '', 'NAME LAST', 'NAME LAST'],
  ['', '', 'LAST', 'NAME LAST', 'NAME LAST'],
  ['NAME', '', '', 'NAME LAST', 'NAME LAST'],
  ['CLAUDIA', '', 'LAST NAME', 'CLAUDIA LAST NAME', 'CLAUDIA LAST NAME'],
];

// The account of this phone, number and portfolio in the sandbox, and the order of the same phone.
const fileNumber = 'R1166';
const phone = '678-932-1578';
const ssn = '912-34-5678';

const routes: Readonly<Record<string, readonly [document: string, path: string]>> = {
  'accounts by file numbers': [`accounts(fileNumbers: ["${fileNumber}"]) { _ }`, 'accounts.0'],
  portfolio: [
    'portfolio(name: "Buffalo Loans") { accounts(first: 500) { edges { node { _ } } } }',
    'portfolio.accounts.edges',
  ],
  phone: [`accountsByPhone(number: "${phone}") { _ }`, 'accountsByPhone.0'],
  'social security number': [`accountsBySsn(ssn: "${ssn}") { _ }`, 'accountsBySsn.0'],
  order: ['order(orderId: "57062885") { accounts { account { _ } } }', 'order.accounts.0.account'],
  'phone of an order': [
    'order(orderId: "57062885") { borrowers { phones { accounts { _ } } } }',
    'order.borrowers.0.phones.0.accounts.0',
  ],
  'node of the account': [`node(id: "${idOf('Account', fileNumber)}") { ... on Account { _ } }`, 'node'],
  'node of a borrower': [
    `node(id: "${idOf('Borrower', 'S', fileNumber, 'debtor')}") { ... on Borrower { account { _ } } }`,
    'node.account',
  ],
  'account of a borrower found by phone': [
    `accountsByPhone(number: "${phone}") { borrower { account { _ } } }`,
    'accountsByPhone.0.borrower.account',
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: the shape of `data` is that of each route
const at = (data: any, path: string): Account => {
  const value = path.split('.').reduce((one, key) => one[key], data);
  // A page of a portfolio has other accounts as well.
  if (!Array.isArray(value)) return value;
  return value.map(({ node }) => node).find((node) => node.fileNumber === fileNumber);
};

describe('a person of an account', () => {
  it.each(written)(
    'with the parts "%s", "%s", "%s" and the name "%s" is "%s" on every route',
    {
      timeout: 60_000,
    },
    async (firstName, middleName, lastName, fullName, shown) => {
      const scollect = await startSandboxedScollect();
      const gateway = await startGateway({
        scollect,
        recoveryConnect: await startSandboxedRecoveryConnect(),
        scopes,
      });
      const person = { firstName, middleName, lastName, fullName };
      const changes = { ...person, ssn, jointDebtor: person, coDebtor1: person, coDebtor2: person };
      const { data: changed } = await gateway.query(mutationOf('updateAccount', 'failed { field }'), {
        input: { fileNumber, changes },
      });
      expect(changed.updateAccount).toMatchObject({ failed: [] });
      const parts = {
        firstName: firstName || null,
        middleName: middleName || null,
        lastName: lastName || null,
      };
      const one = (role: string) => ({ role, ...parts, fullName: shown });
      const expected = {
        fileNumber,
        borrower: one('borrower'),
        coBorrowers: ['joint debtor', 'co-debtor', 'co-debtor'].map((role) => ({
          ...one(role),
          ssnLast4: null,
        })),
      };
      for (const [route, [document, path]] of Object.entries(routes)) {
        const account = at(await ask(gateway, `{ ${document.replace('_', people)} }`), path);
        expect([route, account]).toEqual([route, expected]);
      }
      for (const place of ['debtor', 'joint', 'codebtor1', 'codebtor2']) {
        const id = idOf('Borrower', 'S', fileNumber, place);
        const { node } = await ask(gateway, `{ node(id: "${id}") { ... on Borrower { ${names} } } }`);
        expect([place, node]).toEqual([place, { ...parts, fullName: shown }]);
      }
    },
  );

  it('R1050 has the co-debtor NAME LAST by its portfolio as by its file number', async () => {
    const gateway = await startGateway({ scollect: await startSandboxedScollect() });
    const data = await ask(
      gateway,
      '{ account(fileNumber: "R1050") { coBorrowers { role fullName } } portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { coBorrowers { role fullName } } } } } }',
    );
    const { coBorrowers } = data.portfolio.accounts.edges[0].node;
    expect(coBorrowers).toContainEqual({ role: 'co-debtor', fullName: 'NAME LAST' });
    expect(coBorrowers).toEqual(data.account.coBorrowers);
  });
});

import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readyQueries } from '../../src/http/graphiql/ready-queries.ts';
import { countCalls } from '../../src/operation/cost/estimate.ts';
import { accountsPerPhone, phonesPerAccount } from '../../src/schema/accounts/account-things.ts';
import { borrowersPerOrder, phonesPerBorrower } from '../../src/schema/orders/order-things.ts';
import { schema } from '../../src/schema/schema.ts';
import { startGateway } from '../support/gateway.ts';
import { costOf, idOf } from './asked.ts';

const estimate = (text: string, variables: Readonly<Record<string, unknown>> = {}): number => {
  const document = parse(text);
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === 'OperationDefinition',
  );
  if (!operation) throw new Error('expected an operation');
  return countCalls({ schema, document, operation, variables, scopes: new Set() });
};

const lists =
  'phones { number } notes { totalCount } payments { totalCount } attempts { totalCount } emails { totalCount }';
const page = (selection: string, args = '') =>
  `{ portfolio(name: "C2CLA 12.1.22") { accounts${args} { edges { node { ${selection} } } } } }`;

describe('the estimate', () => {
  // What is made by the documented answers, beside.
  it.each([
    ['one account', '{ account(fileNumber: "R1001") { status borrower { fullName } fees { court } } }', 1, 1],
    [
      'one account three times, in another letter case too',
      '{ a: account(fileNumber: "R1001") { status } b: account(fileNumber: "r1001") { currentBalance } c: accounts(fileNumbers: ["r1001", "R1001"]) { client } }',
      1,
      1,
    ],
    ['an account with five lists', `{ account(fileNumber: "R1001") { ${lists} } }`, 6, 6],
    [
      'an account with five lists, each of them twice',
      `{ account(fileNumber: "R1001") { ${lists} n: notes(first: 1) { totalCount } borrower { phones { number } account { payments { totalCount } } } contactSummary { outboundAttempts } } }`,
      6,
      6,
    ],
    [
      'accounts of an SSN',
      '{ accountsBySsn(ssn: "111-22-3333") { currentBalance fees { late } attorney { name } } }',
      1,
      1,
    ],
    [
      'accounts of a phone by their numbers',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { role account { fileNumber } } } }',
      1,
      1,
    ],
    [
      'accounts of a phone, with columns of its row that may be blank and are not',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { firstName lastName } } }',
      1 + accountsPerPhone,
      1,
    ],
    [
      'accounts of a phone, with columns of its row that are blank',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { ssn dateOfBirth } } }',
      1 + accountsPerPhone,
      2,
    ],
    [
      'accounts of a phone with whole names, which its row lacks',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { fullName } } }',
      1 + accountsPerPhone,
      2,
    ],
    [
      'accounts of a phone with a balance',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber currentBalance status } }',
      1 + accountsPerPhone,
      2,
    ],
    [
      'twenty accounts of a portfolio, as far as its row tells',
      page('fileNumber currentBalance phones { number status }', '(first: 20)'),
      2,
      2,
    ],
    [
      'twenty accounts of a portfolio with what may be blank in its row',
      page('fileNumber openedDate customFields { value } borrower { lastName }', '(first: 20)'),
      22,
      2,
    ],
    [
      'them with their payments',
      page('currentBalance phones { number } payments { totalCount }', '(first: 20)'),
      22,
      3,
    ],
    [
      'fifty with their payments and all of their phones',
      page('phones { memo } payments { totalCount }'),
      102,
      4,
    ],
    ['the last three of a portfolio', page('status', '(last: 3)'), 5, 3],
    ['none of a portfolio', page('status', '(first: 0)'), 2, 2],
    [
      'four orders, one of them twice',
      '{ a: order(orderId: "20") { caseNumber } b: order(orderId: "21") { orderId } c: order(orderId: "22") { orderId } d: order(orderId: "020") { clientId } e: order(orderId: "23") { orderId } }',
      1,
      1,
    ],
    ['an order with what its row lacks', '{ order(orderId: "20") { caseNumber note collectorId } }', 2, 2],
    [
      'an order with its borrowers and their phones',
      '{ order(orderId: "20") { orderId borrowers { fullName phones { number typeId } } } }',
      2 + borrowersPerOrder,
      4,
    ],
    [
      'a borrower with one phone',
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phone(phoneId: "39317581") { number addressText } } } }',
      3,
      3,
    ],
    [
      'an order with its accounts',
      '{ order(orderId: "20") { accounts { account { fileNumber } } } }',
      2 + borrowersPerOrder + borrowersPerOrder * phonesPerBorrower,
      6,
    ],
    ['forty orders', '{ orders(first: 40) { edges { node { caseNumber } } } }', 1, 1],
    ['forty orders with what the row lacks', '{ orders(first: 40) { edges { node { note } } } }', 41, 2],
    ['five hundred orders', '{ orders(first: 500) { edges { node { caseNumber } } } }', 2, 1],
    [
      'things by their ids',
      `{ nodes(ids: ["${idOf('Account', 'R1001')}", "${idOf('Order', '20')}", "${idOf('Order', '21')}"]) { ... on Account { notes { totalCount } } ... on Order { caseNumber note } } }`,
      5,
      // The second order is not there.
      4,
    ],
    [
      'an id of nothing',
      `{ node(id: "${idOf('Nothing', '1')}") { id ... on Account { notes { totalCount } } } }`,
      0,
      0,
    ],
    ['the schema', '{ __schema { types { name fields { name } } } }', 0, 0],
  ] as const)('of %s', async (_, document, estimated, made) => {
    const gateway = await startGateway();
    const asked = await costOf(gateway, document);
    expect([asked.cost.upstreamCalls, asked.made]).toEqual([estimated, made]);
    expect(gateway.calls()).toHaveLength(made);
  });

  it('leaves out what is skipped', () => {
    const document =
      'query ($no: Boolean = false, $yes: Boolean!) { account(fileNumber: "R1001") { notes @include(if: $no) { totalCount } payments @skip(if: $yes) { totalCount } ... @include(if: $yes) { emails { totalCount } } ...F @skip(if: $no) } } fragment F on Account { attempts { totalCount } }';
    expect(estimate(document, { no: false, yes: true })).toBe(3);
    expect(estimate(document, { no: true, yes: false })).toBe(3);
    expect(estimate(document, { no: true, yes: true })).toBe(3);
    expect(estimate(document, { no: false, yes: false })).toBe(3);
    expect(estimate(document.replace('notes @include(if: $no)', 'notes'), { no: true, yes: true })).toBe(3);
    expect(estimate(document.replace('@skip(if: $no)', ''), { no: true, yes: true })).toBe(4);
  });

  it('goes by the values of variables', () => {
    const document =
      'query ($numbers: [String!]!, $first: Int) { accounts(fileNumbers: $numbers) { status } portfolio(name: "A") { accounts(first: $first) { edges { node { status } } } } }';
    expect(estimate(document, { numbers: ['A', 'B', 'b'], first: 7 })).toBe(2 + 2 + 7);
    expect(estimate(document, { numbers: [] })).toBe(2 + 50);
  });

  it('counts the writes of a mutation, and what is read of its result', () => {
    const changes = (count: number) =>
      `changes: { ${['status: "A"', 'client: "B"', 'customFields: [{ number: 1, value: "x" }, { number: 2, value: "y" }]', 'court: { docketNumber: "1" }'].slice(0, count).join(', ')} }`;
    const update = (count: number, selection: string) =>
      `updateAccount(input: { fileNumber: "R1001", ${changes(count)} }) { ... on UpdateAccountSuccess { ${selection} } ... on MutationError { message } }`;
    expect(estimate(`mutation { ${update(1, 'updated')} }`)).toBe(1);
    expect(estimate(`mutation { ${update(4, 'updated account { fileNumber }')} }`)).toBe(5);
    expect(estimate(`mutation { ${update(2, 'account { status notes { totalCount } }')} }`)).toBe(4);
    // The second one reads anew what the first one has changed.
    const twice = `a: ${update(2, 'account { status }')} b: ${update(1, 'account { status }')}`;
    expect(estimate(`mutation { ${twice} }`)).toBe(5);
    const transfer = (photos: string) =>
      `mutation { transferPhotos(input: { orderId: "20", toOrderIds: ["21", "22"]${photos} }) { __typename } }`;
    expect(estimate(transfer(''))).toBe(1);
    expect(estimate(transfer(', photoIds: ["1", "2", "3"]'))).toBe(3);
  });

  it('takes no longer for fragments that double each other', () => {
    const doubling = Array.from(
      { length: 200 },
      (_, at) =>
        `fragment F${at} on Account { borrower { account { ...F${at + 1} } } phones { account { ...F${at + 1} } } coBorrowers { account { ...F${at + 1} } } }`,
    );
    const document = `{ account(fileNumber: "R1001") { ...F0 } } ${doubling.join(' ')} fragment F200 on Account { notes { totalCount } }`;
    expect(estimate(document)).toBe(3);
  });

  it('has an end for what doubles without one', () => {
    const doubling = Array.from(
      { length: 60 },
      (_, at) =>
        `fragment F${at} on Account { portfolio { a: accounts(first: 1) { edges { node { ...F${at + 1} } } } b: accounts(first: 2) { edges { node { ...F${at + 1} } } } } }`,
    );
    const document = `{ account(fileNumber: "R1001") { ...F0 } } ${doubling.join(' ')} fragment F60 on Account { notes { totalCount } }`;
    expect(estimate(document)).toBe(100_000);
  });

  it('is within the limit for the queries that GraphiQL opens with', () => {
    for (const query of readyQueries) expect(estimate(query)).toBeLessThan(20);
  });

  it('takes the phones of an account to be as many as assumed', () => {
    expect(estimate('{ account(fileNumber: "R1001") { phones { accounts { fileNumber } } } }')).toBe(
      2 + phonesPerAccount,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { startGateway } from './support/gateway.ts';

const ask = async (document: string, maxUpstreamCalls = 1000) => {
  const { query, calls } = await startGateway({ operationLimits: { maxUpstreamCalls } });
  const { errors, extensions, data } = await query(document, {}, { 'x-recollect-cost': '1' });
  return { errors, data, cost: extensions?.['cost'], calls: calls() };
};

describe('x', () => {
  it.each([
    ['{ account(fileNumber: "R1001") { status borrower { fullName } fees { court } } }', 1, 1],
    [
      '{ a: account(fileNumber: "R1001") { status } b: account(fileNumber: "r1001") { currentBalance } c: accounts(fileNumbers: ["r1001", "R1001"]) { client } }',
      1,
      1,
    ],
    [
      '{ account(fileNumber: "R1001") { phones { number } notes { totalCount } payments { totalCount } attempts { totalCount } emails { totalCount } } }',
      6,
      6,
    ],
    [
      '{ accountsBySsn(ssn: "111-22-3333") { fileNumber currentBalance principal fees { late } status borrower { fullName ssn } } }',
      1,
      1,
    ],
    ['{ accountsBySsn(ssn: "111223333") { borrower { account { status work { managerName } } } } }', 1, 1],
    [
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { fullName ssn dateOfBirth } } }',
      1,
      1,
    ],
    ['{ accountsByPhone(number: "716-628-9899") { fileNumber currentBalance status } }', 6, 2],
    [
      '{ a: order(orderId: "20") { caseNumber orderType } b: order(orderId: "21") { orderId } c: order(orderId: "22") { orderId } d: order(orderId: "20") { clientId } e: order(orderId: "23") { orderId } }',
      1,
      1,
    ],
    ['{ order(orderId: "20") { orderId borrowers { fullName phones { number typeId } } } }', 5, 4],
    [
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phone(phoneId: "39317578") { number } phones { number } } } }',
      4,
      3,
    ],
    [
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phone(phoneId: "39317581") { number addressText } } } }',
      3,
      3,
    ],
    [
      '{ portfolio(name: "C2CLA 12.1.22") { accounts(first: 20) { edges { node { fileNumber currentBalance phones { number status } } } } } }',
      2,
      2,
    ],
    [
      '{ portfolio(name: "C2CLA 12.1.22") { accounts(first: 20) { edges { node { phones { number status } payments { totalCount } } } } } }',
      22,
      3,
    ],
    [
      '{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { phones { memo } payments { totalCount } } } } } }',
      102,
      4,
    ],
  ])('%s', async (document, estimate, made) => {
    const { errors, cost, calls } = await ask(document);
    expect(errors).toBeUndefined();
    expect({ cost, made: calls.length }).toEqual({ cost: { upstreamCalls: estimate, maximum: 1000 }, made });
  });
  it('sandbox sizes', async () => {
    const sandbox = await startSandbox();
    const { query } = await startGateway({
      sandbox,
      timeoutMs: 20000,
      requestTimeoutMs: 100000,
      operationLimits: { maxUpstreamCalls: 100000 },
    });
    const { data, errors } = await query(
      '{ portfolios { name accounts(first: 500) { totalCount edges { node { fileNumber phones { phoneId } orders { totalCount } coBorrowers { role } borrower { ssn} } } } } orders(first: 500) { totalCount edges { node { orderId borrowers { borrowerId phones { phoneId accounts { fileNumber } } } assignments { assignmentId } } } } }',
    );
    console.log(JSON.stringify(errors)?.slice(0, 300));
    const acc = data.portfolios.flatMap((p: any) => p.accounts.edges.map((e: any) => e.node));
    console.log(
      'S',
      data.portfolios.map((p: any) => [p.name, p.accounts.totalCount]),
      Math.max(...acc.map((a: any) => a.phones?.length)),
      Math.max(...acc.map((a: any) => a.orders?.totalCount)),
    );
    const or = data.orders.edges.map((e: any) => e.node);
    console.log(
      'S',
      data.orders.totalCount,
      Math.max(...or.map((a: any) => a.borrowers.length)),
      Math.max(...or.map((a: any) => a.assignments.length)),
      Math.max(...or.flatMap((a: any) => a.borrowers.map((b: any) => b.phones.length))),
      Math.max(
        ...or.flatMap((a: any) =>
          a.borrowers.flatMap((b: any) => b.phones.map((p: any) => p.accounts.length)),
        ),
      ),
    );
    console.log(
      'S',
      acc.slice(0, 5).map((a: any) => a.fileNumber),
      or
        .slice(0, 4)
        .map((o: any) => [
          o.orderId,
          o.borrowers.map((b: any) => [b.borrowerId, b.phones.map((p: any) => p.phoneId)]),
        ])
        .flat(5),
    );
    await sandbox.close();
  }, 120000);
});

import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/operation/caller.ts';
import { type Reply, startGateway } from '../support/gateway.ts';
import { filled, mutations, waysToFill } from '../support/input-types.ts';
import { validValue } from '../support/leaf-values.ts';
import { rootScopes } from './root-scopes.ts';

interface Row {
  /** The root field, as it stands in the answer. */
  readonly field: string;
  readonly name: string;
  /** One of these is enough. */
  readonly wanted: readonly string[];
  readonly document: string;
  readonly variables?: object;
}

const idOf = (...parts: string[]): string => Buffer.from(parts.join(':')).toString('base64url');

/** What things of each kind take, whatever way they are asked for by their ids. */
const nodes: readonly (readonly [scope: Scope, id: string])[] = [
  ['accounts:read', idOf('Account', 'R1001')],
  ['accounts:read', idOf('Portfolio', '1')],
  ['accounts:read', idOf('Borrower', 'S', 'R1001', 'debtor')],
  ['accounts:read', idOf('Phone', 'S', 'R1001', '1')],
  ['accounts:read', idOf('Note', 'S', 'R1001', '1')],
  ['accounts:read', idOf('EmailEvent', 'S', 'R1001', '1')],
  ['accounts:read', idOf('Address', 'S', 'R1001', 'debtor')],
  ['payments:read', idOf('PendingOutcome', '0b9e1e9c-3c57-4d0a-9d7e-3f2a6c0b1d11')],
  ['orders:read', idOf('Order', '57062885')],
  ['orders:read', idOf('Assignment', '57074903')],
  ['orders:read', idOf('Borrower', 'R', '57062885', '1')],
  ['orders:read', idOf('Phone', 'R', '57062885', '1', '2')],
  ['orders:read', idOf('Address', 'R', '57062885', '1', '2')],
  ['orders:read', idOf('Address', 'R', '57062885', '1')],
  ['orders:read', idOf('Photo', 'R', '57062885', '1')],
  ['orders:read', idOf('Collateral', 'R', '57062885', '1')],
  ['orders:read', idOf('SpecialInstruction', 'R', '57062885', '1')],
];

const nodeRows: readonly Row[] = nodes.flatMap(([scope, id]) => {
  const typeName = Buffer.from(id, 'base64url').toString();
  return [
    {
      field: 'node',
      name: `node of ${typeName}`,
      wanted: [scope],
      document: `{ node(id: "${id}") { id } }`,
    },
    {
      field: 'nodes',
      name: `nodes of ${typeName}`,
      wanted: [scope],
      document: `{ nodes(ids: ["${id}"]) { id } }`,
    },
  ];
});

const queries: Readonly<Record<string, string>> = {
  account: '(fileNumber: "R1001") { fileNumber }',
  accounts: '(fileNumbers: ["R1001", "R1002"]) { fileNumber }',
  accountsByPhone: '(number: "407-253-7828") { fileNumber }',
  accountsBySsn: '(ssn: "111-22-3333") { fileNumber }',
  assignment: '(assignmentId: "57074903") { assignmentId }',
  order: '(orderId: "57062885") { orderId }',
  orders: '(first: 1) { edges { node { orderId } } }',
  pendingOutcomes: '{ outcomeId }',
  portfolio: '(name: "Test") { name }',
  portfolios: '{ name }',
};

const queryRows: readonly Row[] = Object.entries(queries).map(([field, rest]) => ({
  field,
  name: field,
  wanted: rootScopes[`Query.${field}`] ?? [],
  document: `{ ${field}${rest} }`,
}));

const mutationRows: readonly Row[] = mutations.map(({ field, type, document }) => ({
  field,
  name: field,
  wanted: rootScopes[`Mutation.${field}`] ?? [],
  document,
  variables: { input: filled(type, validValue, waysToFill(type)[0]) },
}));

const rows = [...queryRows, ...nodeRows, ...mutationRows];

const isForbidden = ({ errors = [] }: Reply): boolean =>
  errors.some(({ extensions }) => extensions?.['code'] === 'FORBIDDEN');

/** Asks for everything as a caller with these scopes, and gives the fields that were not forbidden. */
const allowedTo = async (allowed: readonly Scope[]): Promise<string[]> => {
  const { query, calls } = await startGateway({ scopes: allowed });
  const reached: string[] = [];
  for (const { field, name, document, variables } of rows) {
    const before = calls().length;
    const reply = await query(document, variables);
    if (!isForbidden(reply)) {
      reached.push(name);
      continue;
    }
    const nothing = ['accounts', 'nodes'].includes(field)
      ? expect.not.arrayContaining([expect.anything()])
      : null;
    expect({ name, data: reply.data, calls: calls().length }).toEqual({
      name,
      data: { [field]: nothing },
      calls: before,
    });
  }
  return reached;
};

const namesWith = (isAllowed: (row: Row) => boolean): string[] =>
  rows.filter(isAllowed).map(({ name }) => name);

describe('every root field', () => {
  it('has its row', () => {
    const covered = new Set(rows.map(({ field }) => field));
    const all = Object.keys(rootScopes).map((coordinate) => coordinate.split('.')[1] ?? '');
    expect([...covered].sort()).toEqual(all.sort());
  });

  it.each(scopes)(
    'is open to %s alone if that is its scope, and forbidden before any call if not',
    async (scope) => {
      expect(await allowedTo([scope])).toEqual(namesWith(({ wanted }) => wanted.includes(scope)));
    },
  );

  it.each(scopes)('is forbidden to all scopes but %s if that is its scope', async (scope) => {
    const others = scopes.filter((other) => other !== scope);
    expect(await allowedTo(others)).toEqual(namesWith(({ wanted }) => !wanted.includes(scope)));
  });

  it('is forbidden to a caller with no scope', async () => {
    expect(await allowedTo([])).toEqual([]);
  });
});

describe('What is forbidden', () => {
  it('leaves the rest of the answer alone, and names the field and the scope', async () => {
    const { query } = await startGateway({ scopes: ['accounts:read'] });
    const { data, errors } = await query(
      '{ account(fileNumber: "R1001") { fileNumber payments { totalCount } } order(orderId: "20") { orderId } }',
    );
    expect(data).toEqual({ account: { fileNumber: 'R1001', payments: null }, order: null });
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['account', 'payments'],
        extensions: { code: 'FORBIDDEN', scopes: ['payments:read'] },
      }),
      expect.objectContaining({
        message: 'Query.order: expected a caller with the scope orders:read.',
        path: ['order'],
        extensions: { code: 'FORBIDDEN', scopes: ['orders:read'] },
      }),
    ]);
  });

  it.each([
    '... on RunPaymentSuccess { account { fileNumber } }',
    '... on RunPaymentSuccess { again: account { fileNumber } }',
    '... on RunPaymentSuccess @skip(if: true) { account { fileNumber } }',
    '...Deep } } fragment Deep on RunPaymentSuccess { ...Deeper } fragment Deeper on RunPaymentSuccess { account { id',
  ])('in the result of a mutation rejects it before execution: %s', async (selection) => {
    const { query, calls } = await startGateway({ scopes: ['payments:write', 'payments:read'] });
    const { data, errors } = await query(
      `mutation ($input: RunPaymentInput!) { runPayment(input: $input) { __typename ${selection} } }`,
      {
        input: { idempotencyKey: 'key', fileNumber: 'R1001', paymentDate: '2030-01-02', amount: '1.00' },
      },
    );
    expect(data).toEqual({ runPayment: null });
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'RunPaymentSuccess.account: expected a caller with the scope accounts:read.',
        extensions: { code: 'FORBIDDEN', scopes: ['accounts:read'] },
      }),
    ]);
    expect(calls()).toEqual([]);
  });
});

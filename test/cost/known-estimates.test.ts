import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/operation/caller.ts';
import { countCalls } from '../../src/operation/cost/estimate.ts';
import { estimateCalls } from '../../src/operation/cost/known-estimates.ts';
import { schema } from '../../src/schema/schema.ts';
import { idOf } from './asked.ts';

const phones = 'phones { number accounts { currentBalance payments { totalCount } } }';
const account = `status ${phones} borrower { phones { number } account { fileNumber } } portfolio { name }`;
const page = '(first: $size)';

type Variables = Readonly<Record<string, unknown>>;
const named = (...values: readonly unknown[]): Variables[] => values.map((one) => ({ one }));
const files = named('R1001', 'r1001', 'R2', '', '(all)', null, 'R1001/phones');

// Each is carried out with all of its variables, one after the other.
const operations: readonly (readonly [string, readonly Variables[]])[] = [
  [`query ($one: String!) { account(fileNumber: $one) { ${account} } }`, files],
  [
    `query ($one: String!) { a: account(fileNumber: $one) { ${account} } b: account(fileNumber: "R1001") { status } }`,
    files,
  ],
  [`query ($one: String!) { accounts(fileNumbers: ["R1001", $one]) { ${account} } }`, files],
  [
    `query ($one: String!) { account(fileNumber: $one) { paymentMethods(method: $one) { method } b: paymentMethods(method: "CARD") { method } } }`,
    named('CARD', 'ACH'),
  ],
  [
    `query ($one: String!) { account(fileNumber: $one) { ...a } } fragment a on Account { a: paymentMethods(method: $one) { method } b: paymentMethods(method: "CARD") { method } }`,
    named('CARD', 'ACH'),
  ],
  [
    `query ($one: ListOrder) { account(fileNumber: "R1001") { notes(order: $one) { totalCount } portfolio { name } } }`,
    named('AS_RECORDED', 'NEWEST_FIRST', null),
  ],
  [`query ($one: SSN!) { accountsBySsn(ssn: $one) { ${account} } }`, named('111223333', '222334444')],
  [
    `query ($one: PhoneNumber!) { accountsByPhone(number: $one) { ${account} } }`,
    named('+17166289899', '+1'),
  ],
  [
    `query ($one: String!, $size: Int) { portfolio(name: $one) { accounts${page} { edges { node { ${account} } } } } }`,
    [1, 5, 500, null, undefined, 5].flatMap((size) => [
      { one: 'C2CLA 12.1.22', size },
      { one: '(all)', size },
    ]),
  ],
  [
    'query ($one: ID!) { order(orderId: $one) { status borrowers { phones { number } } assignments { status } } }',
    named('56100003', '056100003', 'x'),
  ],
  ['query ($one: ID!) { assignment(assignmentId: $one) { status order { status } } }', named('1', '2')],
  [
    `query ($one: ID!) { node(id: $one) { ... on Account { ${account} } ... on Order { status } } }`,
    named(idOf('Account', 'R1001'), idOf('Order', '1'), 'x'),
  ],
  [
    `query ($one: Boolean!) { account(fileNumber: "R1001") { status ... @include(if: $one) { ${account} } } }`,
    named(true, false, true),
  ],
  [
    `query ($one: String!) { account(fileNumber: $one) { status ${phones} } ...b } fragment b on Query { account(fileNumber: "R1001") { status } }`,
    files,
  ],
];

const scopes: readonly ReadonlySet<Scope>[] = [
  new Set(),
  new Set(['accounts:read', 'orders:read', 'payments:read']),
];

describe('an estimate that is remembered', () => {
  it.each(operations)('is what would be counted anew: %s', (text, variablesOfRuns) => {
    const document = parse(text);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('expected an operation');
    const asked = scopes.flatMap((held) =>
      variablesOfRuns.map((variables) => ({ schema, document, operation, variables, scopes: held })),
    );
    for (const runs of [asked, asked.toReversed()]) {
      expect(runs.map(estimateCalls)).toEqual(runs.map(countCalls));
    }
  });

  it('is found again for a word of the schema, which is no text of a caller', () => {
    const document = parse(`query ($one: ListOrder!) { account(fileNumber: "R1001") { ...a } }
      fragment a on Account { notes(order: $one) { totalCount } payments(order: $one) { totalCount } }`);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('expected an operation');
    const asked = { schema, document, operation, scopes: new Set<Scope>() };
    const counted = estimateCalls({ ...asked, variables: { one: 'NEWEST_FIRST' } });
    expect(counted).toBe(3);
    // Without the fragment it could not be counted anew.
    const without = { ...asked, document: { ...document, definitions: [operation] } };
    expect(estimateCalls({ ...without, variables: { one: 'NEWEST_FIRST' } })).toBe(counted);
  });
});

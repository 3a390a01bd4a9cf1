import { getIntrospectionQuery } from 'graphql';
import type { Random } from '../../src/sandbox/random.ts';
import { oneOf, times } from './chance.ts';
import { hostileText } from './texts.ts';

type Write = (random: Random, canary: string) => string;

const account = (below: string, fileNumber = 'R3001'): string =>
  `account(fileNumber: "${fileNumber}") { ${below} }`;

const nested = (count: number, opening: string, inner: string, closing: string): string =>
  `${opening.repeat(count)}${inner}${closing.repeat(count)}`;

const manyOf = (random: Random): number => oneOf(random, [2, 21, 101, 1000, 5000]);

/** Fragments each of which spreads the next one twice. */
const doubling = (levels: number): string =>
  times(levels, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(' ');

const text = (random: Random, canary: string): string => JSON.stringify(hostileText(random, canary));

/** Documents that are odd as a whole: some valid, some refused, none an accident. */
export const oddDocuments: readonly Write[] = [
  () => '',
  (_, canary) => `# ${canary}`,
  (_, canary) => `${`# ${canary}\n`.repeat(5000)}{ __typename }`,
  () => '{}',
  () => '\ufeff{ __typename }',
  (random) => `${','.repeat(manyOf(random))}{ __typename }`,
  (random) => `{ ${nested(manyOf(random), '... { ', '__typename', ' }')} }`,
  (random) => `{ ${nested(manyOf(random), 'account(fileNumber: "R3001") { ', '__typename', ' }')} }`,
  (random) => `{ account(fileNumber: ${nested(manyOf(random), '[', '"R3001"', ']')}) { fileNumber } }`,
  (random) => `{ node(id: ${nested(manyOf(random), '{ a: ', '1', ' }')}) { id } }`,
  (random) => `query ($v: ${nested(manyOf(random), '[', 'Int', ']')}) { __typename }`,
  (random) => '{'.repeat(manyOf(random)),
  (random) => `{ ${times(manyOf(random), (index) => `a${index}: __typename`).join(' ')} }`,
  (random) => `{ ${times(manyOf(random), () => account('fileNumber')).join(' ')} }`,
  (random) => `{ ${account(times(manyOf(random), () => 'fileNumber').join(' '))} }`,
  (random) => `{ ${times(manyOf(random), (index) => `nothing${index}`).join(' ')} }`,
  (random) => `{ __typename ${'@skip(if: true) '.repeat(manyOf(random))}}`,
  (random) => `{ __typename ${times(manyOf(random), (index) => `@no${index}`).join(' ')} }`,
  (random) => times(manyOf(random), (index) => `query Q${index} { __typename }`).join(' '),
  (random) => `query Q { __typename } ${times(manyOf(random), () => '{ __typename }').join(' ')}`,
  (random) => `query (${times(manyOf(random), (index) => `$v${index}: Int`).join(', ')}) { __typename }`,
  () => 'query ($v: Int, $v: Int) { __typename }',
  (_, canary) => `query ($v: Int = "${canary}") { accounts(fileNumbers: $v) { fileNumber } }`,
  () => '{ ...A } fragment A on Query { ...A }',
  () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }',
  () =>
    `{ ...A } fragment A on Query { ${account('...B')} } fragment B on Account { orders { edges { node { accounts { account { ...B } } } } } }`,
  (random) => {
    const levels = oneOf(random, [5, 30, 300]);
    return `{ ...F0 } ${doubling(levels)} fragment F${levels} on Query { __typename }`;
  },
  (random) => {
    const levels = oneOf(random, [5, 50]);
    const sets = times(
      levels,
      (index) => `fragment F${index} on Account { phones { account { ...F${index + 1} } } ...F${index + 1} }`,
    );
    return `{ ${account('...F0')} } ${sets.join(' ')} fragment F${levels} on Account { fileNumber }`;
  },
  () => '{ ...Nobody }',
  () => 'fragment A on Query { __typename }',
  () => '{ ... on Nothing { id } ... on Account { id } ... on String { id } }',
  () => 'subscription { __typename }',
  (_, canary) => `subscription S { account(fileNumber: "${canary}") { fileNumber } }`,
  () => 'type Query { a: Int }',
  () => 'extend type Query { a: Int } { __typename }',
  () => 'schema { query: Query } directive @a on FIELD { __typename @a }',
  () => getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }),
  (_, canary) => `{ __type(name: "${canary}") { name fields { name } } }`,
  (random) =>
    `{ __schema { types { fields { ${nested(manyOf(random), 'type { fields { ', 'name', ' } }')} } } } }`,
  () => '{ __typename: __typename __proto__: __typename constructor: __typename toString: __typename }',
  () => '{ __proto__ constructor toString hasOwnProperty }',
  () => 'query __proto__ { __typename } query constructor { __typename }',
  () => '{ ...__proto__ } fragment __proto__ on Query { __typename }',
  () =>
    `{ ...constructor } fragment toString on constructor { __typename } fragment constructor on Query { ${account('fileNumber')} }`,
  () =>
    'query ($__proto__: String!, $constructor: String) { account(fileNumber: $__proto__) { fileNumber } }',
  (_, canary) => `{ account(fileNumber: """${canary}\n\n  ${canary}""") { fileNumber } }`,
  (_, canary) => `{ account(fileNumber: """${canary}`,
  (random, canary) => `{ account(fileNumber: ${text(random, canary)}) { fileNumber } }`,
  (random, canary) => `{ accountsBySsn(ssn: ${text(random, canary)}) { fileNumber } }`,
  (random, canary) => `{ accountsByPhone(number: ${text(random, canary)}) { fileNumber } }`,
  (random, canary) =>
    `{ node(id: ${text(random, canary)}) { id } nodes(ids: [${text(random, canary)}]) { id } }`,
  (random, canary) =>
    `{ portfolio(name: ${text(random, canary)}) { accounts(first: 5, after: ${text(random, canary)}) { totalCount } } }`,
  (random, canary) => `{ orders(first: 5, after: ${text(random, canary)}) { edges { node { orderId } } } }`,
  (random) =>
    `{ orders(first: ${oneOf(random, ['-1', '0', '2147483647', '2147483648', '1e3', '0x1', '1.5', '-'])}) { totalCount } }`,
  (random, canary) =>
    `{ accounts(fileNumbers: [${times(oneOf(random, [60, 600, 2000]), (index) => `"${canary}${index}"`).join(', ')}]) { fileNumber } }`,
  (_, canary) =>
    `{ account(fileNumber: "${canary}", fileNumber: "${canary}", other: "${canary}") { fileNumber } }`,
  (_, canary) => `{ account(fileNumber: {a: "${canary}", a: "${canary}"}) { fileNumber } }`,
  (_, canary) => `{ account(fileNumber: "${'A'.repeat(300_000)}${canary}") { fileNumber } }`,
  () =>
    '{ account(fileNumber: "R3001") { fileNumber @defer ... @defer { status } phones @stream { number } } }',
  () => '{ account(fileNumber: $missing) { fileNumber } }',
  () => 'query ($unused: Nothing!) { __typename }',
  () => 'query Asked($a: Account, $b: Query!) { __typename }',
  () => 'mutation { __typename }',
  () => 'mutation { ...M } fragment M on Mutation { ...M }',
];

export const oddDocument: Write = (random, canary) => oneOf(random, oddDocuments)(random, canary);

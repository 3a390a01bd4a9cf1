import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isUnionType,
  Lexer,
  Source,
  TokenKind,
} from 'graphql';
import { defaultLimits } from '../../src/operation/limits.ts';
import { schema } from '../../src/schema/schema.ts';
import { filled, type Leaf, mutations, waysToFill } from '../support/input-types.ts';
import { validValue } from '../support/leaf-values.ts';
import { written } from './canaries.ts';

type Field = GraphQLField<unknown, unknown>;

const idOf = (...parts: string[]): string => Buffer.from(parts.join(':')).toString('base64url');
export const nodeIds = [
  idOf('Account', 'R1001'),
  idOf('Portfolio', '1'),
  idOf('Borrower', 'S', 'R1001', 'debtor'),
  idOf('Borrower', 'R', '57062885', '124927241'),
  idOf('Phone', 'S', 'R1001', '1'),
  idOf('Order', '57062885'),
  idOf('Assignment', '30554'),
];

/** What fields are asked with. */
const given: Readonly<Record<string, string>> = {
  'Query.account': '(fileNumber: "R1001")',
  'Query.accounts': '(fileNumbers: ["R1001", "R1002"])',
  'Query.accountsByPhone': '(number: "716-628-9899")',
  'Query.accountsBySsn': `(ssn: "${written.SSN}")`,
  'Query.assignment': '(assignmentId: "30554")',
  'Query.node': `(id: "${nodeIds[0]}")`,
  'Query.nodes': `(ids: ${JSON.stringify(nodeIds)})`,
  'Query.order': '(orderId: "57062885")',
  'Query.orders': '(first: 2)',
  'Query.portfolio': '(name: "C2C PDL TEST")',
  'Order.borrower': '(borrowerId: "124927241")',
  'Borrower.phone': '(phoneId: "39317578")',
};

const fieldsOf = (type: GraphQLObjectType): Field[] => Object.values(type.getFields());

const asked = (type: GraphQLObjectType, { name }: Field): string =>
  `${name}${given[`${type.name}.${name}`] ?? ''}`;

const leaves = (type: GraphQLObjectType): string =>
  [
    '__typename',
    ...fieldsOf(type)
      .filter((field) => isLeafType(getNamedType(field.type)))
      .map(({ name }) => name),
  ].join(' ');

const within = (field: Field): string => {
  const type = getNamedType(field.type);
  if (isObjectType(type)) return `{ ${leaves(type)} }`;
  return isAbstractType(type) ? '{ __typename }' : '';
};

/** All fields of a type, and those below it that hold nothing further. */
const allOf = (type: GraphQLObjectType): string =>
  `{ ${[
    leaves(type),
    ...fieldsOf(type)
      .filter((field) => !isLeafType(getNamedType(field.type)))
      .map((field) => `${asked(type, field)} ${within(field)}`),
  ].join(' ')} }`;

interface Way {
  readonly type: GraphQLObjectType;
  /** Writes a document that selects something there. */
  readonly to: (selection: string) => string;
}

/** The shortest way from a root field to each type. */
const waysFrom = (query: GraphQLObjectType, root: Field): Way[] => {
  const first = getNamedType(root.type);
  if (!isObjectType(first)) return [];
  const ways: Way[] = [{ type: first, to: (selection) => `${asked(query, root)} ${selection}` }];
  const seen = new Set([first.name]);
  for (const way of ways) {
    for (const field of fieldsOf(way.type)) {
      const type = getNamedType(field.type);
      if (!isObjectType(type) || seen.has(type.name)) continue;
      seen.add(type.name);
      ways.push({ type, to: (selection) => way.to(`{ ${asked(way.type, field)} ${selection} }`) });
    }
  }
  return ways;
};

const tokensOf = (text: string): number => {
  const lexer = new Lexer(new Source(text));
  let count = 0;
  while (lexer.advance().kind !== TokenKind.EOF) count += 1;
  return count;
};

/** Puts as many selections into each document as a gateway takes. */
const combined = (selections: readonly string[]): string[] => {
  const documents: string[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const selection of selections) {
    const own = tokensOf(selection);
    const [last] = documents.slice(-1);
    if (!last || tokens + own > defaultLimits.maxTokens / 2 || last.length >= defaultLimits.maxRepeats) {
      documents.push([selection]);
      tokens = own;
    } else {
      last.push(selection);
      tokens += own;
    }
  }
  return documents.map((all) => `query Canary { ${all.join('\n')} }`);
};

const query = schema.getQueryType() as GraphQLObjectType;

/** From these everything is reached; from the others their own rows. */
const whole = ['account', 'order', 'assignment', 'pendingOutcomes'];
const near = 12;

/** Documents that ask for every field of every type that a query leads to, from every root field. */
export const queries: readonly string[] = [
  ...fieldsOf(query).flatMap((root) => {
    const ways = waysFrom(query, root);
    const taken = whole.includes(root.name) ? ways : ways.slice(0, near);
    return combined(taken.map(({ type, to }) => to(allOf(type))));
  }),
  `{ node(id: "${nodeIds[2]}") { id ... on Borrower ${allOf(schema.getType('Borrower') as GraphQLObjectType)} } }`,
  `{ nodes(ids: ${JSON.stringify(nodeIds)}) { __typename id ... on Borrower { ssn dateOfBirth } ... on Account { originalAccountNumber } } }`,
  `{ account(fileNumber: "R1001") { contactSummary(conversationDispositions: ["SPOKE"]) { __typename }
    payments(last: 1) { edges { cursor } } paymentMethods(last4: "1881", method: "CREDIT CARD") { cardLast4 } } }`,
];

/** Documents that ask for what is found only behind something else. */
export const behind: readonly string[] = [
  `{ order(orderId: "57062885") { borrower(borrowerId: "124927241") { phone(phoneId: "39317578") { number } } } }`,
  `{
  portfolio(name: "C2C PDL TEST") { accounts { totalCount } }
  order(orderId: "57062885") { ${leaves(schema.getType('Order') as GraphQLObjectType)}
    borrowers { addresses { city } phones { number } } } }`,
];

const success = (field: string): string => {
  const union = getNamedType(schema.getMutationType()?.getFields()[field]?.type);
  if (!isUnionType(union)) throw new Error(`${field} answers no union`);
  return union
    .getTypes()
    .map((type) => `... on ${type.name} ${allOf(type)}`)
    .join('\n');
};

const canaryOf = (leaf: Leaf): unknown => {
  const { type, name } = leaf;
  if (type.name === 'CardNumber') return written.card;
  if (type.name === 'SecurityCode') return written['security code'];
  if (type.name === 'SSN') return written.SSN;
  if (type.name === 'Date' && /birth/i.test(name)) return written['date of birth'];
  if (name === 'accountNumber') return written['bank account'];
  if (name === 'routingNumber') return written['routing number'];
  return validValue(leaf);
};

export interface Write {
  readonly field: string;
  readonly query: string;
  /** @param mark makes its key one of its own. */
  readonly input: (mark: string) => object;
}

const documentOf = (field: string, typeName: string): string =>
  `mutation Canary ($input: ${typeName}!) { ${field}(input: $input) { __typename ${success(field)} } }`;

/** All photos of an order go by an operation of their own. */
const allPhotos: Write = {
  field: 'transferPhotos',
  query: documentOf('transferPhotos', 'TransferPhotosInput').replace(
    '... on TransferPhotosSuccess {',
    '... on TransferPhotosSuccess { transfers { photo { photoId url } }',
  ),
  input: () => ({ orderId: '57076503', toOrderIds: ['57076502'] }),
};

/** Every mutation, in each way to fill its input, with canaries wherever its input takes them. */
const ofAll: readonly Write[] = mutations.flatMap(({ field, type }) =>
  waysToFill(type).map((without) => ({
    field,
    query: documentOf(field, type.name),
    input: (mark) =>
      Object(
        filled(
          type,
          (leaf) =>
            leaf.name === 'idempotencyKey' ? `${written['idempotency key']} ${mark}` : canaryOf(leaf),
          without,
        ),
      ),
  })),
);

export const writes: readonly Write[] = [...ofAll, allPhotos];

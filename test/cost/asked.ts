import { type GraphQLArgument, type GraphQLField, getNullableType, isEnumType, isNonNullType } from 'graphql';
import type { Cost } from '../../src/http/steps/extensions.ts';
import type { Reply, startGateway } from '../support/gateway.ts';

type Gateway = Awaited<ReturnType<typeof startGateway>>;

/** What an operation was estimated to cost, and what it has cost. */
export const costOf = async (
  { query }: Pick<Gateway, 'query'>,
  document: string,
  variables: object = {},
): Promise<{ readonly reply: Reply; readonly cost: Cost; readonly made: number }> => {
  const headers = { 'x-recollect-cost': '1', 'x-recollect-trace': '1' };
  const reply = await query(document, variables, headers);
  const { cost, upstream } = (reply.extensions ?? {}) as {
    readonly cost: Cost;
    readonly upstream: readonly unknown[];
  };
  return { reply, cost, made: upstream.length };
};

export const idOf = (...parts: readonly string[]): string =>
  Buffer.from(parts.join(':')).toString('base64url');

/** Ids of everything that has one: of the records that the sandbox knows, and of some that are not there. */
export const ids = [
  idOf('Account', 'R3013'),
  idOf('Order', '56100013'),
  idOf('Borrower', 'R', '56100003', '124950008'),
  idOf('Phone', 'R', '56100003', '124950008', '38000008'),
  idOf('Phone', 'R', '56100003', '124950008', '38000009'),
  idOf('Borrower', 'S', 'R3013', 'debtor'),
  idOf('Borrower', 'S', 'R3013', 'codebtor1'),
  idOf('Phone', 'S', 'R3013', '15172120'),
  idOf('Phone', 'S', 'R3013', 'codebtor1primaryphone'),
  idOf('Assignment', '57074903'),
  idOf('Portfolio', '709'),
  idOf('Note', 'S', 'R1000', '34610632'),
  idOf('EmailEvent', 'S', 'R1166', '2098037'),
  idOf('Address', 'S', 'R1001', 'debtor'),
  idOf('Address', 'R', '57062885', '124927241', '219114267'),
  idOf('Address', 'R', '20', '21'),
  idOf('Photo', 'R', '57076503', '180461378'),
  idOf('Collateral', 'R', '57062885', '58842868'),
  idOf('SpecialInstruction', 'R', '20', '1984'),
  idOf('PendingOutcome', '0b9e1e9c-3c57-4d0a-9d7e-3f2a6c0b1d11'),
  idOf('Account', 'R1050'),
  idOf('Order', '20'),
  idOf('Account', 'NONE1'),
  idOf('Nothing', '1'),
];

const values: Readonly<Record<string, readonly unknown[]>> = {
  fileNumber: ['R3013', 'r3003', 'R1050', 'R3013', 'NONE1'],
  fileNumbers: [['R3013', 'R3003', 'r3013'], ['R1050'], []],
  ssn: ['912-22-1084', '902-12-1014', '111-22-3333'],
  number: ['217-555-0100', '404-555-0100', '716-628-9899'],
  name: ['C2C Demo File to Load_120522', 'C2CLA 12.1.22', 'Nothing'],
  id: ids,
  ids: [ids, ids.slice(2, 9), ids.slice(0, 3)],
  orderId: ['56100013', '56100003', '056100013', '20', '1'],
  assignmentId: ['57074903', '1'],
  borrowerId: ['124950008', '124950019', '124950020'],
  phoneId: ['38000008', '38000009', '15172120'],
  first: [3, 2, 4, 1, 0],
  last: [2, 1],
  order: ['NEWEST_FIRST', 'AS_RECORDED'],
};

/** Writes arguments of a field: those that it needs, and of the others those that are known here, if wanted. */
export const argumentsOf = (
  { args }: GraphQLField<unknown, unknown>,
  pick: (count: number) => number = () => 0,
  isWanted: (argument: GraphQLArgument) => boolean = () => false,
): string => {
  const written = args.flatMap((argument) => {
    const { name, type, defaultValue } = argument;
    const known = values[name] ?? [];
    const isNeeded = isNonNullType(type) && defaultValue === undefined;
    if (known.length === 0 || !(isNeeded || isWanted(argument))) return [];
    const value = known[pick(known.length)];
    return [`${name}: ${isEnumType(getNullableType(type)) ? value : JSON.stringify(value)}`];
  });
  return written.length === 0 ? '' : `(${written.join(', ')})`;
};

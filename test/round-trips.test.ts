import {
  type GraphQLField,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf } from '../src/operation/cost/field-cost.ts';
import { schema } from '../src/schema/schema.ts';
import { idOf } from './cost/asked.ts';
import { filled, mutations } from './support/input-types.ts';
import { validValue } from './support/leaf-values.ts';
import { readOperations } from './support/reads.ts';
import { startRoundTrips } from './support/round-trips.ts';

/** After how many rounds the keys of a thing are known, and it is certain that it is there, with its whole row. */
interface State {
  readonly known: number;
  readonly there: number;
}

interface Root extends State {
  readonly type: string;
  /** `_` stands for the selection. */
  readonly way: string;
  /** Of a phone that comes without its account's row. */
  readonly isBare?: boolean;
  /** The number of checked levels; by default two. */
  readonly levels?: number;
}

const byKey = { known: 0, there: 1 };
const found = { known: 1, there: 1 };
/** The found rows lack some columns. */
const foundInPart = { known: 1, there: 2 };

const node = (type: string, ...key: readonly string[]): Root => ({
  type,
  way: `node(id: "${idOf(type, ...key)}") { ... on ${type} _ }`,
  ...byKey,
});

const roots: readonly Root[] = [
  { type: 'Account', way: 'account(fileNumber: "R1001") _', ...byKey },
  { type: 'Account', way: 'accounts(fileNumbers: ["R1001", "R1002"]) _', ...byKey },
  { type: 'Account', way: 'accountsBySsn(ssn: "111-22-3333") _', ...found },
  { type: 'Account', way: 'accountsByPhone(number: "716-628-9899") _', ...foundInPart },
  { type: 'Portfolio', way: 'portfolio(name: "C2CLA 12.1.22") _', ...byKey },
  { type: 'Portfolio', way: 'portfolios _', ...found },
  { type: 'Order', way: 'order(orderId: "20") _', ...byKey },
  { type: 'Order', way: 'a: order(orderId: "20") _ b: order(orderId: "21") _', ...byKey },
  { type: 'OrderConnection', way: 'orders _', ...found },
  { type: 'Assignment', way: 'assignment(assignmentId: "30554") _', ...byKey },
  node('Account', 'R1001'),
  { ...node('Portfolio', '707'), ...found },
  node('Order', '20'),
  node('Assignment', '30554'),
  node('Borrower', 'S', 'R1001', 'debtor'),
  node('Borrower', 'S', 'R1001', 'joint'),
  node('Borrower', 'R', '20', '124927241'),
  { ...node('Phone', 'S', 'R1001', '15171286'), isBare: true },
  node('Phone', 'S', 'R1001', 'jointprimaryphone'),
  node('Phone', 'R', '20', '124927241', '39317578'),
  node('Note', 'S', 'R1001', '34610632'),
  node('EmailEvent', 'S', 'R1001', '2098037'),
  node('Address', 'S', 'R1001', 'debtor'),
  node('Address', 'R', '20', '124927241', '219114267'),
  node('Photo', 'R', '20', '180461378'),
  node('Collateral', 'R', '20', '58842868'),
  node('SpecialInstruction', 'R', '20', '1984'),
  {
    type: 'Account',
    way: `nodes(ids: ["${idOf('Account', 'R1001')}", "${idOf('Account', 'R1002')}"]) { ... on Account _ }`,
    ...byKey,
  },
];

/** Of outcomes that are stored here: what they lead to is the account that other mutations give back as well. */
const withoutCalls = ['pendingOutcomes', 'resolveOutcome'];

/** What the documented answers fit to, and of many changes one. */
const fitting: Readonly<Record<string, unknown>> = {
  orderId: '20',
  borrowerId: '124927241',
  phoneId: '39317578',
  changes: { status: 'CLOSED' },
  permissions: { canText: true },
};

/**
 * The fields whose calls need more than the key of their parent, and the round in which their last ones are. All others
 * have theirs as soon as that key is known.
 */
const later: Readonly<Record<string, (state: State) => number>> = {
  // The number of the loan stands in the account's row.
  'Account.orders': ({ there }) => there + 1,
  // So does the name of the portfolio.
  'Account.portfolioEntry': ({ there }) => there + 1,
  // The number of the order stands in the assignment's row.
  'Assignment.order': ({ there }) => there + 1,
  // The number stands in the phone's row.
  'Phone.accounts': ({ there }) => there + 1,
  // The borrowers, the phones of each, the accounts of each number.
  'Order.accounts': ({ known }) => known + 3,
};

/** Single objects whose key is in their parent's row: all others have it from their parent, or from an argument. */
const keyInRow = new Set(['Account.portfolio', 'Assignment.order']);

/** Lists of accounts in rows that lack some columns. */
const inPart = new Set(['Portfolio.accounts', 'Phone.accounts', 'Order.accounts']);

const isList = ({ type }: Field): boolean =>
  isListType(getNullableType(type)) || getNamedType(type).name.endsWith('Connection');

type Field = GraphQLField<unknown, unknown>;

interface Step {
  readonly typeName: string;
  readonly field: Field;
}

const coordinates = ({ typeName, field }: Step): string => `${typeName}.${field.name}`;

const isOwnColumn = ({ field }: Step): boolean => 'cost' in field.extensions;

/** The last round in which a field may have calls, and what is known of the things that it gives. */
const stepOf = (step: Step, state: State, isBare: boolean): { round: number; below: State } => {
  const name = coordinates(step);
  if (!costOf(step.field).calls) {
    if (!isOwnColumn(step)) return { round: 0, below: state };
    // The row shows whether it lacks the column; the account's full row is requested in parallel with other reads.
    const waits = step.typeName === 'Order' || (isBare && step.typeName === 'Borrower');
    return { round: (waits ? state.there : state.known) + 1, below: state };
  }
  const round = later[name]?.(state) ?? state.known + 1;
  if (isList(step.field))
    return { round, below: { known: round, there: round + (inPart.has(name) ? 1 : 0) } };
  const there = Math.max(state.there, round);
  return { round, below: { known: keyInRow.has(name) ? there : state.known, there } };
};

const argumentsOf: Readonly<Record<string, string>> = {
  'Order.borrower': '(borrowerId: "124927241")',
  'Borrower.phone': '(phoneId: "39317578")',
};

const fieldsOf = (typeName: string): Field[] => {
  const type = schema.getType(typeName);
  return isObjectType(type) ? Object.values(type.getFields()) : [];
};

const leavesOf = (typeName: string): string =>
  fieldsOf(typeName)
    .filter(({ type, args }) => isLeafType(getNamedType(type)) && args.length === 0)
    .map(({ name }) => name)
    .join(' ');

interface Case {
  readonly path: string;
  readonly selection: string;
  readonly rounds: number;
}

const mayCost = (typeName: string): boolean =>
  fieldsOf(typeName).some((field) => isOwnColumn({ typeName, field }));

/** The types below which something may cost a call. */
const costly = (() => {
  const found = new Set(Object.keys(schema.getTypeMap()).filter(mayCost));
  const leads = (typeName: string): boolean =>
    fieldsOf(typeName).some(({ type }) => found.has(getNamedType(type).name));
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const name of Object.keys(schema.getTypeMap())) if (leads(name)) found.add(name);
  }
  return found;
})();

/** Every way down from a type, each with the leaf fields of the type at its end. */
const casesBelow = (typeName: string, state: State, isBare: boolean, level: number): Case[] => {
  const leaves = fieldsOf(typeName).filter(({ type }) => isLeafType(getNamedType(type)));
  const ofLeaves = leaves.map((field) => stepOf({ typeName, field }, state, isBare).round);
  const own = { path: '', selection: `{ ${leavesOf(typeName)} }`, rounds: Math.max(0, ...ofLeaves) };
  // Pages are on the way to what is in them.
  const next = /Connection$|Edge$/.test(typeName) ? level : level - 1;
  const below = fieldsOf(typeName).flatMap((field): Case[] => {
    const inner = getNamedType(field.type).name;
    if (level === 0 || leaves.includes(field) || inner === 'PageInfo') return [];
    const step = stepOf({ typeName, field }, state, isBare);
    if (!costly.has(inner)) {
      return [{ path: `.${field.name}`, selection: `{ ${field.name} { __typename } }`, rounds: step.round }];
    }
    return casesBelow(inner, step.below, isBare, next).map(({ path, selection, rounds }) => ({
      path: `.${field.name}${path}`,
      selection: `{ ${field.name}${argumentsOf[`${typeName}.${field.name}`] ?? ''} ${selection} }`,
      rounds: Math.max(step.round, rounds),
    }));
  });
  return leavesOf(typeName) === '' ? below : [own, ...below];
};

describe('the round trips', () => {
  const seen = new Set<string>();

  it('are checked for every field of Query', () => {
    const looked = roots.map(({ way }) => /^(?:a: )?(\w+)/.exec(way)?.[1]);
    const queries = Object.keys(schema.getQueryType()?.getFields() ?? {});
    const missing = queries.filter((name) => !looked.includes(name) && !withoutCalls.includes(name));
    expect(missing, 'add these fields of Query to `roots` in this file').toEqual([]);
  });

  it.each(roots.map((root) => [root.way, root] as const))(
    'are as few as the keys permit, for every field below %s',
    { timeout: 120_000 },
    async (way, { type, known, there, isBare = false, levels = 2 }) => {
      const { ask } = await startRoundTrips({ operationLimits: { maxUpstreamCalls: 100_000 } });
      for (const one of casesBelow(type, { known, there }, isBare, levels)) {
        const selection = way.replaceAll('_', one.selection);
        const { reply, rounds } = await ask(`{ ${selection} }`);
        expect(reply.errors, one.path).toBeUndefined();
        for (const operation of rounds.flat()) seen.add(operation);
        const most = Math.max(one.rounds, there);
        expect([one.path, rounds, rounds.length <= most ? 'few enough' : `more than ${most}`]).toEqual([
          one.path,
          rounds,
          'few enough',
        ]);
      }
    },
  );

  it.each(
    mutations
      .filter(({ field }) => !withoutCalls.includes(field))
      .map((mutation) => [mutation.field, mutation] as const),
  )(
    'are as few as the keys permit, for every field of the result of %s',
    { timeout: 120_000 },
    async (field, { type }) => {
      const { ask } = await startRoundTrips({ operationLimits: { maxUpstreamCalls: 100_000 } });
      const success = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}Success`;
      const all = {
        ...(filled(type, validValue, ['BankAccountInput', 'BankAccountChangesInput']) as object),
        ...fitting,
      };
      const input = Object.fromEntries(Object.entries(all).filter(([name]) => name in type.getFields()));
      const isKeyed = 'idempotencyKey' in type.getFields();
      const document = (selection: string) =>
        `mutation ($input: ${type.name}!) { ${field}(input: $input) { __typename ... on ${success} ${selection} } }`;
      const write = async (path: string, selection: string) => {
        const key = isKeyed ? { idempotencyKey: `for ${path}` } : {};
        const { reply, rounds } = await ask(document(selection), { input: { ...input, ...key } });
        expect(reply.errors, path).toBeUndefined();
        expect(reply.data[field].__typename).toBe(success);
        return rounds;
      };
      const base = (await write('nothing', '{ __typename }')).length;
      const state = { known: base, there: base + 1 };
      for (const one of casesBelow(success, state, true, 2)) {
        const rounds = await write(one.path, one.selection);
        const most = Math.max(one.rounds, base);
        expect([one.path, rounds, rounds.length <= most ? 'few enough' : `more than ${most}`]).toEqual([
          one.path,
          rounds,
          'few enough',
        ]);
      }
    },
  );

  it('included every read', () => {
    const notAsked = readOperations.filter((operation) => !seen.has(operation));
    expect(notAsked, 'no field below `roots` in this file reads these').toEqual([]);
  });
});

import {
  type GraphQLField,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { fieldCosts } from '../src/schema/cost/estimate.ts';
import { schema } from '../src/schema/schema.ts';
import { recoveryConnectOperations } from '../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../src/upstreams/scollect/operations.ts';
import { idOf } from './cost/asked.ts';
import { filled, mutations } from './support/input-types.ts';
import { validValue } from './support/leaf-values.ts';
import { startWaves } from './support/waves.ts';

/** After how many waves the keys of a thing are known, and it is certain that it is there, with its whole row. */
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
  /** How deep is looked: two levels unless told. */
  readonly levels?: number;
}

const byKey = { known: 0, there: 1 };
const found = { known: 1, there: 1 };
/** The rows found do not tell everything. */
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
  {
    type: 'Account',
    way: `nodes(ids: ["${idOf('Account', 'R1001')}", "${idOf('Account', 'R1002')}"]) { ... on Account _ }`,
    ...byKey,
  },
];

/** Reads that no field asks for: the log-ins are held back nowhere. */
const neverAsked = ['login', 'authenticate', 'listOrders'];

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
 * The fields whose calls need more than the key of their parent, and the wave in which their last ones are. All others
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

/** Single things whose key is told by their parent's row: all others have it of their parent, or of an argument. */
const keyInRow = new Set(['Account.portfolio', 'Assignment.order']);

/** Lists of accounts in rows that do not tell everything. */
const inPart = new Set(['Portfolio.accounts', 'Phone.accounts', 'Order.accounts']);

const isList = ({ type }: Field): boolean =>
  isListType(getNullableType(type)) || getNamedType(type).name.endsWith('Connection');

type Field = GraphQLField<unknown, unknown>;

interface Step {
  readonly typeName: string;
  readonly field: Field;
}

const coordinates = ({ typeName, field }: Step): string => `${typeName}.${field.name}`;

const isOwnColumn = ({ typeName, field }: Step): boolean =>
  `${typeName}.${field.name}` in fieldCosts || 'columnsRead' in field.extensions;

/** The last wave in which a field may have calls, and what is known of the things that it gives. */
const stepOf = (step: Step, state: State, isBare: boolean): { wave: number; below: State } => {
  const name = coordinates(step);
  const costs = fieldCosts[name];
  if (!costs?.calls) {
    if (!isOwnColumn(step)) return { wave: 0, below: state };
    // Whether the row lacks it, the row tells; the account's whole row is asked for beside what else is.
    const waits = step.typeName === 'Order' || (isBare && step.typeName === 'Borrower');
    return { wave: (waits ? state.there : state.known) + 1, below: state };
  }
  const wave = later[name]?.(state) ?? state.known + 1;
  if (isList(step.field)) return { wave, below: { known: wave, there: wave + (inPart.has(name) ? 1 : 0) } };
  const there = Math.max(state.there, wave);
  return { wave, below: { known: keyInRow.has(name) ? there : state.known, there } };
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
  readonly waves: number;
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

/** Every way down from a type, each with what a type at its end tells of itself. */
const casesBelow = (typeName: string, state: State, isBare: boolean, level: number): Case[] => {
  const leaves = fieldsOf(typeName).filter(({ type }) => isLeafType(getNamedType(type)));
  const ofLeaves = leaves.map((field) => stepOf({ typeName, field }, state, isBare).wave);
  const own = { path: '', selection: `{ ${leavesOf(typeName)} }`, waves: Math.max(0, ...ofLeaves) };
  // Pages are on the way to what is in them.
  const next = /Connection$|Edge$/.test(typeName) ? level : level - 1;
  const below = fieldsOf(typeName).flatMap((field): Case[] => {
    const inner = getNamedType(field.type).name;
    if (level === 0 || leaves.includes(field) || inner === 'PageInfo') return [];
    const step = stepOf({ typeName, field }, state, isBare);
    if (!costly.has(inner)) {
      return [{ path: `.${field.name}`, selection: `{ ${field.name} { __typename } }`, waves: step.wave }];
    }
    return casesBelow(inner, step.below, isBare, next).map(({ path, selection, waves }) => ({
      path: `.${field.name}${path}`,
      selection: `{ ${field.name}${argumentsOf[`${typeName}.${field.name}`] ?? ''} ${selection} }`,
      waves: Math.max(step.wave, waves),
    }));
  });
  return leavesOf(typeName) === '' ? below : [own, ...below];
};

const operationsOf = (operations: object): string[] =>
  Object.values(operations as Readonly<Record<string, { operation: string; effect: string }>>)
    .filter(({ effect }) => effect === 'read')
    .map(({ operation }) => operation);

describe('the waves of calls', () => {
  const seen = new Set<string>();

  it('are looked at for every field of the root', () => {
    const looked = roots.map(({ way }) => /^(?:a: )?(\w+)/.exec(way)?.[1]);
    const queries = Object.keys(schema.getQueryType()?.getFields() ?? {});
    expect(queries.filter((name) => !looked.includes(name) && !withoutCalls.includes(name))).toEqual([]);
  });

  it.each(roots.map((root) => [root.way, root] as const))(
    'are no more than the keys need for anything below %s',
    { timeout: 120_000 },
    async (way, { type, known, there, isBare = false, levels = 2 }) => {
      const { ask } = await startWaves({ operationLimits: { maxUpstreamCalls: 100_000 } });
      for (const one of casesBelow(type, { known, there }, isBare, levels)) {
        const selection = way.replaceAll('_', one.selection);
        const { reply, waves } = await ask(`{ ${selection} }`);
        expect(reply.errors, one.path).toBeUndefined();
        for (const operation of waves.flat()) seen.add(operation);
        const most = Math.max(one.waves, there);
        expect([one.path, waves, waves.length <= most ? 'few enough' : `more than ${most}`]).toEqual([
          one.path,
          waves,
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
    'are no more than the keys need for anything below what %s gives back',
    { timeout: 120_000 },
    async (field, { type }) => {
      const { ask } = await startWaves({ operationLimits: { maxUpstreamCalls: 100_000 } });
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
        const { reply, waves } = await ask(document(selection), { input: { ...input, ...key } });
        expect(reply.errors, path).toBeUndefined();
        expect(reply.data[field].__typename).toBe(success);
        return waves;
      };
      const base = (await write('nothing', '{ __typename }')).length;
      const state = { known: base, there: base + 1 };
      for (const one of casesBelow(success, state, true, 2)) {
        const waves = await write(one.path, one.selection);
        const most = Math.max(one.waves, base);
        expect([one.path, waves, waves.length <= most ? 'few enough' : `more than ${most}`]).toEqual([
          one.path,
          waves,
          'few enough',
        ]);
      }
    },
  );

  it('were waves of all reads that there are', () => {
    const all = [...operationsOf(scollectOperations), ...operationsOf(recoveryConnectOperations)];
    const notAsked = all.filter((operation) => !seen.has(operation));
    expect(notAsked).toEqual(neverAsked);
  });
});

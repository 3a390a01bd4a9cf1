import { readFileSync } from 'node:fs';
import { getNamedType, graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TenantLedger } from '../src/ledger/ledger.ts';
import { createOpaqueDigest } from '../src/lib/opaque-digest.ts';
import { createCallBudget } from '../src/request/call-budget.ts';
import type { Context } from '../src/request/context.ts';
import { Loaders } from '../src/request/loaders.ts';
import { createRequestLives } from '../src/request/request-life.ts';
import { createResponseBudget } from '../src/request/response-budget.ts';
import { schema } from '../src/schema/schema.ts';
import { defaultPollLimits, Polls } from '../src/updates/polls.ts';
import type { Content } from '../src/upstreams/client/content.ts';
import type { Sender } from '../src/upstreams/client/sender.ts';
import type { Endpoint } from '../src/upstreams/endpoint/endpoint.ts';
import { judged } from '../src/upstreams/endpoint/verdict.ts';
import { createRecoveryConnect } from '../src/upstreams/recoveryconnect/client.ts';
import { judgeRecoveryConnect } from '../src/upstreams/recoveryconnect/envelope.ts';
import { recoveryConnectOperations } from '../src/upstreams/recoveryconnect/operations.ts';
import { createScollect } from '../src/upstreams/scollect/client.ts';
import { judgeScollect } from '../src/upstreams/scollect/envelope.ts';
import { scollectOperations } from '../src/upstreams/scollect/operations.ts';
import { createAgencyCalendar } from '../src/values/agency-calendar.ts';
import { callerWith, noAudit } from './support/caller.ts';
import { type CorpusFile, corpusOf } from './support/corpus.ts';
import { everyField } from './support/every-field.ts';
import { sharedKey, silentLog } from './support/gateway.ts';
import { fieldsOf } from './support/operation-fields.ts';
import { readOperations } from './support/reads.ts';
import { unpaced } from './support/unpaced.ts';

// Every key of every documented answer is reachable: its value is changed in the answer, and the answer of a query
// for everything has to change with it. What does not stands in docs/keys-left-out.md, with the reason.

type System = 'scollect' | 'recoveryconnect';

const corpus = { scollect: corpusOf('scollect'), recoveryconnect: corpusOf('recoveryconnect') };

const documented = (operation: string): unknown =>
  [...corpus.scollect, ...corpus.recoveryconnect].find((file) => file.operation === operation)?.success;

const matches = ({ method, path }: CorpusFile, request: Content): boolean =>
  method === request.method &&
  new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(request.path.split('?')[0] ?? '');

const judges = { scollect: judgeScollect, recoveryconnect: judgeRecoveryConnect };

/** Answers by the documents, but for some operations. */
const senderOf = (system: System, answers: Readonly<Record<string, unknown>>): Sender => ({
  send: async (endpoint, request) => {
    const file = corpus[system].find((one) => matches(one, request));
    const json = file && (file.operation in answers ? answers[file.operation] : file.success);
    return judged(judges[system], endpoint, { status: file ? 200 : 404, headers: {}, json });
  },
  acceptRows: (_, __, verdict) => verdict,
  judgeAgain: () => {
    throw new Error('no cache here');
  },
  state: () => ({ breaker: 'closed', inFlight: 0, waiting: 0, slots: 1 }),
  close: async () => {},
});

/** Nothing here is written. */
const unused = (): never => {
  throw new Error('no ledger here');
};
const noLedger: TenantLedger = {
  once: unused,
  open: unused,
  find: unused,
  resolve: unused,
  since: unused,
  recorded: unused,
};

const ask = async (source: string, answers: Readonly<Record<string, unknown>>) => {
  const upstreams = {
    SCOLLECT: createScollect(senderOf('scollect', answers), { apiKey: 'k', pin: 'p' }),
    RECOVERY_CONNECT: createRecoveryConnect(senderOf('recoveryconnect', answers), { token: 't' }),
  };
  const contextValue: Context = {
    life: createRequestLives(10_000).begin(),
    loaders: new Loaders(upstreams),
    upstreams,
    polls: new Polls(defaultPollLimits),
    calls: createCallBudget(Number.POSITIVE_INFINITY),
    responseBudget: createResponseBudget(Number.POSITIVE_INFINITY),
    pace: unpaced,
    write: (endpoint, input) => upstreams[endpoint.system].call(endpoint, input),
    ledger: noLedger,
    caller: callerWith(),
    opaque: createOpaqueDigest(sharedKey),
    calendar: createAgencyCalendar(),
    requestId: 'request',
    traceId: 'trace',
    audit: noAudit,
    log: silentLog,
    warnings: [],
  };
  const { data, errors } = await graphql({ schema, source, contextValue });
  return { data: JSON.stringify(data), errors: errors?.map(({ message }) => message) };
};

interface Walk {
  /** The operation whose response is changed. */
  readonly operation: string;
  /** Whose documented answer it is, where that is another's: what a write answers is a row of that kind too. */
  readonly answerOf?: string;
  readonly query: string;
  /** Whether the documented answer is one row, and the operation gives several. */
  readonly asRows?: boolean;
  /** What the documented answer is filled with, so that all of its keys can show. */
  readonly fill?: Readonly<Record<string, unknown>>;
  /** What else is served, instead of the documents. */
  readonly others?: Readonly<Record<string, unknown>>;
}

const nothing = { result: { result: [] }, state: 'SUCCESS' };
const links = ['Order', 'Assignment', 'Phone.accounts', 'Portfolio.accounts'];
const account = everyField('Account', links);
const inAccount = (field: string, typeName: string) =>
  `{ account(fileNumber: "R1001") { ${field} ${everyField(typeName, ['Account', 'Borrower', 'Order', 'Phone.accounts'])} } }`;
const phone = everyField('Phone', ['Account', 'Borrower', 'Phone.accounts']);
const orderLinks = [
  'Account',
  'Phone',
  'Order.accounts',
  'Order.borrowers',
  'Assignment.order',
  'Photo.order',
];
const order = `{ order(orderId: "1") ${everyField('Order', ['Assignment', 'Photo', 'Collateral', ...orderLinks])} }`;
const inOrder = (field: string, typeName: string) =>
  `{ order(orderId: "1") { ${field} ${everyField(typeName, ['Order', ...orderLinks])} } }`;
const borrowerOf = (selection: string) =>
  `{ order(orderId: "1") { borrower(borrowerId: "124927241") ${selection} } }`;
const orderOne = { filterOrders: { data: [{ id: 1 }] } };
const assignment = (id: number) =>
  `{ assignment(assignmentId: "${id}") ${everyField('Assignment', orderLinks)} }`;

/** The walks that do not follow from a field of Account or Order. */
const ownWalks: Walk[] = [
  { operation: 'getaccount', query: `{ account(fileNumber: "R1001") ${account} }` },
  {
    operation: 'getaccountbysocial',
    query: `{ accountsBySsn(ssn: "111-22-3333") ${account} }`,
    others: { getaccount: nothing },
  },
  {
    operation: 'get_accounts_in_portfolio',
    query: `{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node ${account} } } } }`,
    others: { getaccount: nothing },
  },
  // The status of a place shows with its number; and only while a place is left is the row trusted to hold all.
  ...[1, 15].map((blank) => ({
    operation: 'get_accounts_in_portfolio',
    query:
      '{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { phones { number status } } } } } }',
    fill: Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [
        `phone${index + 1}`,
        index + 1 === blank ? '' : `212-555-01${String(index).padStart(2, '0')}`,
      ]),
    ),
  })),
  {
    operation: 'searchbyphone',
    query: `{ accountsByPhone(number: "716-628-9899") { ${'fileNumber borrower { firstName lastName dateOfBirth ssnLast4 addresses { line1 city state zipCode } }'} } }`,
    others: { getaccount: nothing },
  },
  {
    operation: 'getportfoliolist',
    query: `{ portfolios ${everyField('Portfolio', ['Portfolio.accounts'])} }`,
  },

  {
    operation: 'filterOrders',
    query: order.replace('"1"', '"20"'),
    others: { getOrder: { data: { id: 20 } } },
  },
  {
    operation: 'filterOrders',
    answerOf: 'listOrders',
    others: { getOrder: { data: { id: 20 } } },
    query: `{ orders { edges { node ${order.slice(order.indexOf('{', 2), -2)} } } }`,
  },
  { operation: 'getOrder', query: order, others: orderOne },
  { operation: 'getOrder', answerOf: 'createOrder', query: order, others: orderOne },
  {
    operation: 'listOrderBorrowers',
    query: borrowerOf(everyField('Borrower', ['Order', 'Account', 'Phone'])),
    others: orderOne,
  },
  {
    operation: 'listBorrowerAddresses',
    query: borrowerOf(`{ addresses ${everyField('Address')} }`),
    others: orderOne,
  },
  { operation: 'listBorrowerPhones', query: borrowerOf(`{ phones ${phone} }`), others: orderOne },
  { operation: 'getBorrowerPhone', query: borrowerOf(`{ phone(phoneId: "1") ${phone} }`), others: orderOne },
  {
    operation: 'getBorrowerPhone',
    answerOf: 'createBorrowerPhone',
    query: borrowerOf(`{ phone(phoneId: "1") ${phone} }`),
    others: orderOne,
  },
  {
    operation: 'getBorrowerPhone',
    answerOf: 'updateBorrowerPhone',
    query: borrowerOf(`{ phone(phoneId: "1") ${phone} }`),
    others: orderOne,
  },
  { operation: 'filterAssignments', query: assignment(30554) },
  { operation: 'filterAssignments', answerOf: 'updateAssignment', asRows: true, query: assignment(57074903) },
];

/** A walk for each other read: by the fields of Account and Order whose descriptions name it. */
const derivedWalks = readOperations
  .filter((operation) => !ownWalks.some((walk) => walk.operation === operation))
  .flatMap((operation) =>
    fieldsOf(operation).flatMap(({ typeName, field: { name, type } }): Walk[] => {
      const { name: inner } = getNamedType(type);
      if (typeName === 'Account') return [{ operation, query: inAccount(name, inner) }];
      return typeName === 'Order' ? [{ operation, query: inOrder(name, inner), others: orderOne }] : [];
    }),
  );

const walks = [...ownWalks, ...derivedWalks];

const operations = Object.values<Endpoint>({ ...scollectOperations, ...recoveryConnectOperations });

type Path = readonly (string | number)[];

/** The places of all values that hold nothing further. */
const leavesOf = (value: unknown, path: Path = []): Path[] => {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return entries.length === 0 ? [path] : entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
};

const changed = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
  if (key === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === key ? changed(item, rest, replacement) : item));
  }
  const record = value as Record<string, unknown>;
  return { ...record, [key]: changed(record[String(key)], rest, replacement) };
};

/** The key as documents would name it: without the envelope around, and without the places in lists. */
const nameOf = (path: Path): string => {
  const names = path.filter((key) => typeof key === 'string');
  const envelope = ['result', 'data', 'success'];
  const start = names.findIndex((name) => !envelope.includes(name));
  return (start < 0 ? [] : names.slice(start)).join(' > ');
};

const rowPlaces = (answer: unknown): Path[] =>
  leavesOf(answer).filter(
    (path) => nameOf(path) !== '' && !(path.length === 1 && typeof path[0] === 'string'),
  );

// One of these is a value to every interpreter, and another than the documented one.
const replacements = [
  'Qz7',
  7311,
  '7311',
  '2001-02-03',
  'YES',
  'NO',
  1,
  0,
  '12.34',
  '212-555-0147',
  '9:31 PM',
  '999-88-7777',
  'Inbound',
];

const filledWith = (fill: object, answer: unknown): unknown => {
  const [row] = rowPlaces(answer);
  const at = row?.slice(0, -1) ?? [];
  const inner = at.reduce((value, key) => (value as Record<string, unknown>)[String(key)], answer);
  return Object.keys(fill).length === 0 ? answer : changed(answer, at, { ...(inner as object), ...fill });
};

/** The keys of a documented answer: those whose change is seen, and the others. */
const explore = async ({ operation, answerOf = operation, query, asRows, fill = {}, others = {} }: Walk) => {
  const rows = asRows ? { data: [(documented(answerOf) as { data: unknown }).data] } : documented(answerOf);
  const answer = filledWith(fill, rows);
  const base = await ask(query, { ...others, [operation]: answer });
  const seen = new Map<string, boolean>();
  for (const path of rowPlaces(answer)) {
    const name = nameOf(path);
    if (seen.get(name)) continue;
    let isSeen = false;
    for (const replacement of replacements) {
      const served = changed(answer, path, replacement);
      const { data, errors } = await ask(query, { ...others, [operation]: served });
      if (JSON.stringify(errors) === JSON.stringify(base.errors) && data !== base.data) {
        isSeen = true;
        break;
      }
    }
    seen.set(name, isSeen);
  }
  return { base, seen };
};

/** The rows of the table of keys that are left out: operations, key and reason. */
const leftOut = readFileSync(new URL('../docs/keys-left-out.md', import.meta.url), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .filter(
    ([, operations, key]) => key !== undefined && operations !== 'operation' && !operations?.startsWith('--'),
  )
  .map(([, operations = '', key = '', reason = '']) => ({ operations: operations.split(', '), key, reason }));

const leftOutOf = (operation: string): string[] =>
  leftOut.filter(({ operations }) => operations.includes(operation)).map(({ key }) => key);

/** The keys of rows that repeat a key of the request, which the endpoint declares as `answersFor`. */
const repeatedIn = (operation: string): string[] =>
  (operations.find((endpoint) => endpoint.operation === operation)?.answersFor ?? []).flatMap(({ row }) =>
    typeof row === 'string' ? [row] : [],
  );

/** What the mutations' own tests find in their results. */
const shown: Readonly<Record<string, readonly string[]>> = {
  run_payment_external: ['result', 'approvalcode', 'error'],
  transferPhoto: ['orders > id', 'orders > attachments > id', 'orders > attachments > status'],
  transferOrderPhotos: ['orders > id', 'orders > attachments > id', 'orders > attachments > status'],
};

const writes = new Set<string>(
  operations
    .filter(({ effect, operation }) => effect === 'write' && !['login', 'authenticate'].includes(operation))
    .map(({ operation }) => operation),
);

/** The writes that answer no row of a thing; that of insert_payplan_external is not documented. */
const acknowledging = [...corpus.scollect, ...corpus.recoveryconnect].filter(
  ({ operation, success }) =>
    writes.has(operation) && success !== null && !walks.some(({ answerOf }) => answerOf === operation),
);

describe('every key of the documented answer', () => {
  // A moment in an answer would be a change in each of them.
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00') });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  it.each(readOperations)('of %s is looked for by a walk', (operation) => {
    expect(
      walks.filter((walk) => walk.operation === operation),
      `name ${operation} in the description of its field of Account or Order, or add a walk to \`ownWalks\` in this file`,
    ).not.toEqual([]);
  });

  it.each([...new Set(walks.map(({ operation, answerOf = operation }) => answerOf))])(
    'of %s is reachable, or left out with a reason',
    { timeout: 180_000 },
    async (answer) => {
      const keys = new Map<string, boolean>();
      for (const walk of walks.filter(({ operation, answerOf = operation }) => answerOf === answer)) {
        const { base, seen } = await explore(walk);
        expect(base.errors ?? [], walk.query).toEqual([]);
        for (const [name, isSeen] of seen) keys.set(name, isSeen || keys.get(name) === true);
      }
      expect(keys.size).toBeGreaterThan(2);
      const repeated = repeatedIn(answer);
      const unseen = [...keys]
        .filter(([name, isSeen]) => !isSeen && !repeated.includes(name))
        .map(([name]) => name);
      expect(
        unseen.sort(),
        `keys of ${answer} without effect on the response: read them by a column, or list them in docs/keys-left-out.md`,
      ).toEqual(leftOutOf(answer).sort());
    },
  );

  it.each(acknowledging.map((file) => [file.operation, file] as const))(
    'of %s, a write, is shown by its mutation, or left out with a reason',
    (operation, file) => {
      const keys = leavesOf(file.success).map((path) =>
        path.filter((key) => typeof key === 'string').join(' > '),
      );
      const reported = [...(shown[operation] ?? []), ...leftOutOf(operation)];
      expect(
        [...new Set(keys)].filter((key) => key !== 'state').sort(),
        `keys of ${operation}: add them to \`shown\` in this file, or to docs/keys-left-out.md`,
      ).toEqual(reported.sort());
    },
  );

  it('is left out for a reason', () => {
    expect(leftOut.length).toBeGreaterThan(0);
    expect(leftOut.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });
});

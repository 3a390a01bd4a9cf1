import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Reply } from '../support/gateway.ts';
import { type Path, valueAt, withValueAt } from '../support/place.ts';
import {
  type FaultRow,
  faultRows,
  logInEnds,
  type ReadEnd,
  readEnds,
  type WriteEnd,
  writeAfterLogIn,
  writeEnds,
} from './fault-rows.ts';
import { prepare, type Target } from './injection.ts';
import {
  eventually,
  hasty,
  InexcusableError,
  type Patience,
  type Stand,
  type Subject,
  startSubject,
  usual,
} from './stand.ts';
import {
  logInOf,
  neighbours,
  neighbourWrites,
  otherThan,
  plainReads,
  type Read,
  reads,
  type Write,
  writes,
} from './works.ts';

type Mode = 'once' | 'lasting' | 'beyond the deadline';

/** One fault that strikes one kind of work. */
export interface Cell {
  readonly name: string;
  readonly row: FaultRow;
  readonly run: (stand: Stand) => Promise<void>;
}

const retryable: Readonly<Record<Exclude<ReadEnd, 'whole' | 'nothing'>, boolean>> = {
  BAD_USER_INPUT: false,
  UPSTREAM_UNAVAILABLE: true,
  UPSTREAM_TIMEOUT: true,
  UPSTREAM_RATE_LIMITED: true,
  UPSTREAM_REJECTED: false,
  UPSTREAM_BAD_RESPONSE: false,
  UPSTREAM_AUTH_FAILED: false,
};

const inUse = 'IDEMPOTENCY_KEY_IN_USE';

/** What the sandbox says in `Retry-After`. */
const retryAfter = 1;

/** Where a read is hit: which places, by the failure of which operation. */
interface Hit {
  readonly operation: string;
  readonly places: readonly Path[];
  /** How many of the places are lost: all of them, or one. */
  readonly count: number;
  /** Whether so many calls may fail that the upstream is not asked for a while. */
  readonly mayOpenBreaker: boolean;
}

const sortedPaths = (paths: readonly Path[]): string[] => paths.map((path) => path.join('.')).sort();

const errorsOf = ({ errors = [] }: Reply) =>
  errors.map(({ path = [], extensions = {} }) => ({ path, extensions }));

const extensionsOf = (
  code: Exclude<ReadEnd, 'whole' | 'nothing'>,
  system: string,
  operation: string,
): object => ({
  code,
  upstream: system,
  operation,
  retryable: retryable[code],
  ...(code === 'UPSTREAM_RATE_LIMITED' && { retryAfter }),
});

/** Checks that a read ended as it has to, that what is lost has its errors, and that all the rest is right. */
const checkRead = (reply: Reply, calm: unknown, read: Read, end: ReadEnd, hit: Hit): void => {
  if (end === 'whole') {
    expect(reply).toEqual({ status: 200, data: calm });
    return;
  }
  if (end === 'nothing') {
    const empty = hit.places.filter((path) => isDeepStrictEqual(valueAt(reply.data, path), read.nothing));
    expect(empty).toHaveLength(hit.count);
    const data = empty.reduce((all, path) => withValueAt(all, path, read.nothing), calm);
    expect(reply).toEqual({ status: 200, data });
    return;
  }
  const errors = errorsOf(reply);
  const lost = errors.map(({ path }) => path);
  expect(lost).toHaveLength(hit.count);
  expect(new Set(sortedPaths(lost)).size, 'one error for each place').toBe(hit.count);
  expect(sortedPaths(hit.places)).toEqual(expect.arrayContaining(sortedPaths(lost)));
  expect(reply.data).toEqual(lost.reduce((all, path) => withValueAt(all, path, null), calm));
  for (const { extensions } of errors) {
    const expected = extensionsOf(end, read.system, hit.operation);
    const notAsked = {
      ...extensionsOf('UPSTREAM_UNAVAILABLE', read.system, hit.operation),
      retryAfter: expect.any(Number),
    };
    const isNotAsked = hit.mayOpenBreaker && 'retryAfter' in extensions && end !== 'UPSTREAM_RATE_LIMITED';
    expect(extensions).toEqual(isNotAsked ? notAsked : expected);
  }
};

const documentOf = (read: Read): string => `{ ${read.selection} ${neighbours[otherThan(read.system)]} }`;

const comesBack = async (subject: Subject, stand: Stand, read: Read): Promise<void> => {
  const document = documentOf(read);
  const calm = await stand.calm(document);
  await eventually(async () => {
    expect(await subject.ask(document)).toEqual({ status: 200, data: calm });
  });
};

/** A log-in that fails is the first thing that is done; anything else is preceded by a query that goes well. */
interface Strike {
  readonly row: FaultRow;
  readonly mode: Mode;
  readonly isAtLogIn: boolean;
}

const patienceIn = (mode: Mode): Patience => (mode === 'beyond the deadline' ? hasty : usual);

const begin = async (
  stand: Stand,
  { row, mode, isAtLogIn }: Strike,
  work: Read | Write,
  counted?: Target['counted'],
) => {
  const { system, operation } = work;
  const target: Target = {
    system,
    operation: isAtLogIn ? logInOf[system] : operation,
    isOnce: mode === 'once',
    calls: isAtLogIn || !('calls' in work) ? 1 : work.calls,
    ...(counted && { counted }),
  };
  const injection = await prepare(stand.sandbox, row.cause, target);
  const subject = await startSubject(injection, stand, patienceIn(mode));
  return { injection, subject };
};

const hitOf = (read: Read, { row, mode, isAtLogIn }: Strike): Hit => {
  const hitsAll = isAtLogIn || row.cause.kind !== 'switch';
  const { operation, places } = (hitsAll && read.whole) || read;
  return {
    operation: isAtLogIn ? logInOf[read.system] : operation,
    places,
    count: mode === 'once' && read.isCallEach && !hitsAll ? 1 : places.length,
    mayOpenBreaker: mode === 'lasting' && read.isCallEach === true,
  };
};

/** Tries are earned by successes: a batch may need one for each of its calls. */
const warmUps = ({ isCallEach }: Read): number => (isCallEach ? 5 : 1);

const runRead = async (stand: Stand, strike: Strike, read: Read, end: ReadEnd): Promise<void> => {
  const document = documentOf(read);
  const calm = await stand.calm(document);
  const { injection, subject } = await begin(stand, strike, read);
  try {
    for (let count = strike.isAtLogIn ? 0 : warmUps(read); count > 0; count -= 1) {
      expect(await subject.ask(document)).toEqual({ status: 200, data: calm });
    }
    await injection.strike();
    checkRead(await subject.ask(document), calm, read, end, hitOf(read, strike));
    expect(injection.isMet(), 'the fault was met').toBe(true);
    await injection.clear();
    if (strike.mode !== 'once' && !strike.row.isSetting) await comesBack(subject, stand, read);
  } finally {
    await injection.close();
  }
};

let marks = 0;

const nextMark = (): number => {
  marks += 1;
  return marks;
};

const nameOf = ({ field }: Write): string => `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;

/** One mutation within a document, under an alias that names its variable too. */
const writeSelection = (alias: string, write: Write): string =>
  `${alias}: ${write.field}(input: $${alias}) { __typename
    ... on ${nameOf(write)}Success { ${write.success} }
    ... on MutationError { message code }
    ... on InvalidInputError { fields { path message } }
    ... on RejectedError { reason }
    ... on UnavailableError { retryAfter }
    ... on OutcomeUnknownError { whatToCheck outcomeId } }`;

const writeDocument = (aliased: Readonly<Record<string, Write>>): string => {
  const entries = Object.entries(aliased);
  const variables = entries.map(([alias, write]) => `$${alias}: ${nameOf(write)}Input!`);
  return `mutation (${variables.join(', ')}) { ${entries.map(([alias, write]) => writeSelection(alias, write)).join('\n')} }`;
};

/** After the deadline nothing is sent: then the neighbour comes first. */
const documentBeside = (write: Write, neighbour: Write, mode: Mode): string =>
  writeDocument(mode === 'beyond the deadline' ? { neighbour, struck: write } : { struck: write, neighbour });

type Answer = Readonly<Record<string, unknown>> | null;

const checkTold = (answer: Answer, write: Write, mark: number): void => {
  expect(answer).toMatchObject({ __typename: `${nameOf(write)}Success`, ...write.successData(mark) });
};

/** Checks that a write ended as it has to, with nothing in `errors` but what has no member. */
const checkWrite = (reply: Reply, write: Write, mark: number, end: WriteEnd, operation: string): void => {
  const answer = reply.data.struck as Answer;
  const { member, code } = end;
  if (member === null) {
    const extensions = { code, upstream: write.system, operation, retryable: false };
    expect(answer).toBeNull();
    expect(errorsOf(reply)).toEqual([{ path: ['struck'], extensions }]);
    return;
  }
  expect(reply.errors).toBeUndefined();
  if (member === 'Success') {
    checkTold(answer, write, mark);
    return;
  }
  expect(answer).toMatchObject({ __typename: member, code, message: expect.any(String) });
  if (member === 'OutcomeUnknownError') expect(answer?.['whatToCheck']).toEqual(expect.any(String));
  if (code === 'UPSTREAM_RATE_LIMITED') expect(answer?.['retryAfter']).toBe(retryAfter);
};

const checkState = async (stand: Stand, write: Write, mark: number, carriedOut: boolean): Promise<void> => {
  expect(await write.count(stand.upstreams, mark), 'how often it was executed').toBe(carriedOut ? 1 : 0);
};

const checkNotTwice = async (stand: Stand, write: Write, mark: number): Promise<void> => {
  const count = await write.count(stand.upstreams, mark);
  if (count > 1) throw new InexcusableError(`Executed ${count} times.`);
};

/** The result of the same key after the fault; a write that certainly was not executed is executed now. */
const laterEnd = ({ row, mode }: Strike, end: WriteEnd): WriteEnd => {
  const isReleased = end.member === null || end.member === 'UnavailableError';
  if (isReleased) return { member: 'Success', code: null, carriedOut: true, requests: end.requests + 1 };
  const { cause } = row;
  // These let the answer through once they are cleared, or before.
  const isLate =
    (cause.kind === 'switch' && cause.fault === 'delay') ||
    (cause.kind === 'proxy' && ['latency', 'drip'].includes(cause.trouble.kind));
  // The answer came in the time of the exchange, though after that of the request.
  if (mode === 'beyond the deadline' && isLate) return { ...end, member: 'Success', code: null };
  return end.code === inUse ? { ...end, code: 'OUTCOME_UNKNOWN' } : end;
};

/** The final result of a key does not change. */
const checkSameKey = async (
  subject: Subject,
  write: Write,
  mark: number,
  first: Answer,
  end: WriteEnd,
): Promise<void> => {
  const document = writeDocument({ struck: write });
  await eventually(async () => {
    const reply = await subject.ask(document, { struck: write.inputOf(mark) });
    checkWrite(reply, write, mark, end, '');
    if (first?.['__typename'] === reply.data.struck.__typename && first?.['code'] !== inUse) {
      expect(reply.data.struck).toEqual(first);
    }
  });
};

/** Another write of the kind goes well, as soon as the upstream is asked again. */
const writesAgain = (subject: Subject, stand: Stand, write: Write): Promise<void> =>
  eventually(async () => {
    const mark = nextMark();
    const reply = await subject.ask(writeDocument({ struck: write }), { struck: write.inputOf(mark) });
    checkTold(reply.data.struck, write, mark);
    await checkState(stand, write, mark, true);
  });

const runWrite = async (stand: Stand, strike: Strike, write: Write, end: WriteEnd): Promise<void> => {
  const plain = plainReads[write.system];
  const neighbour = neighbourWrites[otherThan(write.system)];
  const [mark, neighbourMark] = [nextMark(), nextMark()];
  const inputs = { struck: write.inputOf(mark), neighbour: neighbour.inputOf(neighbourMark) };
  const { injection, subject } = await begin(stand, strike, write, write.operation);
  try {
    if (!strike.isAtLogIn) {
      const calm = await stand.calm(documentOf(plain));
      expect(await subject.ask(documentOf(plain))).toEqual({ status: 200, data: calm });
    }
    await injection.strike();
    const reply = await subject.ask(documentBeside(write, neighbour, strike.mode), inputs);
    const operation = strike.isAtLogIn ? logInOf[write.system] : write.operation;
    checkWrite(reply, write, mark, end, operation);
    checkTold(reply.data.neighbour, neighbour, neighbourMark);
    expect(injection.isMet(), 'the fault was met').toBe(true);
    expect(injection.requests(), 'requests that arrived').toBe(end.requests);
    await checkState(stand, write, mark, end.carriedOut);
    await checkState(stand, neighbour, neighbourMark, true);
    await injection.clear();
    if (strike.row.isSetting) return;
    if (write.kind === 'a keyed write') {
      const later = laterEnd(strike, end);
      await checkSameKey(subject, write, mark, reply.data.struck, later);
      expect(injection.requests(), 'requests with its key again').toBe(later.requests);
      await checkState(stand, write, mark, later.carriedOut);
    }
    if (strike.mode !== 'once') await writesAgain(subject, stand, write);
  } finally {
    await checkNotTwice(stand, write, mark);
    await injection.close();
  }
};

/** A fault of the connections that is not tried again after has no once: the gateway does not meet its end. */
const modesOf = (row: FaultRow, end: { readonly once: unknown; readonly lasting: unknown }): Mode[] => {
  if (row.isSetting) return ['lasting'];
  if (row.isOfUsedConnections) return ['once'];
  const isTried = row.cause.kind === 'switch' || end.once !== end.lasting;
  return isTried ? ['once', 'lasting'] : ['lasting'];
};

const systemsOf = ({ system }: FaultRow) => [
  system ?? ('SCOLLECT' as const),
  ...(system ? [] : ['RECOVERY_CONNECT' as const]),
];

const cellOf = (strike: Strike, work: Read | Write, run: (stand: Stand) => Promise<void>): Cell => ({
  name: `${strike.row.name}, ${strike.mode}: ${strike.isAtLogIn ? 'log-in of ' : ''}${work.kind} of ${work.system}`,
  row: strike.row,
  run,
});

const readCells = (row: FaultRow, read: Read): Cell[] => {
  if (row.isSetting) return [];
  const ends = readEnds(row, read.system);
  const modes: Mode[] = [...modesOf(row, ends), ...(row.isSilent ? ['beyond the deadline' as const] : [])];
  return modes.map((mode) => {
    const strike = { row, mode, isAtLogIn: false };
    const end = mode === 'once' ? ends.once : ends.lasting;
    return cellOf(strike, read, (stand) => runRead(stand, strike, read, end));
  });
};

const writeCells = (row: FaultRow, write: Write): Cell[] => {
  if (row.isSetting) return [];
  const ends = writeEnds(row, write.system);
  const modes: Mode[] = [...modesOf(row, ends), ...(row.isSilent ? ['beyond the deadline' as const] : [])];
  return modes.map((mode) => {
    const strike = { row, mode, isAtLogIn: false };
    const end = mode === 'once' ? ends.once : ends.lasting;
    const isKeyed = mode === 'beyond the deadline' && write.kind === 'a keyed write';
    const expected = isKeyed ? { ...end, code: inUse } : end;
    return cellOf(strike, write, (stand) => runWrite(stand, strike, write, expected));
  });
};

const logInCells = (row: FaultRow, work: Read | Write): Cell[] => {
  if (row.isOfUsedConnections || row.isFor) return [];
  const ends = logInEnds(row, work.system);
  return modesOf(row, ends).map((mode) => {
    const strike = { row, mode, isAtLogIn: true };
    const end = mode === 'once' ? ends.once : ends.lasting;
    const run = (stand: Stand) =>
      'success' in work
        ? runWrite(stand, strike, work, writeAfterLogIn(end))
        : runRead(stand, strike, work, end);
    return cellOf(strike, work, run);
  });
};

const cellsOf = <Work extends Read | Write>(
  works: readonly Work[],
  cells: (row: FaultRow, work: Work) => Cell[],
): Cell[] =>
  faultRows.flatMap((row) =>
    works
      .filter((work) => systemsOf(row).includes(work.system) && row.isFor?.(work) !== false)
      .flatMap((work) => cells(row, work)),
  );

const ofKind = <Work extends { readonly kind: string }>(works: readonly Work[], kind: Work['kind']): Work[] =>
  works.filter((work) => work.kind === kind);

/** The whole matrix, by the kind of work. */
export const matrix: readonly (readonly [kind: string, cells: readonly Cell[]])[] = [
  ['a read', cellsOf(ofKind(reads, 'a read'), readCells)],
  ['a batch of reads', cellsOf(ofKind(reads, 'a batch'), readCells)],
  ['a list', cellsOf(ofKind(reads, 'a list'), readCells)],
  ['a write', cellsOf(ofKind(writes, 'a write'), writeCells)],
  ['a write with an idempotency key', cellsOf(ofKind(writes, 'a keyed write'), writeCells)],
  ['a log-in', cellsOf([...Object.values(plainReads), ...writes], logInCells)],
];

/** All kinds of work while nothing fails. */
export const checkCalm = async (stand: Stand, right: Stand): Promise<number> => {
  const subject = await startSubject({ sandbox: stand.sandbox, observer: {} }, stand, usual);
  for (const read of reads) {
    const data = await right.calm(documentOf(read));
    expect(await subject.ask(documentOf(read))).toEqual({ status: 200, data });
  }
  for (const write of writes) {
    const mark = nextMark();
    const reply = await subject.ask(writeDocument({ struck: write }), { struck: write.inputOf(mark) });
    checkTold(reply.data.struck, write, mark);
    await checkState(stand, write, mark, true);
  }
  return reads.length + writes.length;
};

import { z } from 'zod';
import { entryFields, entryRow, valuesOf } from '../entry-columns.ts';
import { markRestored } from '../restored.ts';
import type {
  CountedStore,
  Entry,
  ImpatientStore,
  LedgerStore,
  MarkName,
  Marks,
  StartedEntries,
} from '../store.ts';
import type { Connection, Statement } from './connection.ts';
import { type AccessOptions, createDatabase, type Database, type RepeatableAnswer } from './database.ts';
import { DatabaseError, olderThanBefore } from './database-error.ts';
import { createHistory, type Expectation, type History } from './history.ts';
import { briefly, type Patience, patiently } from './patience.ts';
import { tableNames } from './postgres-schema.ts';
import type { PostgresSettings } from './postgres-settings.ts';
import { connectToPrimary } from './primary.ts';
import { statementsFor } from './statements.ts';

export interface PostgresStoreOptions {
  /** Milliseconds for which a key is kept: how long missing keys count as possibly used in an older store. */
  readonly keyLifeMs: number;
  /** Called if the store is older than before, once it is marked as restored. */
  readonly onOlder?: (() => void) | undefined;
}

const countRows = z.array(z.object({ state: z.string(), count: z.number() }));
const startedRow = z.tuple([z.object({ count: z.number(), oldest: z.number().nullable() })]);
const textRows = z.array(z.object({ text: z.string() }));
const holderRows = z.array(
  z.object({ tenant: z.string(), isCaller: z.boolean(), keys: z.number(), oldest: z.number() }),
);
const numbers = z.record(z.string(), z.number());
const marksRow = z.tuple([
  z.object({ marks: numbers, lastChange: z.number(), versions: numbers, isAtHome: z.boolean() }),
]);

type MarksRow = z.output<typeof marksRow>[0];

const isEqual = (one: Entry, other: Entry): boolean =>
  entryFields.every((field) => one[field] === other[field]);

const isOlder = ({ marks, lastChange, versions, isAtHome }: MarksRow, expectation: Expectation): boolean =>
  expectation.isMissing({ lastChange, versions, forgotten: marks['forgotten'] ?? 0 }) || !isAtHome;

const firstEntry = (rows: readonly unknown[]): Entry | null =>
  rows[0] === undefined ? null : entryRow.parse(rows[0]);

interface Parts {
  readonly sql: ReturnType<typeof statementsFor>;
  readonly execute: (statement: Statement, check?: AccessOptions['check']) => Promise<RepeatableAnswer>;
  readonly history: History;
}

/** Executes a write. It is given up if the store turns out to be older: its caller has read a newer one. */
type Write = (text: string, ...values: readonly unknown[]) => Promise<RepeatableAnswer>;

const writerOf = ({ execute, history }: Parts): Write => {
  return (text, ...values) => {
    const epoch = history.epoch();
    return execute({ text, values }, () => {
      if (history.epoch() !== epoch) throw new DatabaseError(olderThanBefore);
    });
  };
};

interface Queries extends Omit<LedgerStore, 'marks' | 'close'> {
  /** @param isNew whether the database may be another one than before. */
  marksRow(expectation: Expectation, isNew: boolean): Promise<MarksRow>;
  /** Records where the tables are now. */
  settle(): Promise<void>;
}

const queriesOf = (parts: Parts): Queries => {
  const { sql, execute, history } = parts;
  const write = writerOf(parts);
  const read = async (text: string, ...values: readonly unknown[]): Promise<readonly unknown[]> =>
    (await execute({ text, values })).rows;

  const get: LedgerStore['get'] = async (id) => firstEntry(await read(sql.byId, id));
  const holderOf: LedgerStore['holderOf'] = async ({ caller, keyDigest }) =>
    firstEntry(await read(sql.byKey, caller, keyDigest));
  const recall: LedgerStore['recall'] = async (name) =>
    textRows.parse(await read(sql.recall, name))[0]?.text ?? null;

  /** Accepts an own change whose commit was not confirmed: it may not be durable everywhere yet. */
  const confirm = async (entry: Entry): Promise<void> => {
    await write(sql.confirm, entry.id);
    history.note(entry);
  };

  /** Returns the holder of a key although the store cannot be written, and otherwise the reason. */
  const holderAfter = async (entry: Entry, error: unknown): Promise<Entry> => {
    const holder = await holderOf(entry).catch(() => null);
    if (!holder || holder.id === entry.id) throw error;
    return holder;
  };

  const insert = async (entry: Entry): Promise<'added' | Entry | 'again'> => {
    const { count } = await write(sql.add, ...valuesOf(entry));
    if (count > 0) {
      history.note(entry);
      return 'added';
    }
    const holder = await holderOf(entry);
    if (holder?.id !== entry.id) return holder ?? 'again';
    // The answer to an earlier attempt was lost.
    await confirm(entry);
    return 'added';
  };

  return {
    add: async (entry) => {
      for (;;) {
        const result = await insert(entry).catch((error: unknown) => holderAfter(entry, error));
        if (result !== 'again') return result === 'added' ? null : result;
      }
    },
    get,
    holderOf,
    replace: async (entry) => {
      const { count, isRepeated } = await write(sql.replace, ...valuesOf(entry), entry.id, entry.version - 1);
      if (count > 0) {
        history.note(entry);
        return true;
      }
      if (!isRepeated) return false;
      // The earlier attempt may have replaced it, and its answer was lost.
      const stored = await get(entry.id);
      if (!stored || !isEqual(stored, entry)) return false;
      await confirm(entry);
      return true;
    },
    startedIn: async (state): Promise<StartedEntries> =>
      startedRow.parse(await read(sql.startedIn, state))[0],
    list: async (states) => z.array(entryRow).parse(await read(sql.inStates, states)),
    removeExpired: async (before) => {
      if ((await read(sql.anyExpired, before)).length > 0) await write(sql.removeExpired, before);
    },
    remember: async (name, text) => {
      await write(sql.remember, name, text);
      return (await recall(name)) ?? text;
    },
    recall,
    raise: async (marks) => {
      await write(sql.raise, JSON.stringify(marks));
    },
    clear: async (names) => {
      await write(sql.clear, names);
    },
    holders: async (caller, now) => holderRows.parse(await read(sql.holders, caller, now)),
    settle: async () => {
      await write(sql.settle);
    },
    marksRow: async ({ ids }, isNew) => marksRow.parse(await read(sql.marks, ids, isNew))[0],
  };
};

const toMarks = ({ marks, lastChange }: MarksRow): Marks => ({
  // The names come from this program.
  values: new Map(Object.entries(marks) as [MarkName, number][]),
  lastChange,
});

export interface PostgresStore extends CountedStore, ImpatientStore {
  readonly database: Database;
}

/** The statements of one connection, before it may be used by others. */
const onConnection =
  (connection: Connection): Parts['execute'] =>
  async (statement) => ({
    ...(await connection.execute(statement, briefly.answerMs)),
    isRepeated: false,
  });

/**
 * Creates the store on a database whose tables exist.
 *
 * It recognizes its own changes whose confirmation was lost with a connection, so that no change is reported as not
 * executed that was. A store that has lost changes which this process knows is marked as restored, before anything
 * else is written to it.
 */
export const createPostgresStore = (
  settings: PostgresSettings,
  { keyLifeMs, onOlder }: PostgresStoreOptions,
): PostgresStore => {
  const names = tableNames(settings.schema);
  const history = createHistory();

  const readMarks = async (queries: Queries, isNew: boolean): Promise<Marks> => {
    const expectation = history.expectation();
    const epoch = history.epoch();
    const row = await queries.marksRow(expectation, isNew);
    if (!isOlder(row, expectation)) return toMarks(row);
    const marks = async () => toMarks(await queries.marksRow(expectation, false));
    await markRestored({ ...queries, marks }, keyLifeMs);
    await queries.settle();
    // Several connections may find the same loss at once.
    if (history.epoch() === epoch) {
      history.forget();
      onOlder?.();
    }
    return marks();
  };

  const database = createDatabase(async () => {
    const connection = await connectToPrimary(settings, { acceptsReadOnly: true });
    try {
      // The server may be another one than before.
      await readMarks(
        queriesOf({ sql: statementsFor(names, briefly), history, execute: onConnection(connection) }),
        true,
      );
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  });

  const storeWith = (patience: Patience): CountedStore => {
    const sql = statementsFor(names, patience);
    const execute: Parts['execute'] = (statement, check) =>
      database.execute(statement, { patience, ...(check && { check }) });
    const { marksRow, settle, ...queries } = queriesOf({ sql, history, execute });
    return {
      ...queries,
      marks: () => readMarks({ ...queries, marksRow, settle }, false),
      counts: async () => {
        const rows = countRows.parse((await execute({ text: sql.counts })).rows);
        return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
      },
      close: async () => database.close(),
    };
  };
  return { ...storeWith(briefly), patient: storeWith(patiently), database };
};

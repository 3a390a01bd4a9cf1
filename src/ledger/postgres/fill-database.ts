import { z } from 'zod';
import { columnNames, entryColumns, valuesOf } from '../entry-columns.ts';
import type { Entry, MarkName } from '../store.ts';
import { createDatabase, type Execute } from './database.ts';
import { DatabaseError, isAmbiguous } from './database-error.ts';
import { prepareSchema, type TableNames, tableNames } from './postgres-schema.ts';
import type { PostgresSettings } from './postgres-settings.ts';
import { connectToPrimary } from './primary.ts';
import { checkServer } from './server-checks.ts';

/** Everything in a ledger. */
export interface LedgerContents {
  /** All entries, in parts of at most 500. */
  readonly entries: Iterable<readonly Entry[]>;
  readonly marks: ReadonlyMap<MarkName, number>;
  readonly remembered: readonly { readonly name: string; readonly text: string }[];
  /** The number of entries by state. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Why a database was not filled. It contains nothing new, except for empty tables. */
export type FillProblem = 'a gateway has used it' | 'the number of entries differs';

export class FillError extends Error {
  readonly problem: FillProblem;

  constructor(problem: FillProblem) {
    super(`The database was not filled: ${problem}.`);
    this.name = 'FillError';
    this.problem = problem;
  }
}

/** The answer to the commit was lost: either everything is in the database, or nothing. */
export class UncertainFillError extends Error {
  constructor() {
    super('Whether the database was filled is not known.');
    this.name = 'UncertainFillError';
  }
}

const emptyRow = z.tuple([z.object({ isEmpty: z.boolean() })]);
const countRows = z.array(z.object({ state: z.string(), count: z.number() }));

/** Waits for gateways that are starting; later ones wait for the end of the transaction, and find the contents. */
const lockTables = async (execute: Execute, names: TableNames): Promise<void> => {
  const { entries, remembered, marks, tables } = names;
  await execute({ text: "SET LOCAL lock_timeout = '4s'" });
  await execute({ text: 'SET LOCAL synchronous_commit = on' });
  await execute({
    text: `LOCK TABLE ${entries}, ${remembered}, ${marks}, ${tables} IN ACCESS EXCLUSIVE MODE`,
  });
};

/** The first start of a gateway stores its owner, before it uses a key. */
const checkEmpty = async (execute: Execute, { entries, remembered, marks }: TableNames): Promise<void> => {
  const { rows } = await execute({
    text: `SELECT NOT EXISTS (SELECT 1 FROM ${entries}) AND NOT EXISTS (SELECT 1 FROM ${remembered})
      AND NOT EXISTS (SELECT 1 FROM ${marks} WHERE name <> 'clock') AS "isEmpty"`,
  });
  if (!emptyRow.parse(rows)[0].isEmpty) throw new FillError('a gateway has used it');
};

const insertPart = async (execute: Execute, entries: string, part: readonly Entry[]): Promise<void> => {
  const width = entryColumns.length;
  const rows = part.map(
    (_, row) => `(${entryColumns.map((__, at) => `$${row * width + at + 1}`).join(', ')})`,
  );
  await execute({
    text: `INSERT INTO ${entries} (${columnNames}) VALUES ${rows.join(', ')}`,
    values: part.flatMap(valuesOf),
  });
};

const insertAll = async (execute: Execute, names: TableNames, contents: LedgerContents): Promise<void> => {
  for (const part of contents.entries) await insertPart(execute, names.entries, part);
  for (const { name, text } of contents.remembered) {
    await execute({
      text: `INSERT INTO ${names.remembered} (name, text) VALUES ($1, $2)`,
      values: [name, text],
    });
  }
  // The clock of the tables is that of their creation: it may be ahead, so that keys would expire at once.
  if (contents.marks.has('clock')) await execute({ text: `DELETE FROM ${names.marks}` });
  for (const [name, value] of contents.marks) {
    await execute({
      text: `INSERT INTO ${names.marks} (name, value) VALUES ($1, $2)`,
      values: [name, value],
    });
  }
};

const checkCounts = async (execute: Execute, { entries }: TableNames, { counts }: LedgerContents) => {
  const { rows } = await execute({ text: `SELECT state, count(*) AS count FROM ${entries} GROUP BY 1` });
  const found = new Map(countRows.parse(rows).map(({ state, count }) => [state, count]));
  const expected = Object.entries(counts);
  if (found.size !== expected.length || expected.some(([state, count]) => found.get(state) !== count)) {
    throw new FillError('the number of entries differs');
  }
};

const commit = async (execute: Execute): Promise<void> => {
  try {
    await execute({ text: 'COMMIT' });
  } catch (error) {
    throw error instanceof DatabaseError && isAmbiguous(error) ? new UncertainFillError() : error;
  }
};

/**
 * Fills an empty database with a ledger, in one transaction. It is not repeated after a lost connection: what the first
 * attempt has stored would be in its way.
 *
 * @throws {FillError | UncertainFillError | UnusableStoreError | DatabaseError}
 */
export const fillDatabase = async (settings: PostgresSettings, contents: LedgerContents): Promise<void> => {
  const open = () => connectToPrimary(settings, { acceptsReadOnly: false });
  const preparing = createDatabase(open);
  try {
    await checkServer(preparing.execute, settings);
    await prepareSchema(preparing, settings.schema);
  } finally {
    preparing.close();
  }
  const names = tableNames(settings.schema);
  const connection = await open();
  const { execute } = connection;
  try {
    await execute({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
    await lockTables(execute, names);
    await checkEmpty(execute, names);
    await insertAll(execute, names, contents);
    await checkCounts(execute, names, contents);
    await commit(execute);
  } finally {
    // Without a commit, the server rolls back what was sent.
    connection.close();
  }
};

import { columnNames, entryColumns, selected } from '../entry-columns.ts';
import type { Patience } from './patience.ts';
import { clusterSql, relationSql, type TableNames } from './postgres-schema.ts';

/**
 * A condition of each write. Settings of the session cannot be used: a pooler gives each transaction another one. Set in
 * the statement, they apply to its transaction, which ends with it.
 *
 * - The commit waits for the disk, and for synchronous standbys, whatever the session's default is.
 * - Waiting for a row ends before the client gives up.
 * - A statement that had to wait for its table begins nothing after the longest time for an answer.
 */
const durablyWithin = ({ answerMs, lockMs }: Patience): string => `set_config('synchronous_commit',
    CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true) IS NOT NULL
  AND set_config('lock_timeout', '${lockMs}', true) IS NOT NULL
  AND clock_timestamp() < now() + interval '${answerMs} milliseconds'`;

const lastChangeSql = ({ entries, marks }: TableNames): string =>
  `greatest(coalesce((SELECT max(changed_at) FROM ${entries}), 0),
    coalesce((SELECT value FROM ${marks} WHERE name = 'forgotten'), 0))`;

/** Rows that are deleted at once: others are deleted by the next call. */
const mostRemoved = 1000;

/** The SQL of the store. Its parameters are in the comments; `entry` stands for all columns of an entry, from $1 on. */
export const statementsFor = (names: TableNames, patience: Patience) => {
  const durably = durablyWithin(patience);
  const { entries, remembered, marks, tables } = names;
  const numbered = entryColumns.map((_, index) => `$${index + 1}`);
  const next = entryColumns.length + 1;
  return {
    /** entry */
    add: `INSERT INTO ${entries} (${columnNames})
      SELECT ${numbered.join(', ')} WHERE ${durably} ON CONFLICT (caller, key_digest) DO NOTHING`,
    /** entry, id, previous version */
    replace: `UPDATE ${entries} SET ${entryColumns.map((column, index) => `${column} = ${numbered[index]}`).join(', ')}
      WHERE id = $${next} AND version = $${next + 1} AND ${durably}`,
    /** id: writes nothing new, but waits until all former changes are as durable as a new one. */
    confirm: `UPDATE ${entries} SET version = version WHERE id = $1 AND ${durably}`,
    /** caller, digest of the key */
    byKey: `SELECT ${selected} FROM ${entries} WHERE caller = $1 AND key_digest = $2`,
    /** id */
    byId: `SELECT ${selected} FROM ${entries} WHERE id = $1`,
    /** states */
    inStates: `SELECT ${selected} FROM ${entries} WHERE state = ANY ($1) ORDER BY begun_at, id`,
    /** state */
    startedIn: `SELECT count(*) AS count, min(started_at) AS oldest FROM ${entries} WHERE state = $1`,
    /** time */
    anyExpired: `SELECT 1 AS found FROM ${entries} WHERE expires_at <= $1 LIMIT 1`,
    /** time; the mark and the deletion are one transaction, since every missing entry must be accounted for. */
    removeExpired: `WITH expired AS (
        SELECT id FROM ${entries} WHERE expires_at <= $1 AND ${durably} LIMIT ${mostRemoved} FOR UPDATE SKIP LOCKED
      ), removed AS (
        DELETE FROM ${entries} WHERE id IN (SELECT id FROM expired) RETURNING changed_at
      )
      INSERT INTO ${marks} AS mark (name, value)
        SELECT 'forgotten', max(changed_at) FROM removed HAVING count(*) > 0
        ON CONFLICT (name) DO UPDATE SET value = greatest(mark.value, excluded.value)`,
    /** name, text */
    remember: `INSERT INTO ${remembered} (name, text) SELECT $1, $2 WHERE ${durably} ON CONFLICT DO NOTHING`,
    /** name */
    recall: `SELECT text FROM ${remembered} WHERE name = $1`,
    /** ids of entries, whether the database may be another one than before */
    marks: `SELECT coalesce((SELECT json_object_agg(name, value) FROM ${marks}), '{}') AS marks,
      ${lastChangeSql(names)} AS "lastChange",
      coalesce((SELECT json_object_agg(id, version) FROM ${entries} WHERE id = ANY ($1)), '{}') AS versions,
      (SELECT relation = ${relationSql(names)} AND CASE WHEN $2 THEN cluster = ${clusterSql} ELSE true END
        FROM ${tables}) AS "isAtHome"`,
    /** marks as JSON, in an order that is the same for all processes: no two wait for each other. */
    raise: `INSERT INTO ${marks} AS mark (name, value)
      SELECT key, value::bigint FROM json_each_text($1) WHERE ${durably} ORDER BY key
      ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE mark.value < excluded.value`,
    /** names */
    clear: `DELETE FROM ${marks} WHERE name = ANY ($1) AND ${durably}`,
    settle: `UPDATE ${tables} SET cluster = ${clusterSql}, relation = ${relationSql(names)} WHERE ${durably}`,
    /** caller, time */
    holders: `SELECT tenant, caller = $1 AS "isCaller", count(*) AS keys, min(begun_at) AS oldest FROM ${entries}
      WHERE expires_at IS NULL OR expires_at > $2 GROUP BY 1, 2`,
    counts: `SELECT state, count(*) AS count FROM ${entries} GROUP BY 1 ORDER BY 1`,
  };
};

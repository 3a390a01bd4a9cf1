import { z } from 'zod';
import { type Connection, connectTo } from './connection.ts';
import { DatabaseError, isLasting, noPrimary, toDatabaseError } from './database-error.ts';
import { briefly } from './patience.ts';
import type { PostgresSettings } from './postgres-settings.ts';

const roleRow = z.tuple([z.object({ isStandby: z.boolean(), isReadOnly: z.boolean() })]);

const roleSql = `SELECT pg_is_in_recovery() AS "isStandby",
  current_setting('transaction_read_only')::boolean AS "isReadOnly"`;

/** Whether a server accepts writes. A standby may return outdated rows, so that it is not used for reads either. */
const roleOf = async (connection: Connection): Promise<'primary' | 'read-only' | 'standby'> => {
  const [{ isStandby, isReadOnly }] = roleRow.parse(
    (await connection.execute({ text: roleSql }, briefly.answerMs)).rows,
  );
  if (isStandby) return 'standby';
  return isReadOnly ? 'read-only' : 'primary';
};

export interface PrimaryOptions {
  /** Whether a primary that rejects writes is used if there is no other one: it still has the outcomes of keys. */
  readonly acceptsReadOnly: boolean;
}

/**
 * Connects to the first host that accepts writes. The library knows no `target_session_attrs`.
 *
 * @throws {DatabaseError} with the reason of a lasting problem, if one of the hosts has one and none can be used.
 */
export const connectToPrimary = async (
  settings: PostgresSettings,
  { acceptsReadOnly }: PrimaryOptions,
): Promise<Connection> => {
  const reasons: DatabaseError[] = [];
  let readOnly: Connection | undefined;
  for (const host of settings.hosts) {
    let connection: Connection | undefined;
    try {
      connection = await connectTo(host, settings);
      const role = await roleOf(connection);
      if (role === 'primary') {
        readOnly?.close();
        return connection;
      }
      reasons.push(new DatabaseError(noPrimary));
      if (role === 'read-only' && acceptsReadOnly && !readOnly) readOnly = connection;
      else connection.close();
    } catch (error) {
      connection?.close();
      reasons.push(toDatabaseError(error));
    }
  }
  if (readOnly) return readOnly;
  throw (
    reasons.find(isLasting) ?? reasons.find(({ code }) => code !== noPrimary) ?? new DatabaseError(noPrimary)
  );
};

import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Connection, Statement } from './connection.ts';
import {
  DatabaseError,
  isAmbiguous,
  isCollision,
  isConnectionFailure,
  isLasting,
  toDatabaseError,
} from './database-error.ts';
import { createPool } from './pool.ts';

export interface RepeatableAnswer extends Answer {
  /** Whether an earlier attempt lost its answer, so that the statement may have been executed twice. */
  readonly isRepeated: boolean;
}

export type Execute = (statement: Statement) => Promise<Answer>;

export interface Database {
  /**
   * Executes a statement in a transaction of its own. After a lost connection it is executed again on another one.
   *
   * @param check called before each attempt; may throw.
   * @throws {DatabaseError}
   */
  execute(statement: Statement, check?: () => void): Promise<RepeatableAnswer>;
  /** Executes statements in one transaction, which is executed again after a lost connection. */
  transaction<Value>(run: (execute: Execute) => Promise<Value>): Promise<Value>;
  close(): void;
}

/** Milliseconds after which a failing statement is not tried again. A restart or failover may take less. */
const patienceMs = 6000;
const mostConnections = 5;
const pausesMs = { first: 50, longest: 500 };

/** @param open connects to the server that accepts writes. */
export const createDatabase = (open: () => Promise<Connection>): Database => {
  const pool = createPool(mostConnections, open);

  const acquire = async (giveUpAt: number): Promise<Connection> => {
    for (let step = pausesMs.first; ; step = Math.min(2 * step, pausesMs.longest)) {
      const leftMs = giveUpAt - performance.now();
      try {
        return await pool.acquire(Math.max(leftMs, 1));
      } catch (error) {
        if (isLasting(toDatabaseError(error)) || leftMs <= step) throw error;
      }
      await pause(step);
    }
  };

  /** Calls a function with a connection, again after a failure that another attempt may not have. */
  const withConnection = async <Value>(
    run: (connection: Connection, isRepeated: boolean) => Promise<Value>,
  ): Promise<Value> => {
    const giveUpAt = performance.now() + patienceMs;
    let isRepeated = false;
    for (;;) {
      const connection = await acquire(giveUpAt);
      let reason: DatabaseError;
      try {
        return await run(connection, isRepeated);
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        reason = error;
      } finally {
        pool.release(connection);
      }
      if (isConnectionFailure(reason)) pool.closeIdle();
      isRepeated ||= isAmbiguous(reason);
      const isFinal = !isConnectionFailure(reason) && !isCollision(reason);
      if (isFinal || performance.now() >= giveUpAt) throw reason;
    }
  };

  return {
    execute: (statement, check) =>
      withConnection(async (connection, isRepeated) => {
        check?.();
        return { ...(await connection.execute(statement)), isRepeated };
      }),
    transaction: (run) =>
      withConnection(async (connection) => {
        await connection.execute({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
        try {
          const value = await run(connection.execute);
          await connection.execute({ text: 'COMMIT' });
          return value;
        } catch (error) {
          // A connection whose transaction may still be open must not be used again.
          await connection.execute({ text: 'ROLLBACK' }).catch(() => connection.close());
          throw error;
        }
      }),
    close: () => pool.close(),
  };
};

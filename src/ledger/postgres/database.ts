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
import { answerShare, type Patience, patiently } from './patience.ts';
import { createPool } from './pool.ts';

export interface RepeatableAnswer extends Answer {
  /** Whether an earlier attempt lost its answer, so that the statement may have been executed twice. */
  readonly isRepeated: boolean;
}

export type Execute = (statement: Statement) => Promise<Answer>;

export interface AccessOptions {
  readonly patience?: Patience;
  /** Called before each attempt; may throw. */
  readonly check?: () => void;
}

export interface Database {
  /**
   * Executes a statement in a transaction of its own. After a lost connection it is executed again on another one.
   *
   * @throws {DatabaseError}
   */
  execute(statement: Statement, options?: AccessOptions): Promise<RepeatableAnswer>;
  /** Executes statements in one transaction, which is executed again after a lost connection. */
  transaction<Value>(run: (execute: Execute) => Promise<Value>): Promise<Value>;
  close(): void;
}

const mostConnections = 5;
const pausesMs = { first: 50, longest: 500 };

/** Remembers since when a database has answered nothing. */
const createFailureClock = () => {
  let answeredAt = Number.NEGATIVE_INFINITY;
  let failingSince: number | undefined;
  return {
    answered: (): void => {
      answeredAt = performance.now();
      failingSince = undefined;
    },
    failed: (begunAt: number): void => {
      failingSince ??= Math.max(begunAt, answeredAt);
    },
    /** When an access that begins now has waited long enough. */
    endOf: ({ totalMs, whileFailingMs }: Patience): number => {
      const now = performance.now();
      return Math.max((failingSince ?? now) + totalMs, now + whileFailingMs);
    },
  };
};

interface Attempt {
  readonly connection: Connection;
  readonly isRepeated: boolean;
  /** The time for the answer to one statement. */
  readonly answerMs: number;
}

/** @param open connects to the server that accepts writes. */
export const createDatabase = (open: () => Promise<Connection>): Database => {
  const pool = createPool(mostConnections, open);
  const failures = createFailureClock();

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
    patience: Patience,
    run: (attempt: Attempt) => Promise<Value>,
  ): Promise<Value> => {
    const begunAt = performance.now();
    const giveUpAt = failures.endOf(patience);
    const leastMs = (giveUpAt - begunAt) * answerShare;
    let isRepeated = false;
    for (let waitMs = 0; ; waitMs = Math.min(Math.max(2 * waitMs, pausesMs.first), pausesMs.longest)) {
      const connection = await acquire(giveUpAt - leastMs).catch((error: unknown) => {
        failures.failed(begunAt);
        throw error;
      });
      const answerMs = Math.min(patience.answerMs, Math.max(giveUpAt - performance.now(), leastMs));
      let reason: DatabaseError;
      try {
        const value = await run({ connection, isRepeated, answerMs });
        failures.answered();
        return value;
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        reason = error;
      } finally {
        pool.release(connection);
      }
      if (isConnectionFailure(reason)) {
        failures.failed(begunAt);
        pool.closeIdle();
      } else failures.answered();
      isRepeated ||= isAmbiguous(reason);
      const isFinal = !isConnectionFailure(reason) && !isCollision(reason);
      if (isFinal || performance.now() >= giveUpAt - leastMs) throw reason;
      await pause(waitMs);
    }
  };

  return {
    execute: (statement, { patience = patiently, check } = {}) =>
      withConnection(patience, async ({ connection, isRepeated, answerMs }) => {
        check?.();
        return { ...(await connection.execute(statement, answerMs)), isRepeated };
      }),
    transaction: (run) =>
      withConnection(patiently, async ({ connection }) => {
        await connection.execute({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
        try {
          const value = await run((statement) => connection.execute(statement));
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

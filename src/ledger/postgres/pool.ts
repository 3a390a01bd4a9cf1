import type { Connection } from './connection.ts';
import { DatabaseError, noConnection } from './database-error.ts';

export interface Pool {
  /**
   * Returns an idle connection, or opens one, or waits for one.
   *
   * @throws {DatabaseError}
   */
  acquire(waitMs: number): Promise<Connection>;
  /** Takes a connection back, and closes it if it failed or is old. */
  release(connection: Connection): void;
  /** Closes idle connections: after the failure of one, the others may lead to the same server. */
  closeIdle(): void;
  close(): void;
}

/** A connection is replaced after this time, so that a changed address or an earlier host is used again. */
const longestLifeMs = 30 * 60 * 1000;

interface Waiting {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: unknown) => void;
}

/** @param most the maximum number of open connections. */
export const createPool = (most: number, open: () => Promise<Connection>): Pool => {
  const idle: Connection[] = [];
  const waiting = new Set<Waiting>();
  let opened = 0;
  let isClosed = false;

  const discard = (connection: Connection): void => {
    opened -= 1;
    connection.close();
  };

  const next = (): Waiting | undefined => {
    const [first] = waiting;
    if (first) waiting.delete(first);
    return first;
  };

  const release = (connection: Connection): void => {
    const isOld = performance.now() - connection.openedAt > longestLifeMs;
    if (isClosed || isOld || !connection.isAlive()) {
      discard(connection);
      openForWaiting();
      return;
    }
    const first = next();
    if (first) first.resolve(connection);
    else idle.push(connection);
  };

  const openNew = async (): Promise<void> => {
    opened += 1;
    try {
      release(await open());
    } catch (error) {
      opened -= 1;
      next()?.reject(error);
      openForWaiting();
    }
  };

  /** Opens another connection if it may: it serves the caller that waits longest. */
  const openForWaiting = (): void => {
    if (waiting.size > 0 && opened < most) void openNew();
  };

  return {
    acquire: async (waitMs) => {
      if (isClosed) throw new DatabaseError(noConnection);
      for (let found = idle.pop(); found; found = idle.pop()) {
        if (found.isAlive()) return found;
        discard(found);
      }
      return new Promise<Connection>((resolve, reject) => {
        const timer = setTimeout(() => {
          if (waiting.delete(own)) reject(new DatabaseError(noConnection));
        }, waitMs);
        const own: Waiting = {
          resolve: (connection) => {
            clearTimeout(timer);
            resolve(connection);
          },
          reject: (error) => {
            clearTimeout(timer);
            reject(error as Error);
          },
        };
        waiting.add(own);
        if (opened < most) void openNew();
      });
    },
    release,
    closeIdle: () => {
      for (const connection of idle.splice(0)) discard(connection);
    },
    close: () => {
      isClosed = true;
      for (const connection of idle.splice(0)) discard(connection);
      for (const { reject } of waiting) reject(new DatabaseError(noConnection));
      waiting.clear();
    },
  };
};

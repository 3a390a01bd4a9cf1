import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import pg from 'pg';
import { DatabaseError, isConnectionFailure, noRootCertificate, toDatabaseError } from './database-error.ts';
import { patiently } from './patience.ts';
import type { PostgresHost, PostgresSettings, PostgresTls } from './postgres-settings.ts';

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

export interface Answer {
  readonly rows: readonly unknown[];
  /** The number of rows that were returned or changed. */
  readonly count: number;
}

/** A connection to one server, which executes one statement at a time. */
export interface Connection {
  /** Monotonic time in milliseconds. */
  readonly openedAt: number;
  /**
   * @param answerMs milliseconds without an answer after which the connection counts as lost.
   * @throws {DatabaseError}
   */
  execute(statement: Statement, answerMs?: number): Promise<Answer>;
  /** Whether no failure has been noticed. */
  isAlive(): boolean;
  /** Closes it, also while a statement waits for its answer. */
  close(): void;
}

/** Milliseconds of silence after which the system checks that the other side is still there. */
const keepAliveMs = 10_000;

const bigint = 20;

/** Times and versions are below 2 ** 53. */
const typeParsers = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === bigint ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Read for each connection: the file may be replaced before its certificates expire. */
const readCertificates = (file: string): string => {
  try {
    const text = readFileSync(file, 'utf8');
    // A file without certificates would be accepted, and trust nobody.
    return new X509Certificate(text) && text;
  } catch {
    throw new DatabaseError(noRootCertificate);
  }
};

const tlsOptions = (host: string, tls: PostgresTls): pg.ClientConfig['ssl'] => ({
  rejectUnauthorized: true,
  // The library passes on no IP address as the expected name.
  checkServerIdentity: (_, certificate) =>
    tls.checksHost ? checkServerIdentity(host, certificate) : undefined,
  ...(tls.rootCertificates === undefined ? {} : { ca: readCertificates(tls.rootCertificates) }),
});

/** Milliseconds for an orderly end of a connection. */
const closeTimeoutMs = 1000;

/**
 * Connects to one host. It leaves no state in the session, so that a pooler may give each transaction another one.
 *
 * @throws {DatabaseError}
 */
export const connectTo = async (
  { host, port }: PostgresHost,
  { database, user, password, applicationName, connectTimeoutMs, tls }: PostgresSettings,
): Promise<Connection> => {
  let failure: DatabaseError | undefined;
  const fail = (error: unknown): DatabaseError => {
    failure = toDatabaseError(error);
    return failure;
  };
  const socket = new Socket();
  let client: pg.Client;
  try {
    client = new pg.Client({
      host,
      port,
      database,
      user,
      // A text that is empty or missing would be replaced from the environment, or a file.
      password: () => password ?? '',
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
      ssl: tls === null ? false : tlsOptions(host, tls),
      stream: () => socket,
      types: typeParsers,
    });
    // Without a listener, a connection that is lost while it is idle would end the process.
    client.on('error', fail);
    client.on('end', () => {
      failure ??= toDatabaseError(undefined);
    });
    await client.connect();
  } catch (error) {
    socket.destroy();
    throw fail(error);
  }
  const close = (): void => {
    const isAlive = failure === undefined;
    failure ??= toDatabaseError(undefined);
    // Without an answer, the system would keep the connection, and this process, for minutes.
    if (!isAlive) socket.destroy();
    void client.end().catch(() => {});
    setTimeout(() => socket.destroy(), closeTimeoutMs).unref();
  };
  return {
    openedAt: performance.now(),
    execute: async ({ text, values = [] }, answerMs = patiently.answerMs) => {
      if (failure) throw failure;
      try {
        // The library knows the time of one statement, and its types do not.
        const query = { text, values: [...values], query_timeout: answerMs };
        const { rows, rowCount } = await client.query(query);
        return { rows, count: rowCount ?? 0 };
      } catch (error) {
        const reason = toDatabaseError(error);
        if (isConnectionFailure(reason)) failure ??= reason;
        throw reason;
      }
    },
    isAlive: () => failure === undefined,
    close,
  };
};

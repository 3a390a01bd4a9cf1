/**
 * A failed access to the database. Its message contains no values: messages of a server may contain those of a row, of
 * a user or of an address.
 */
export class DatabaseError extends Error {
  /** The SQLSTATE, the code of the system or of TLS, or a name of this gateway, such as `NO_PRIMARY`. */
  readonly code: string;

  constructor(code: string) {
    super(`The database of the ledger failed (${code}).`);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

/** Why the server cannot be used now, but may be usable soon. */
export const noPrimary = 'NO_PRIMARY';
export const timedOut = 'TIMEOUT';
export const noConnection = 'NO_CONNECTION';
export const connectionLost = 'CONNECTION_LOST';
export const noRootCertificate = 'NO_ROOT_CERTIFICATE';
/** The database is older than what this process has read from it or written to it. */
export const olderThanBefore = 'OLDER_THAN_BEFORE';

const messageCodes: readonly (readonly [RegExp, string])[] = [
  [/timeout/i, timedOut],
  [/does not support SSL/i, 'NO_TLS'],
  [/SASL|password/i, '28P01'],
];

/** Returns an error without values. */
export const toDatabaseError = (error: unknown): DatabaseError => {
  if (error instanceof DatabaseError) return error;
  if (!(error instanceof Error)) return new DatabaseError(connectionLost);
  if ('code' in error && typeof error.code === 'string') return new DatabaseError(error.code);
  const [, code = connectionLost] = messageCodes.find(([text]) => text.test(error.message)) ?? [];
  return new DatabaseError(code);
};

const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);

/** SQLSTATEs of a server that stops, starts, or accepts no writes: another connection may lead to another server. */
const ofServer = /^(?:08...|57P0[1-5]|25006|53300)$/;

/** Whether the connection must not be used any more. */
export const isConnectionFailure = ({ code }: DatabaseError): boolean =>
  code !== olderThanBefore && (!isSqlState(code) || ofServer.test(code));

/** Whether the statement may have been executed nevertheless: its answer was lost. */
export const isAmbiguous = (error: DatabaseError): boolean =>
  isConnectionFailure(error) && error.code !== '25006' && error.code !== '53300';

/** Whether the same statement may succeed at once: it was rolled back because of another one. */
export const isCollision = ({ code }: DatabaseError): boolean => code === '40001' || code === '40P01';

/** Problems of settings and rights, which no further attempt solves. */
const lasting =
  /^(?:28...|3D000|42...|3F000|NO_TLS|NO_ROOT_CERTIFICATE|(?:ERR_)?TLS.*|ERR_SSL.*|.*CERT.*|UNABLE_TO_.*|EACCES|ENOENT)$/;

export const isLasting = ({ code }: DatabaseError): boolean => lasting.test(code);

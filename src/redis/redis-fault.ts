/** A reason for which Redis is not usable. The names are in logs: none contains an address or an answer of Redis. */
export type RedisFault =
  | 'certificate not trusted'
  | 'cluster'
  | 'connection closed'
  | 'connection refused'
  | 'host not found'
  | 'loading'
  | 'no permission'
  | 'no such database'
  | 'not connected'
  | 'not writable'
  | 'other error'
  | 'out of memory'
  | 'read-only'
  | 'script failed'
  | 'timeout'
  | 'wrong password';

/** Redis before version 7 has the code of an error in a script within the message. */
const byReply: readonly (readonly [RegExp, RedisFault])[] = [
  [/\b(?:WRONGPASS|NOAUTH)\b|invalid (?:username-)?password|AUTH <password>/, 'wrong password'],
  [/\bDB index is out of range\b|\binvalid DB index\b|\bSELECT is not allowed\b/, 'no such database'],
  [/\b(?:READONLY|MASTERDOWN)\b/, 'read-only'],
  [/\bLOADING\b/, 'loading'],
  [/\bOOM\b/, 'out of memory'],
  [/\bNOPERM\b/, 'no permission'],
  [/\b(?:MOVED|ASK|CLUSTERDOWN|CROSSSLOT)\b/, 'cluster'],
  [/\b(?:MISCONF|NOREPLICAS|BUSY)\b/, 'not writable'],
];

const byCode: Readonly<Record<string, RedisFault>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'timeout',
  ENETUNREACH: 'timeout',
  ECONNRESET: 'connection closed',
  EPIPE: 'connection closed',
};

const isCertificateCode = (code: string): boolean => /CERT|SELF_SIGNED|^ERR_(?:TLS|SSL)/.test(code);

const isReply = (error: Error): boolean => error.name === 'ReplyError';

const ofReply = (message: string): RedisFault =>
  byReply.find(([pattern]) => pattern.test(message))?.[1] ?? 'script failed';

/** Returns the reason of an error of the client. */
export const redisFaultOf = (error: unknown): RedisFault => {
  if (!(error instanceof Error)) return 'other error';
  if (isReply(error)) return ofReply(error.message);
  const { code = '' } = error as NodeJS.ErrnoException;
  // Of a host with several addresses, each attempt has an error.
  const [first] = error instanceof AggregateError ? error.errors : [];
  if (first !== undefined && code === '') return redisFaultOf(first);
  if (isCertificateCode(code)) return 'certificate not trusted';
  return byCode[code] ?? (/closed|writeable/i.test(error.message) ? 'connection closed' : 'other error');
};

const ofOneCommand: readonly RedisFault[] = ['script failed', 'other error'];

/** Whether a fault concerns all commands of a connection: another one may lead to a Redis that works. */
export const isOfConnection = (fault: RedisFault): boolean => !ofOneCommand.includes(fault);

/**
 * Redis is not connected, did not answer in time, or refused the command. Whether the command was executed is unknown.
 * The error has no cause: those of the client contain the arguments of the command.
 */
export class RedisUnavailableError extends Error {
  readonly fault: RedisFault;

  constructor(fault: RedisFault) {
    super(`The shared Redis is not available: ${fault}.`);
    this.name = 'RedisUnavailableError';
    this.fault = fault;
  }
}

import type { DatabaseError } from '../ledger/postgres/database-error.ts';

/** What to do about a database that cannot be used, by code; the first matching row. */
const problems: readonly (readonly [code: RegExp, problem: string])[] = [
  [
    /^NO_PRIMARY$/,
    'none of its servers accepts writes: each is a replica, in recovery, or read-only. Name the primary.',
  ],
  [
    /^57P03$/,
    'the server is starting, stopping or in recovery. Start the gateway again when it accepts connections.',
  ],
  [/^28/, 'the server rejects the user or its password.'],
  [/^3D000$/, 'the server has no database with this name.'],
  [/^42501$/, 'the user lacks a right on the schema or its tables (docs/ledger.md).'],
  [/^53300$/, 'the server has no free connection.'],
  [
    /^NO_TLS$/,
    'the server does not offer TLS. Enable it there; only in a network that nobody else uses, add sslmode=disable.',
  ],
  [/^NO_ROOT_CERTIFICATE$/, 'sslrootcert names no file with certificates (PEM) that can be read.'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    'its TLS certificate is for other hosts. Use a host that the certificate names.',
  ],
  [
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    'its TLS certificate is not valid at this time. Replace it there.',
  ],
  [
    /CERT|^UNABLE_TO_|^(?:ERR_)?(?:TLS|SSL)/,
    'its TLS certificate cannot be verified. Add sslrootcert=<file> with the authority that issued it.',
  ],
  [/^ECONNREFUSED$/, 'no server accepts connections at its host and port.'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'the name of its host cannot be resolved.'],
  [/^E(?:HOST|NET)UNREACH$/, 'its host cannot be reached from this machine.'],
  [/^TIMEOUT$/, 'a server does not answer within connect_timeout.'],
];

/** Describes for an operator why a database cannot be used, without a value. */
export const databaseProblem = ({ code }: DatabaseError): string => {
  const [, problem = `the failure is ${code}.`] = problems.find(([pattern]) => pattern.test(code)) ?? [];
  return `expected a Postgres database that can be written, but ${problem}`;
};

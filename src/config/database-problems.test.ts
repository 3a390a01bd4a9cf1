import { expect, it } from 'vitest';
import { DatabaseError } from '../ledger/postgres/database-error.ts';
import { databaseProblem } from './database-problems.ts';

it.each([
  ['NO_PRIMARY', 'none of its servers accepts writes'],
  ['57P03', 'the server is starting, stopping or in recovery'],
  ['28P01', 'the server rejects the user or its password'],
  ['3D000', 'the server has no database with this name'],
  ['NO_TLS', 'the server does not offer TLS'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its TLS certificate is for other hosts'],
  ['CERT_HAS_EXPIRED', 'its TLS certificate is not valid at this time'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its TLS certificate cannot be verified'],
  ['ECONNREFUSED', 'no server accepts connections at its host and port'],
  ['ENOTFOUND', 'the name of its host cannot be resolved'],
  ['EAI_AGAIN', 'the name of its host cannot be resolved'],
  ['EHOSTUNREACH', 'its host cannot be reached from this machine'],
  ['ENETUNREACH', 'its host cannot be reached from this machine'],
  ['TIMEOUT', 'a server does not answer within connect_timeout'],
  ['XX000', 'the failure is XX000'],
])('a database that fails with %s: %s', (code, problem) => {
  const message = databaseProblem(new DatabaseError(code));
  expect(message).toContain(`expected a Postgres database that can be written, but ${problem}`);
});

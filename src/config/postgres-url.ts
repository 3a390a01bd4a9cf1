import { isIP } from 'node:net';
import {
  isLoopbackHost,
  type PostgresHost,
  type PostgresSettings,
  type PostgresTls,
} from '../ledger/postgres/postgres-settings.ts';

/** A URL that names no usable database. The message completes the name of the setting and contains no value. */
export class PostgresUrlError extends Error {
  constructor(expected: string) {
    super(expected);
    this.name = 'PostgresUrlError';
  }
}

export const isPostgresUrl = (text: string): boolean => /^postgres(?:ql)?:\/\//i.test(text);

/** Server lists have several hosts, which a URL of the web cannot have. */
const urlParts = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^@/?#]*)(?:\/([^/?#]*))?(?:\?([^#]*))?$/i;

const knownParameters = [
  'sslmode',
  'sslrootcert',
  'application_name',
  'connect_timeout',
  'target_session_attrs',
  'schema',
] as const;

type Parameters = Readonly<Partial<Record<(typeof knownParameters)[number], string>>>;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new PostgresUrlError('expected special characters in percent encoding, such as %40 for @');
  }
};

const parametersOf = (query: string): Parameters => {
  const known = new Set<string>(knownParameters);
  const given = query === '' ? [] : query.split('&').map((part) => part.split('=', 2));
  const all = given.map(([name = '', value = '']) => [decoded(name), decoded(value)] as const);
  if (all.some(([name]) => !known.has(name)) || new Set(all.map(([name]) => name)).size < all.length) {
    throw new PostgresUrlError(`expected no other parameters than ${knownParameters.join(', ')}, each once`);
  }
  return Object.fromEntries(all);
};

const hostPattern = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i;
const defaultPort = 5432;

const hostOf = (text: string): PostgresHost => {
  const [, address, name = '', port = String(defaultPort)] = hostPattern.exec(text) ?? [];
  const host = address ?? decoded(name);
  const isAddress = address === undefined || isIP(address) === 6;
  if (host === '' || !isAddress || Number(port) < 1 || Number(port) > 65_535) {
    throw new PostgresUrlError(
      'expected hosts with ports from 1 to 65535, as in postgres://user@db1:5432,db2:5432/name',
    );
  }
  return { host, port: Number(port) };
};

const tlsOf = ({ sslmode, sslrootcert }: Parameters, hosts: readonly PostgresHost[]): PostgresTls | null => {
  const isLocal = hosts.every(({ host }) => isLoopbackHost(host));
  const mode = sslmode ?? (isLocal && sslrootcert === undefined ? 'disable' : 'verify-full');
  switch (mode) {
    case 'disable':
      if (sslrootcert !== undefined)
        throw new PostgresUrlError('expected no sslrootcert with sslmode=disable');
      return null;
    // Encryption without a verified server protects nobody who can change the traffic.
    case 'require':
    case 'verify-full':
      return { checksHost: true, rootCertificates: sslrootcert };
    case 'verify-ca':
      return { checksHost: false, rootCertificates: sslrootcert };
    default:
      throw new PostgresUrlError(
        'expected sslmode to be verify-full, verify-ca, require (as verify-full) or disable; others leave it to the network whether there is TLS',
      );
  }
};

const timeoutOf = ({ connect_timeout: seconds = '2' }: Parameters): number => {
  if (!/^\d{1,2}$/.test(seconds) || Number(seconds) < 1 || Number(seconds) > 60) {
    throw new PostgresUrlError('expected connect_timeout to be 1 to 60 seconds');
  }
  return Number(seconds) * 1000;
};

const defaultSchema = 'recollect';

const schemaOf = ({ schema = defaultSchema }: Parameters): string => {
  if (!/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new PostgresUrlError('expected schema to be lower-case letters, digits and underscores');
  }
  return schema;
};

const nameOf = (text: string | undefined, part: string): string => {
  const name = decoded(text ?? '');
  if (name === '' || /\p{Cc}/u.test(name)) {
    throw new PostgresUrlError(`expected a ${part}, as in postgres://user:password@host:5432/database`);
  }
  return name;
};

/**
 * Parses a URL of libpq's form.
 *
 * @throws {PostgresUrlError}
 */
export const parsePostgresUrl = (text: string): PostgresSettings => {
  const [, userInfo, hostList = '', database, query = ''] = urlParts.exec(text) ?? [];
  const [user, ...passwordParts] = (userInfo ?? '').split(':');
  const hosts = hostList.split(',').map(hostOf);
  const parameters = parametersOf(query);
  const { target_session_attrs: attributes = 'read-write', application_name: applicationName = 'recollect' } =
    parameters;
  if (attributes !== 'read-write' && attributes !== 'primary') {
    throw new PostgresUrlError(
      'expected target_session_attrs to be read-write or primary: a replica is not written to',
    );
  }
  return {
    hosts,
    user: nameOf(user, 'user'),
    database: nameOf(database, 'database'),
    password: passwordParts.length === 0 ? undefined : decoded(passwordParts.join(':')),
    applicationName,
    connectTimeoutMs: timeoutOf(parameters),
    tls: tlsOf(parameters, hosts),
    schema: schemaOf(parameters),
  };
};

export interface PostgresHost {
  /** A host name, an IP address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** How the server's TLS certificate is verified. */
export interface PostgresTls {
  /** Whether the certificate must name the host. */
  readonly checksHost: boolean;
  /** PEM file with the trusted authorities; undefined for those that Node trusts. */
  readonly rootCertificates: string | undefined;
}

/** A Postgres database that holds the ledger. */
export interface PostgresSettings {
  /** Tried in this order: the first one that accepts writes is used. */
  readonly hosts: readonly PostgresHost[];
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly applicationName: string;
  /** Milliseconds for connecting to one host. */
  readonly connectTimeoutMs: number;
  /** `null` for connections in the clear. */
  readonly tls: PostgresTls | null;
  /** The schema of the ledger's tables: lower-case letters, digits and underscores. */
  readonly schema: string;
}

/** Whether a host can only be reached from this machine: the folder of a Unix socket, or a loopback address. */
export const isLoopbackHost = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);

import type { AddressInfo } from 'node:net';
import type { Settings } from '../config/settings.ts';
import { timeZoneOf } from '../config/time-zone.ts';
import { isFileLedger } from '../ledger/open-ledger.ts';
import { readyTabs } from './graphiql/ready-queries.ts';

export const urlOf = ({ address, family, port }: AddressInfo): string =>
  `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/graphql`;

const callersOf = ({ authentication, authDisabled }: Settings): string => {
  if (authentication) {
    return `Callers: by JSON Web Tokens, ${'secret' in authentication.keys ? 'HS256' : 'RS256 or ES256'}.`;
  }
  return authDisabled
    ? 'AUTH_DISABLED: every caller on this machine sees everything.'
    : 'Callers are not authenticated: all of them see everything except personal data.';
};

const systemsOf = ({ upstreams: { scollect, recoveryConnect }, credentialsFile }: Settings): string[] => {
  if (credentialsFile !== undefined) return [`Upstreams: those of each tenant in ${credentialsFile}`];
  const at = (upstream: { readonly url: string } | undefined) => upstream?.url ?? 'not configured';
  return [`Scollect: ${at(scollect)}`, `RecoveryConnect: ${at(recoveryConnect)}`];
};

const ledgerOf = ({ ledger }: Settings): string =>
  isFileLedger(ledger)
    ? `Ledger: ${ledger.file}`
    : `Ledger: Postgres at ${ledger.postgres.hosts.map(({ host, port }) => `${host}:${port}`).join(', ')}`;

const toolsOf = ({ mcp }: Settings): string[] => {
  if (!mcp) return [];
  return [
    mcp.logIn ? `MCP: tools at ${mcp.logIn.resource}; clients log in at the issuer` : 'MCP: tools at /mcp',
  ];
};

/** Returns the sentences of the start-up report. */
export const startReport = (settings: Settings): string[] => {
  const shared = [callersOf(settings), timeZoneOf(settings), ...toolsOf(settings)];
  return settings.usesSandbox
    ? ['No upstream is set: the embedded sandbox stands in for both systems. Its data is made up.', ...shared]
    : [...systemsOf(settings), ledgerOf(settings), ...shared];
};

/** Returns the text that the gateway prints at its start. */
export const announce = (settings: Settings): string => {
  const report = startReport(settings).join('\n');
  return settings.usesSandbox ? `${report}\nFirst query to try:\n\n${readyTabs[0].query}` : report;
};

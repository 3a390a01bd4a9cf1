import { loadEnvironmentFile } from '../config/environment-file.ts';
import { readLedgerSettings, readSettings, type Settings, SettingsError } from '../config/settings.ts';
import { timeZoneOf } from '../config/time-zone.ts';
import { type Wiring, wire } from '../config/wiring.ts';
import { LightAbortSignal } from '../lib/abort-signal.ts';
import { systemNames, type UpstreamSystem } from '../upstreams/errors.ts';
import type { TenantCredentials } from '../upstreams/tenants.ts';
import { accessCheck } from './checks/access.ts';
import { type CertificateTarget, certificatesCheck } from './checks/certificates.ts';
import { bestOf, clockResult } from './checks/clocks.ts';
import { documentsCheck } from './checks/documents.ts';
import { reportDrift } from './checks/drift.ts';
import { jwksCheck } from './checks/jwks.ts';
import { nodeReleaseCheck } from './checks/node-release.ts';
import { proxiesCheck } from './checks/proxies.ts';
import { examineReads, reportNoReads, reportWrites } from './checks/reads.ts';
import { sharedRedisCheck } from './checks/shared-redis.ts';
import { storeCheck } from './checks/store.ts';
import { timeZoneCheck } from './checks/time-zone.ts';
import { toolsCheck } from './checks/tools.ts';
import { createReplies, type Replies } from './reads/replies.ts';
import { type CheckSubject, ok, type Report, skipped, trouble } from './result.ts';
import { failedCheck, runCheck } from './run-check.ts';
import { createResponseShapes, type OperationShape } from './shapes/response-shapes.ts';

const settingsSubject: CheckSubject = { id: 'settings', subject: 'Settings' };

/** Milliseconds for the reads of all tenants. */
const readsMs = 120_000;

/** Reports each problem of unusable settings, and any other failure. Returns `undefined` then. */
const settled = async <Value>(
  read: () => Value | Promise<Value>,
  report: Report,
): Promise<Value | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SettingsError) {
      for (const problem of error.message.split('\n')) report(trouble(settingsSubject, problem));
    } else {
      report(failedCheck(settingsSubject, error));
    }
    return undefined;
  }
};

const unusable = 'the settings cannot be used.';

const readEnvironment = (): Settings => {
  loadEnvironmentFile();
  return readSettings(process.env);
};

/** Examines what can be examined without usable settings. */
const examineWithoutSettings = async (report: Report): Promise<void> => {
  await runCheck(nodeReleaseCheck, { usesSandbox: false }, report);
  for (const check of [
    timeZoneCheck,
    proxiesCheck,
    accessCheck,
    jwksCheck,
    sharedRedisCheck,
    documentsCheck,
    toolsCheck,
    certificatesCheck,
  ]) {
    report(skipped(check, unusable));
  }
  try {
    await runCheck(storeCheck, { ledger: readLedgerSettings(process.env) }, report);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    report(skipped(storeCheck, unusable));
  }
  reportNoReads(unusable, report);
};

/** Examines everything that needs no upstream. */
const examineSettings = async (settings: Settings, report: Report): Promise<void> => {
  const { isProduction } = settings;
  await runCheck(nodeReleaseCheck, settings, report);
  await runCheck(timeZoneCheck, { settings, machineZone: process.env['TZ'] }, report);
  await runCheck(proxiesCheck, { settings }, report);
  await runCheck(accessCheck, { settings, isProduction }, report);
  await runCheck(jwksCheck, { settings }, report);
  await runCheck(storeCheck, { ledger: settings.ledger }, report);
  await runCheck(sharedRedisCheck, { settings }, report);
  await runCheck(documentsCheck, { settings }, report);
  await runCheck(toolsCheck, { settings }, report);
};

/** One server of a system, which several tenants may use. */
interface Server {
  readonly system: UpstreamSystem;
  readonly url: string;
  /** The first tenant that uses it; `null` if it is the only server of its system. */
  readonly tenant: string | null;
  readonly tenants: readonly (string | null)[];
}

const urlsOf = ({ scollect, recoveryConnect }: TenantCredentials) =>
  [
    ['SCOLLECT', scollect?.url],
    ['RECOVERY_CONNECT', recoveryConnect?.url],
  ] as const satisfies readonly (readonly [UpstreamSystem, string | undefined])[];

const serversOf = (credentials: Wiring['credentials']): readonly Server[] => {
  const found = new Map<string, { system: UpstreamSystem; url: string; tenants: (string | null)[] }>();
  for (const [tenant, own] of credentials) {
    for (const [system, url] of urlsOf(own)) {
      if (url === undefined) continue;
      const name = `${system} ${new URL(url).origin}`;
      const server = found.get(name) ?? { system, url, tenants: [] };
      server.tenants.push(tenant);
      found.set(name, server);
    }
  }
  const all = [...found.values()];
  const isOnly = ({ system }: { system: UpstreamSystem }): boolean =>
    all.filter((other) => other.system === system).length === 1;
  return all.map((server) => ({ ...server, tenant: isOnly(server) ? null : (server.tenants[0] ?? null) }));
};

const systemsIn = Object.keys(systemNames) as UpstreamSystem[];

const reportClocks = (
  servers: readonly Server[],
  replies: ReadonlyMap<string | null, Replies>,
  report: Report,
): void => {
  const subjectOf = (system: UpstreamSystem, tenant: string | null): CheckSubject => ({
    id: `clock.${system}`,
    subject: `Clock of ${systemNames[system]}`,
    tenant,
  });
  for (const { system, tenant, tenants } of servers) {
    const readings = tenants.flatMap((one) => replies.get(one)?.clocks(system) ?? []);
    report(clockResult(subjectOf(system, tenant), bestOf(readings)));
  }
  for (const system of systemsIn) {
    if (servers.some((server) => server.system === system)) continue;
    report(skipped(subjectOf(system, null), 'not configured.'));
  }
};

const certificateTargets = (settings: Settings, servers: readonly Server[]): CertificateTarget[] => {
  const { authentication } = settings;
  const jwksUrl =
    authentication && 'jwksUrl' in authentication.keys ? authentication.keys.jwksUrl : undefined;
  const ofSystem = (system: UpstreamSystem): CertificateTarget[] => {
    const subject = { id: `certificate.${system}`, subject: `Certificate of ${systemNames[system]}` };
    const targets = servers
      .filter((server) => server.system === system)
      .map(({ url, tenant }) => ({ ...subject, url, tenant }));
    return targets.length === 0 ? [{ ...subject, url: undefined }] : targets;
  };
  return [
    ...systemsIn.flatMap(ofSystem),
    { id: 'certificate.issuer', subject: 'Certificate of the issuer', url: jwksUrl },
  ];
};

const describeSettings = (settings: Settings): string => {
  const examined = settings.usesSandbox ? 'no upstream is set: examining the sandbox. ' : '';
  return `${examined}${timeZoneOf(settings)}`;
};

/** Examines live responses. Returns their shapes. */
const examineUpstreams = async (
  { settings, credentials, tenants }: Wiring,
  replies: ReadonlyMap<string | null, Replies>,
  report: Report,
): Promise<void> => {
  const signal = new LightAbortSignal();
  const timer = setTimeout(() => signal.abort(), readsMs);
  try {
    for (const [tenant, own] of credentials) {
      const ofTenant = replies.get(tenant);
      if (!ofTenant) continue;
      const context = { tenant, credentials: own, upstreams: tenants.of(tenant), replies: ofTenant, signal };
      const check = { id: 'reads', subject: 'Upstream reads', tenant, run: examineReads };
      // Longer than the time of the reads, which end by the signal.
      await runCheck(check, context, report, 2 * readsMs);
    }
  } finally {
    clearTimeout(timer);
  }
  const servers = serversOf(credentials);
  reportClocks(servers, replies, report);
  await runCheck(certificatesCheck, { targets: certificateTargets(settings, servers) }, report);
};

/**
 * Examines settings, ledger, trusted documents and live responses, with reads only. Each part is reported, also if
 * others fail.
 *
 * @returns the shapes of the responses.
 */
export const examine = async (report: Report): Promise<readonly OperationShape[]> => {
  const shapes = createResponseShapes();
  const settings = await settled(readEnvironment, report);
  if (!settings) {
    await examineWithoutSettings(report);
    reportWrites(report);
    return [];
  }
  const replies = new Map<string | null, Replies>();
  const wiring = await settled(
    () =>
      wire(() => (tenant) => {
        const ofTenant = createReplies(shapes);
        replies.set(tenant, ofTenant);
        return { onReply: ofTenant.add };
      }),
    report,
  );
  try {
    if (wiring) report(ok(settingsSubject, describeSettings(settings)));
    await examineSettings(settings, report);
    if (wiring) await examineUpstreams(wiring, replies, report);
    else {
      report(skipped(certificatesCheck, unusable));
      reportNoReads(unusable, report);
    }
  } finally {
    await wiring?.release();
  }
  const found = shapes.list();
  reportDrift(found, report);
  reportWrites(report);
  return found;
};

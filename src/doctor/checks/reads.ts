import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import { isKeyed } from '../../upstreams/endpoint/keyed.ts';
import { systemNames, type UpstreamSystem } from '../../upstreams/errors.ts';
import { recoveryConnectOperations } from '../../upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../../upstreams/scollect/operations.ts';
import type { TenantCredentials } from '../../upstreams/tenants.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';
import { createReader, type Finding, type ReadCheck } from '../reads/reader.ts';
import { examineRecoveryConnect } from '../reads/recoveryconnect.ts';
import type { Replies } from '../reads/replies.ts';
import { examineScollect } from '../reads/scollect.ts';
import { type CheckSubject, ok, type Report, skipped, trouble } from '../result.ts';

interface System {
  readonly operations: Readonly<Record<string, Endpoint>>;
  readonly logIn: string;
  readonly examine: (read: ReadCheck) => Promise<void>;
  /** Why reads with these parts of a key were not tried, in this order. */
  readonly missing: readonly (readonly [part: string, reason: string])[];
  readonly isConfigured: (credentials: TenantCredentials) => boolean;
}

const systems: Readonly<Record<UpstreamSystem, System>> = {
  SCOLLECT: {
    operations: scollectOperations,
    logIn: 'login',
    examine: examineScollect,
    missing: [
      ['ssn', 'reads by a social security number, which the doctor does not send.'],
      ['number', 'reads by a phone number, which the doctor does not send.'],
      ['portfolio', 'no portfolio to read by.'],
      ['fileNumber', 'no account to read by.'],
    ],
    isConfigured: ({ scollect }) => scollect !== undefined,
  },
  RECOVERY_CONNECT: {
    operations: recoveryConnectOperations,
    logIn: 'authenticate',
    examine: examineRecoveryConnect,
    missing: [
      ['phoneId', 'no phone of a borrower to read by.'],
      ['borrowerId', 'no borrower to read by.'],
      ['orderId', 'no order to read by.'],
    ],
    isConfigured: ({ recoveryConnect }) => recoveryConnect !== undefined,
  },
};

const systemOf = ({ system }: Endpoint): System => systems[system];

/** All documented operations of both systems. */
const allOperations: readonly Endpoint[] = Object.values(systems).flatMap(({ operations }) =>
  Object.values(operations),
);

const subjectOf = ({ system, operation, effect }: Endpoint, tenant: string | null): CheckSubject => ({
  id: `${effect}.${system}.${operation}`,
  subject: `${systemNames[system]} ${operation}`,
  tenant,
});

const isLogIn = (endpoint: Endpoint): boolean => systemOf(endpoint).logIn === endpoint.operation;

/** The parts of the keys of reads that declare no key: lists with other parameters. */
const partsOfOthers: Readonly<Record<string, readonly string[]>> = {
  getaccountbysocial: ['ssn'],
  get_accounts_in_portfolio: ['portfolio'],
  filterOrders: ['orderId'],
};

const partsOf = (endpoint: Endpoint): readonly string[] =>
  isKeyed(endpoint) ? Object.keys(endpoint.key) : (partsOfOthers[endpoint.operation] ?? []);

const reasonFor = (endpoint: Endpoint): string => {
  const parts = partsOf(endpoint);
  return systemOf(endpoint).missing.find(([part]) => parts.includes(part))?.[1] ?? 'not tried.';
};

/** Reports all operations as skipped for one reason, but the writes, which have one of their own. */
export const reportNoReads = (reason: string, report: Report): void => {
  for (const endpoint of allOperations) {
    if (endpoint.effect === 'read') report(skipped(subjectOf(endpoint, null), reason));
  }
};

/** Reports the writes: none is ever executed. */
export const reportWrites = (report: Report): void => {
  for (const endpoint of allOperations) {
    if (endpoint.effect === 'write') {
      report(skipped(subjectOf(endpoint, null), 'a write: the doctor never executes one.'));
    }
  }
};

/** Returns the function that reports the log-in before the first read, which caused it. */
const logInReporter = (
  system: UpstreamSystem,
  { tenant, credentials, replies }: Pick<ReadsContext, 'tenant' | 'credentials' | 'replies'>,
  report: Report,
) => {
  const { operations, logIn } = systems[system];
  const endpoint = operations[logIn];
  let isReported = false;
  return ({ failed, message }: Finding): void => {
    if (isReported || !endpoint) return;
    isReported = true;
    const subject = subjectOf(endpoint, tenant);
    const { recoveryConnect } = credentials;
    if (system === 'RECOVERY_CONNECT' && recoveryConnect && 'token' in recoveryConnect) {
      report(skipped(subject, 'not needed: a fixed token is set.'));
    } else if (failed === logIn) {
      report(trouble(subject, message, 'Check the URL and the credentials.'));
    } else if (replies.has(logIn)) {
      report(ok(subject, 'logged in.'));
    } else {
      report(skipped(subject, 'not reached.'));
    }
  };
};

export interface ReadsContext {
  readonly tenant: string | null;
  readonly credentials: TenantCredentials;
  readonly upstreams: Upstreams;
  readonly replies: Replies;
  /** Ends all reads. */
  readonly signal: CancelSignal;
}

const examineSystem = async (
  system: UpstreamSystem,
  context: ReadsContext,
  report: Report,
): Promise<void> => {
  const { tenant, credentials, upstreams, signal } = context;
  const { operations, examine, isConfigured } = systems[system];
  const tried = new Set<Endpoint>();
  const reportLogIn = logInReporter(system, context, report);
  if (isConfigured(credentials)) {
    const read = createReader(upstreams, signal, (finding) => {
      const { endpoint, status, message, failed } = finding;
      tried.add(endpoint);
      reportLogIn(finding);
      const subject = subjectOf(endpoint, tenant);
      if (failed === systems[system].logIn) report(skipped(subject, 'the log-in failed.'));
      else report({ ok, trouble, skipped }[status](subject, message));
    });
    await examine(read);
  }
  for (const endpoint of Object.values(operations)) {
    if (endpoint.effect === 'write' || tried.has(endpoint)) continue;
    if (!isConfigured(credentials)) report(skipped(subjectOf(endpoint, tenant), 'not configured.'));
    else if (!isLogIn(endpoint)) report(skipped(subjectOf(endpoint, tenant), reasonFor(endpoint)));
  }
};

/** Reads one object of each kind from both systems of a tenant. */
export const examineReads = async (context: ReadsContext, report: Report): Promise<void> => {
  for (const system of Object.keys(systems) as UpstreamSystem[]) await examineSystem(system, context, report);
};

import { setTimeout } from 'node:timers/promises';
import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import type { UpstreamSystem } from '../../upstreams/errors.ts';
import type { Admission } from '../api.ts';
import { nginxPage } from '../nginx.ts';
import { operations } from '../operations.ts';
import { type Delivery, type HttpAnswer, html, json, type RequestOutcome } from '../server.ts';
import { drip, endless, halfOf, resetInBody, resetInHeaders, stallInBody } from './deliveries.ts';
import { gzipBomb } from './gzip-bomb.ts';
import { wrongKey } from './wrong-key.ts';

/** A response that a switch describes: its body is JSON, or a page without one. */
export interface GivenAnswer {
  readonly status?: number | undefined;
  readonly body?: unknown;
}

/** The behaviour of an exchange with a fault. */
export interface Fault {
  readonly meet: (
    call: Admission,
    milliseconds: number,
    given: GivenAnswer,
  ) => RequestOutcome | Promise<RequestOutcome>;
  /** Whether a switch requires `milliseconds`; otherwise it must be absent. */
  readonly isTimed?: true;
  /** Whether a switch requires `status`, `body` or both; otherwise they must be absent. */
  readonly isGiven?: true;
  /** The only system with this fault; both by default. */
  readonly system?: UpstreamSystem;
  /** Whether an operation supports it; all by default. */
  readonly isFor?: (operation: Endpoint) => boolean;
}

/** Executes the operation, and replaces its response. */
const replaced =
  (outcomeOf: (call: Admission, answer: HttpAnswer) => RequestOutcome | Promise<RequestOutcome>) =>
  (call: Admission) =>
    outcomeOf(call, call.execute());

/** Executes the operation, and delivers its response in another way. */
const delivered =
  (delivery: Delivery) =>
  ({ execute }: Admission): RequestOutcome => ({ answer: execute(), delivery });

const page =
  '<!DOCTYPE html>\n<html>\n<head><title>Welcome</title></head>\n<body><h1>Welcome</h1></body>\n</html>\n';

const givenAnswer = ({ status = 200, body }: GivenAnswer): HttpAnswer =>
  body === undefined ? html(page, status) : json(body, status);

const table = {
  decline: { meet: ({ decline }) => decline() },
  refuse: { meet: ({ refuse }) => refuse() },
  'refuse-token': { meet: ({ manners }) => manners.refuseToken() },
  'rate-limit': { meet: ({ manners }) => manners.limitRate() },
  delay: {
    isTimed: true,
    meet: async ({ execute }, milliseconds) => {
      const answer = execute();
      // A closed sandbox does not wait for outstanding responses.
      await setTimeout(milliseconds, undefined, { ref: false });
      return answer;
    },
  },
  hang: { meet: () => 'silence' },
  reset: { meet: () => 'reset' },
  'lose-answer': { meet: replaced(() => 'reset') },
  'reset-in-headers': { meet: delivered(resetInHeaders) },
  'reset-in-body': { meet: delivered(resetInBody) },
  'stall-in-body': { meet: delivered(stallInBody) },
  drip: {
    isTimed: true,
    meet: (call, milliseconds) => delivered(drip(milliseconds))(call),
  },
  endless: { meet: delivered(endless) },
  truncate: { meet: replaced((_, answer) => ({ ...answer, status: 200, body: halfOf(answer) })) },
  'wrong-types': { meet: replaced(({ manners }) => manners.wrongTypes()) },
  'wrong-key': {
    isFor: ({ answersFor }) => answersFor !== undefined,
    meet: replaced(({ operation, requested }, answer) => wrongKey(operations[operation], requested, answer)),
  },
  html: { meet: replaced(() => html(page, 200)) },
  'gzip-bomb': { meet: replaced(gzipBomb) },
  pending: {
    // The state of a Celery task without a result.
    system: 'SCOLLECT',
    meet: replaced(() => json({ state: 'PENDING', status: 'Pending...' })),
  },
  'error-in-200': { meet: ({ manners }) => manners.errorIn200() },
  'not-found-page': { meet: ({ manners }) => manners.notFoundPage() },
  'server-error': { meet: replaced(({ manners }) => manners.serverError()) },
  'bad-gateway': { meet: replaced(() => nginxPage(502)) },
  unavailable: { meet: ({ manners }) => manners.unavailable() },
  'gateway-timeout': { meet: replaced(() => nginxPage(504)) },
  answer: { isGiven: true, meet: (_, __, given) => givenAnswer(given) },
  'replace-answer': {
    isGiven: true,
    meet: (call, _, given) => replaced(() => givenAnswer(given))(call),
  },
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof table;

/** Every fault that a switch can name. A new fault is a new entry. */
export const faults: Readonly<Record<FaultName, Fault>> = table;

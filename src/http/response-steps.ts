import type { ExecutionResult } from 'graphql';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import type { MaskError } from './error-masking.ts';
import type { Site } from './guards/guard.ts';
import type { IncomingRequest } from './incoming-request.ts';
import type { OperationRun } from './operation-run.ts';
import { hasNoContent, inTurn, type Reply } from './reply.ts';
import { withBadRequestStatus } from './steps/bad-request-status.ts';
import { type CorsRules, corsHeaders, publicCorsHeaders } from './steps/cors.ts';
import { withMaskedErrors, withoutRepeats, withoutSuggestions } from './steps/errors.ts';
import { withAsOf, withCost, withTrace, withWarnings } from './steps/extensions.ts';
import { withScrubbedMessages } from './steps/scrubbed-messages.ts';
import { securityHeaders, transportSecurity } from './steps/security-headers.ts';

/** What response steps decide by, besides the request. */
export interface StepServices extends Site {
  readonly cors: CorsRules;
  readonly introspection: boolean;
  readonly redactor: Redactor;
  readonly maskError: MaskError;
}

/** Changes the result of an operation before it is sent. */
export interface ResultStep {
  readonly name: string;
  /** @param run `undefined` for a document that was rejected before execution. */
  readonly apply: (
    result: ExecutionResult,
    request: IncomingRequest,
    run: OperationRun | undefined,
    services: StepServices,
  ) => ExecutionResult;
}

/** All steps of results in their order, whatever executed the operation. */
export const resultSteps: readonly ResultStep[] = [
  { name: 'warnings', apply: (result, _, run) => (run ? withWarnings(result, run.context) : result) },
  { name: 'trace', apply: (result, _, run) => (run ? withTrace(result, run.context) : result) },
  { name: 'cost', apply: (result, request, run) => (run ? withCost(result, request, run) : result) },
  { name: 'time of cached data', apply: (result, _, run) => (run ? withAsOf(result, run.context) : result) },
  { name: 'no repeats', apply: (result, _, run) => (run ? withoutRepeats(result, run.context) : result) },
  {
    name: 'masked errors',
    apply: (result, request, _, { maskError }) =>
      withMaskedErrors(result, (error) => maskError(error, request)),
  },
  {
    name: 'no suggestions',
    apply: (result, _, __, { introspection }) => (introspection ? result : withoutSuggestions(result)),
  },
  {
    name: 'scrubbed messages',
    apply: (result, _, __, { redactor }) => withScrubbedMessages(result, redactor),
  },
  { name: 'status of bad requests', apply: withBadRequestStatus },
];

export const applyResultSteps = (
  result: ExecutionResult,
  request: IncomingRequest,
  run: OperationRun | undefined,
  services: StepServices,
): ExecutionResult => {
  let changed = result;
  for (const { apply } of resultSteps) changed = apply(changed, request, run, services);
  return changed;
};

/** Adds headers to a response. */
export interface HeaderStep {
  readonly name: string;
  /** Returns names and values in turn. */
  readonly headersOf: (request: IncomingRequest, reply: Reply, services: StepServices) => readonly string[];
}

const none: readonly string[] = [];
const { 'content-security-policy': policy, 'cache-control': notStored, ...otherHeaders } = securityHeaders;
const security = inTurn(otherHeaders);
const policyHeader = ['content-security-policy', policy];
const noStore = ['cache-control', notStored];
const askForChanges = ['cache-control', 'no-cache'];
const sameOrigin = ['cross-origin-resource-policy', 'same-origin'];
const varyByOrigin = ['vary', 'Origin'];

/** All steps of headers in their order. Every response has them: of all routes, also of rejected requests. */
export const headerSteps: readonly HeaderStep[] = [
  {
    name: 'CORS',
    headersOf: (request, _, { cors }) =>
      request.route === 'metadata' ? publicCorsHeaders(request) : corsHeaders(request, cors),
  },
  { name: 'request id', headersOf: ({ requestId }) => ['x-request-id', requestId] },
  { name: 'security', headersOf: () => security },
  {
    name: 'cache control',
    headersOf: (_, { pagePolicy, maxAgeSeconds }) => {
      if (maxAgeSeconds !== undefined) return ['cache-control', `public, max-age=${maxAgeSeconds}`];
      return pagePolicy === undefined ? noStore : askForChanges;
    },
  },
  {
    name: 'content security policy',
    headersOf: (_, { pagePolicy }) =>
      pagePolicy === undefined ? policyHeader : ['content-security-policy', pagePolicy],
  },
  {
    name: 'cross-origin resource policy',
    headersOf: (_, __, { corsOrigins }) => (corsOrigins.length > 0 ? none : sameOrigin),
  },
  {
    name: 'transport security',
    headersOf: (request, _, { trustedProxies }) => transportSecurity(request, trustedProxies),
  },
  {
    // Caches must not return a response to another origin.
    name: 'vary by origin',
    headersOf: (_, __, { corsOrigins }) => (corsOrigins.length > 0 ? varyByOrigin : none),
  },
];

/** Returns a response with all its headers. */
export const withHeaders = (request: IncomingRequest, reply: Reply, services: StepServices): Reply => {
  const { status, headers: own, body, parts, task } = reply;
  const bytes = Buffer.byteLength(body);
  const length = parts || hasNoContent(status) ? none : ['content-length', String(bytes)];
  const added = headerSteps.map(({ headersOf }) => headersOf(request, reply, services));
  return { status, headers: own.concat(length, ...added), body, parts, bytes, task };
};

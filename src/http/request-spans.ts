import type { OperationDefinitionNode } from 'graphql';
import type { Tracing } from '../telemetry/tracing/tracing.ts';
import { codesIn } from './audit-lines.ts';
import type { IncomingRequest } from './incoming-request.ts';
import { outcomeOf } from './operation-outcome.ts';
import type { OperationRun } from './operation-run.ts';
import type { Reply } from './reply.ts';

/** The methods of RFC 9110 and PATCH. Any other is the client's own text. */
const methods: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** The path below a prefix of a proxy is not exported. */
const routeOfSpan = ({ route }: IncomingRequest): string | undefined => {
  if (route === 'mcp') return '/mcp';
  return route === 'graphql' ? '/graphql' : undefined;
};

/** Begins the span of a request for operations, if it is sampled. */
export const beginRequestSpan = (request: IncomingRequest, tracing: Tracing): void => {
  const route = tracing.isRecording ? routeOfSpan(request) : undefined;
  if (route === undefined) return;
  const isKnown = methods.has(request.method);
  request.span = tracing.begin(request, `${isKnown ? request.method : 'HTTP'} ${route}`, {
    'http.request.method': isKnown ? request.method : '_OTHER',
    'http.route': route,
  });
};

/** Ends the span of a request with its response; `undefined` if the client disconnected before the request was complete. */
export const endRequestSpan = ({ span }: IncomingRequest, reply: Reply | undefined): void => {
  if (!span) return;
  if (!reply) {
    span.end('client_disconnected');
    return;
  }
  span.add({ 'http.response.status_code': reply.status });
  span.end(reply.status >= 500 ? String(reply.status) : undefined);
};

/** Begins the span of an operation. Only names of trusted documents are exported: others are the client's own text. */
export const beginOperationSpan = (request: IncomingRequest, operation: OperationDefinitionNode): void => {
  if (!request.span) return;
  const type = operation.operation;
  const name = request.isTrusted ? operation.name?.value : undefined;
  request.operationSpan = request.span.child(name === undefined ? type : `${type} ${name}`, 'internal', {
    'graphql.operation.type': type,
    ...(name !== undefined && { 'graphql.operation.name': name }),
  });
};

const isCode = (code: string): boolean => /^[A-Z][A-Z_]{0,60}$/.test(code);

/** Ends the span of an operation; `undefined` if the operation could not be executed. */
export const endOperationSpan = ({ operationSpan }: IncomingRequest, ran: OperationRun | undefined): void => {
  if (!operationSpan) return;
  const all = ran ? codesIn(ran.result) : ['INTERNAL_SERVER_ERROR'];
  const outcome = ran ? outcomeOf(ran.result, ran, all) : 'error';
  const codes = [...new Set(all.filter(isCode))];
  operationSpan.add({
    'recollect.outcome': outcome,
    ...(codes.length > 0 && { 'recollect.error.codes': codes }),
  });
  const isFailed = outcome === 'error' || outcome === 'refused';
  operationSpan.end(isFailed ? (codes[0] ?? 'OTHER') : undefined);
};

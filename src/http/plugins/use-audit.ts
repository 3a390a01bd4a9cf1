import { randomUUID } from 'node:crypto';
import {
  type DocumentNode,
  type ExecutionResult,
  getOperationAST,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OperationNotes, OperationSummary } from '../../audit/audit.ts';
import type { AuditEntry } from '../../audit/audit-line.ts';
import type { AuditTrail } from '../../audit/audit-trail.ts';
import type { Context, RequestOrigin } from '../../request/context.ts';
import { codeOf } from '../error-masking.ts';
import { isGraphQLPath } from '../graphql-path.ts';
import type { RequestLimits } from '../request-limits.ts';

/** What is known of a request until its line is written. */
interface Draft {
  readonly time: Date;
  readonly begin: number;
  document: string | null;
  /** The codes of an answer that no execution gave. */
  codes: readonly string[];
  isWritten: boolean;
}

const createDraft = (): Draft => ({
  time: new Date(),
  begin: performance.now(),
  document: null,
  codes: [],
  isWritten: false,
});

/** A caller that sends too many requests must not fill the disk too. */
const isBeyondLimit = (code: string, status: number): boolean => status === 429 || code === 'RATE_LIMITED';

const codesIn = (errors: unknown): string[] => (Array.isArray(errors) ? errors.map(codeOf) : []);

/** The code of an answer that was given before anything was read. */
const codeInBody = async (response: Response): Promise<string | undefined> => {
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? '')) return undefined;
  const { errors } = (await response.clone().json()) as { readonly errors?: unknown };
  const [error] = Array.isArray(errors) ? (errors as { extensions?: { code?: unknown } }[]) : [];
  return typeof error?.extensions?.code === 'string' ? error.extensions.code : undefined;
};

const about = ({ time, begin, document }: Draft, origin: Partial<RequestOrigin>) => ({
  time,
  milliseconds: performance.now() - begin,
  document,
  requestId: origin.requestId ?? randomUUID(),
  caller: origin.caller ?? null,
  address: origin.address ?? '',
});

/** What the audit trail records of an operation that was executed. */
export const carriedOut = (
  operation: OperationDefinitionNode | null | undefined,
  audit: Pick<OperationNotes, 'noted'>,
  errors: unknown,
): Pick<AuditEntry, 'type' | 'operation' | 'errors'> & { readonly noted: OperationSummary } => ({
  type: operation?.operation ?? null,
  operation: operation?.name?.value ?? null,
  noted: audit.noted(),
  errors: codesIn(errors),
});

/** Returns the code of a rejected request; `undefined` if it was not rejected. */
const refusalOf = async ({ codes }: Draft, response: Response): Promise<string | undefined> =>
  codes[0] ?? (await codeInBody(response));

/**
 * Leaves one line in the audit trail for each operation, before its answer is given out and whether or not anybody
 * still waits for it, and one for each that was rejected before it was executed. Of requests without a known caller,
 * it writes only so many a minute for each address.
 */
export const useAudit = (
  trail: Pick<AuditTrail, 'write'>,
  limits: Pick<RequestLimits, 'takeRejectedLine'>,
): Plugin<Context, RequestOrigin> => {
  const drafts = new WeakMap<Request, Draft>();
  const draftOf = (request: Request): Draft => {
    const draft = drafts.get(request) ?? createDraft();
    drafts.set(request, draft);
    return draft;
  };

  const writeOperation = (
    { request, params, audit, ...origin }: Context & { request: Request; params: { query?: string } },
    { document, operationName }: { document: DocumentNode; operationName?: string | null },
    { errors }: ExecutionResult,
  ): void => {
    const draft = draftOf(request);
    draft.isWritten = true;
    trail.write({
      ...about(draft, origin),
      document: params.query ?? print(document),
      ...carriedOut(getOperationAST(document, operationName), audit, errors),
    });
  };

  return {
    onRequest: ({ request }) => void draftOf(request),
    onParams: ({ request, params }) => {
      if (typeof params.query === 'string') draftOf(request).document = params.query;
    },
    onExecute: ({ args }) => ({
      onExecuteDone: ({ result }) => {
        // Nothing in the schema gives its answer in parts.
        if (!(Symbol.asyncIterator in result)) writeOperation(args.contextValue, args, result);
      },
    }),
    onResultProcess: ({ request, result }) => {
      if (!Array.isArray(result) && 'errors' in result) draftOf(request).codes = codesIn(result.errors);
    },
    onResponse: async ({ request, response, serverContext }) => {
      const draft = draftOf(request);
      if (draft.isWritten || !isGraphQLPath(new URL(request.url).pathname)) return;
      // What is thrown here would end the process.
      const code = await refusalOf(draft, response).catch(() => undefined);
      if (code === undefined || isBeyondLimit(code, response.status)) return;
      const { caller, address = '' } = serverContext as Partial<RequestOrigin>;
      if (!caller && typeof (await limits.takeRejectedLine(address)) === 'number') return;
      const errors = draft.codes.length > 0 ? draft.codes : [code];
      trail.write({ ...about(draft, serverContext), type: null, operation: null, errors, refused: code });
    },
  };
};

interface CodeFacts {
  /** Sentences for docs/errors.md. */
  readonly meaning: string;
  /** HTTP status, if the code always comes with a status of its own. */
  readonly status?: string;
  /** Value of `extensions.retryable`; absent if errors with this code do not have it. */
  readonly retryable?: string;
}

const facts = <Code extends string>(codes: Record<Code, CodeFacts>): Readonly<Record<Code, CodeFacts>> =>
  codes;

/** Codes of entries in `errors`. `npm run docs` writes the table in docs/errors.md. */
export const errorCodes = facts({
  BAD_USER_INPUT: {
    retryable: 'false',
    meaning:
      'An argument is invalid. `argument` names it; `operation` names the upstream call if the upstream rejected it.',
  },
  QUERY_TOO_COMPLEX: {
    retryable: 'false',
    meaning:
      'The document is too large or too deep, or needs too many upstream calls or response fields ([limits.md](limits.md)).',
  },
  UPSTREAM_UNAVAILABLE: {
    retryable: 'true; false if not configured',
    meaning:
      'No connection, a server error, too many concurrent calls, an open circuit breaker (with `retryAfter` in seconds), or an upstream that is not configured.',
  },
  UPSTREAM_TIMEOUT: {
    retryable: 'true',
    meaning: 'The upstream did not respond in time, or the deadline of the request passed.',
  },
  UPSTREAM_RATE_LIMITED: {
    retryable: 'true',
    meaning:
      'The upstream received too many requests. `retryAfter` contains seconds if the upstream sent them.',
  },
  UPSTREAM_REJECTED: {
    retryable: 'false',
    meaning: 'The upstream understood the request and rejected it.',
  },
  UPSTREAM_BAD_RESPONSE: {
    retryable: 'false',
    meaning:
      'The upstream response has an unknown form, is too large, or names another key than the one requested.',
  },
  UPSTREAM_AUTH_FAILED: {
    retryable: 'false',
    meaning: "The upstream rejected the gateway's own credentials or token.",
  },
  BAD_REQUEST: {
    status: '400, 405, 406, 415 or 431',
    meaning:
      'The HTTP request is invalid: body, target, `Host`, headers or media types ([proxies.md](proxies.md#which-requests-are-rejected)). Nothing was executed.',
  },
  GRAPHQL_PARSE_FAILED: { meaning: 'The document has a syntax error. Nothing was executed.' },
  GRAPHQL_VALIDATION_FAILED: { meaning: 'The document does not match the schema. Nothing was executed.' },
  OPERATION_RESOLUTION_FAILURE: {
    status: '400',
    meaning:
      'The document has no operation of this `operationName`, or has several and the request names none. Nothing was executed.',
  },
  REQUEST_ENTITY_TOO_LARGE: {
    status: '413',
    meaning: 'The body is larger than one megabyte. Nothing was executed.',
  },
  UNAUTHENTICATED: { status: '401', meaning: 'The request has no valid credentials.' },
  FORBIDDEN: {
    status: '403 if the whole request is rejected',
    meaning:
      'On a field: the caller lacks its scope; `scopes` lists scopes of which one is sufficient. On a request: a page of another site sent it, its tenant is unknown, its token lacks a scope of the tool that it calls, or its `Host` is not this machine while authentication is disabled.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    status: '503',
    meaning: 'The keys that verify tokens are not available. `retryAfter` contains seconds.',
  },
  RATE_LIMITED: { status: '429', meaning: 'Too many requests. `retryAfter` contains seconds.' },
  PERSISTED_DOCUMENT_REQUIRED: {
    status: '400',
    meaning: 'Only trusted documents are executed, and the request sent a query.',
  },
  PERSISTED_DOCUMENT_NOT_FOUND: { status: '404', meaning: 'No trusted document has this id.' },
  PERSISTED_QUERY_NOT_FOUND: {
    status: '200',
    meaning:
      'No trusted document has the hash in `extensions.persistedQuery`. Clients then send the query; the message is `PersistedQueryNotFound`.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: '200',
    meaning:
      '`extensions.persistedQuery` names a query, and the gateway has no trusted documents. Clients then send queries; the message is `PersistedQueryNotSupported`.',
  },
  INTERNAL_SERVER_ERROR: { meaning: 'An unexpected error of the gateway. `errorId` names it in the log.' },
});

export type ErrorCode = keyof typeof errorCodes;

import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Caller } from '../operation/caller.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import { isShownRequestId } from '../telemetry/redaction/request-ids.ts';
import { numbersOf, personalDigits } from '../values/text.ts';
import type { OperationSummary } from './audit.ts';

/** The name and the version of a client program, by its headers. */
export interface ClientProgram {
  readonly name: string | null;
  readonly version: string | null;
}

/** One request for an operation, executed or rejected. */
export interface AuditEntry {
  readonly time: Date;
  readonly requestId: string;
  readonly traceId: string;
  /** `null` if the request has no valid credentials. */
  readonly caller: Pick<Caller, 'id' | 'tenant'> | null;
  /** The IP address of the client. */
  readonly address: string;
  /** The program that sent the request, as it names itself. */
  readonly client: ClientProgram | null;
  /** How the operation was requested, unless as GraphQL. */
  readonly via?: 'mcp' | undefined;
  readonly type: 'query' | 'mutation' | 'subscription' | null;
  /** The operation name in its document. */
  readonly operation: string | null;
  /** Its whole text; `null` if the request was rejected before the text was read. */
  readonly document: string | null;
  /** The source of the document if it was parsed; it is kept with a document that is executed again. */
  readonly source?: { readonly body: string } | undefined;
  readonly noted?: OperationSummary;
  /** The codes of its errors. */
  readonly errors: readonly string[];
  readonly milliseconds: number;
  /** The reason for which it was not executed. */
  readonly refused?: string;
}

/** The maximum number of listed items by kind; all are counted. */
const most = { records: 500, others: 100 } as const;

/**
 * Returns the name of a caller, which the trail must contain, even if it is an e-mail address or has many digits.
 *
 * A plain number is redacted: it could belong to anybody.
 */
const callerText = (name: string, { text, withoutSecrets }: Redactor): string =>
  /^(?!\d{9,19}$)(?!\d{3}-\d\d-\d{4}$)(?!eyJ)[\w.@+|:-]{1,200}$/.test(name)
    ? withoutSecrets(name)
    : text(name);

/** Shown texts that clients choose. Most of them repeat: they are checked once. */
const mostShownNames = 1000;

/** Creates a function that returns a text that a client chose if it has a form and nothing of it is redacted. */
const createChosenText = (form: RegExp) => {
  const shownTexts = new WeakMap<Redactor, Set<string>>();
  return (chosen: string | null | undefined, redactor: Redactor): string | null => {
    if (chosen === null || chosen === undefined) return null;
    const shown = shownTexts.get(redactor) ?? new Set();
    if (shown.has(chosen)) return chosen;
    if (!form.test(chosen) || redactor.text(chosen) !== chosen) return null;
    if (shown.size < mostShownNames) shownTexts.set(redactor, shown.add(chosen));
    return chosen;
  };
};

const operationName = createChosenText(/^[A-Za-z_]\w{0,59}$/);
const clientName = createChosenText(/^[A-Za-z][\w ./+-]{0,59}$/);
const clientVersion = createChosenText(/^[A-Za-z\d][\w.+-]{0,39}$/);

const isTraceId = /^[\da-f]{32}$/;

/** A date of birth or an account at a bank has fewer digits than `personalDigits`, and is found by trial too. */
const guessableNumbers = numbersOf(6);

/** A security code: the schema accepts none in a document, but a rejected document may contain one. */
const securityCodes =
  /((?:securityCode|cv[vc]2?|threedigitnumber)!?[\s,]*[:=][\s,]*)(?:"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|\d[\w.]*)/gi;

/**
 * Returns a digest that identifies a document. Numbers and security codes are removed first: they could be recovered by
 * trying all values.
 */
const digestOf = (document: string, isRejected: boolean): string => {
  const withoutCodes = isRejected ? document.replace(securityCodes, '$1…') : document;
  return hash('sha256', withoutCodes.replace(guessableNumbers, '…'), 'hex');
};

/** The digests of executed documents, as long as their sources exist. */
const knownDigests = new WeakMap<object, string>();

const documentText = ({ document, source, noted }: AuditEntry): string | null => {
  if (document === null) return null;
  if (noted === undefined || source?.body !== document) return digestOf(document, noted === undefined);
  const known = knownDigests.get(source);
  if (known !== undefined) return known;
  const digest = digestOf(document, false);
  knownDigests.set(source, digest);
  return digest;
};

/** Names of schema fields are not personal. */
const ownName = /^[A-Z][A-Za-z]{1,40}\.[a-z][A-Za-z]{1,40}$/;

const counted = (codes: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const code of codes) {
    const name = /^[A-Z][A-Z_]{0,60}$/.test(code) ? code : 'OTHER';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

/** Whether a key has the usual form, which needs no redaction. One line may contain 500 of them. */
const isPlainRecord = (record: string): boolean =>
  /^[A-Z][a-z]+:[A-Z\d.-]{1,15}$/.test(record) && record.replace(/\D/g, '').length < personalDigits;

const recordText =
  ({ text, withoutSecrets }: Redactor) =>
  (record: string): string =>
    isPlainRecord(record) ? withoutSecrets(record) : text(record);

const first = (set: ReadonlySet<string>, count: number, text: (one: string) => string): string[] => [
  ...new Set([...set].slice(0, count).map(text)),
];

const summaryOf = (noted: OperationSummary, redactor: Redactor) => ({
  records: first(noted.records, most.records, recordText(redactor)),
  recordCount: noted.records.size,
  searches: noted.searches.slice(0, most.others),
  searchCount: noted.searches.length,
  shown: first(noted.shown, most.others, (name) => (ownName.test(name) ? name : redactor.text(name))),
  writes: noted.writes.length === 0 ? [] : redactor.value(noted.writes),
  upstreamCalls: noted.upstreamCalls,
});

/** Returns an entry as one line of JSON. Every text without a checked form is redacted. */
export const auditLine = (entry: AuditEntry, redactor: Redactor): string => {
  const { time, requestId, traceId, caller, address, client, type, noted, errors, milliseconds, refused } =
    entry;
  const seen = noted && summaryOf(noted, redactor);
  // JSON omits undefined values. Spreading objects would take longer than the rest of this function.
  return JSON.stringify({
    audit: true,
    time: time.toISOString(),
    requestId: isShownRequestId(requestId, redactor) ? requestId : redactor.text(requestId),
    traceId: isTraceId.test(traceId) ? traceId : null,
    caller: caller && callerText(caller.id, redactor),
    tenant: caller?.tenant ? callerText(caller.tenant, redactor) : null,
    address: isIP(address) ? address : null,
    client: clientName(client?.name, redactor),
    clientVersion: clientVersion(client?.version, redactor),
    via: entry.via,
    type,
    operation: operationName(entry.operation, redactor),
    document: documentText(entry),
    refused: refused === undefined ? undefined : redactor.text(refused),
    records: seen?.records,
    recordCount: seen?.recordCount,
    searches: seen?.searches,
    searchCount: seen?.searchCount,
    shown: seen?.shown,
    writes: seen?.writes,
    upstreamCalls: seen?.upstreamCalls,
    errors: counted(errors),
    milliseconds: Math.round(milliseconds),
  });
};

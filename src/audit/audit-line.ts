import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Caller } from '../operation/caller.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import { numbersOf, personalDigits } from '../values/text.ts';
import type { OperationSummary } from './audit.ts';

/** One request for an operation, executed or rejected. */
export interface AuditEntry {
  readonly time: Date;
  readonly requestId: string;
  /** `null` if the request has no valid credentials. */
  readonly caller: Pick<Caller, 'id' | 'tenant'> | null;
  /** The IP address of the client. */
  readonly address: string;
  readonly type: 'query' | 'mutation' | 'subscription' | null;
  /** The operation name in its document. */
  readonly operation: string | null;
  /** Its whole text; `null` if the request was rejected before the text was read. */
  readonly document: string | null;
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

/** The form of request ids of the gateway. */
const isUuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** Whether an operation name, which a client chooses, can be shown. */
const isShown = (name: string, { text }: Redactor): boolean =>
  /^[A-Za-z_]\w{0,59}$/.test(name) && text(name) === name;

/** Most operations repeat: their names are checked once. */
const shownNames = new WeakMap<Redactor, Set<string>>();
const mostShownNames = 1000;

const operationName = (name: string | null, redactor: Redactor): string | null => {
  if (name === null) return null;
  const shown = shownNames.get(redactor) ?? new Set();
  if (shown.has(name)) return name;
  if (!isShown(name, redactor)) return null;
  if (shown.size < mostShownNames) shownNames.set(redactor, shown.add(name));
  return name;
};

const personalNumbers = numbersOf(personalDigits);

/**
 * Returns a digest that identifies a document. Numbers are removed first: they could be recovered by trying all values.
 */
const digestOf = (document: string): string => hash('sha256', document.replace(personalNumbers, '…'), 'hex');

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
  const { time, requestId, caller, address, type, document, noted, errors, milliseconds, refused } = entry;
  const seen = noted && summaryOf(noted, redactor);
  // JSON omits undefined values. Spreading objects would take longer than the rest of this function.
  return JSON.stringify({
    audit: true,
    time: time.toISOString(),
    requestId: isUuid.test(requestId) ? requestId : redactor.text(requestId),
    caller: caller && callerText(caller.id, redactor),
    tenant: caller?.tenant ? callerText(caller.tenant, redactor) : null,
    address: isIP(address) ? address : null,
    type,
    operation: operationName(entry.operation, redactor),
    document: document === null ? null : digestOf(document),
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

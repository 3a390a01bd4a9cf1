import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Caller } from '../operation/caller.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import { numbersOf, personalDigits } from '../values/text.ts';
import type { OperationSummary } from './audit.ts';

/** One request for an operation, carried out or refused. */
export interface AuditEntry {
  readonly time: Date;
  readonly requestId: string;
  /** `null` where it is not known who asked. */
  readonly caller: Pick<Caller, 'id' | 'tenant'> | null;
  /** The client's, of IP. */
  readonly address: string;
  readonly type: 'query' | 'mutation' | 'subscription' | null;
  /** The name that its document gives it. */
  readonly operation: string | null;
  /** Its whole text; `null` where the request was refused before it was read. */
  readonly document: string | null;
  readonly noted?: OperationSummary;
  /** The codes of its errors. */
  readonly errors: readonly string[];
  readonly milliseconds: number;
  /** Why it was not carried out at all. */
  readonly refused?: string;
}

/** How many of a kind are named; they are all counted. */
const most = { records: 500, others: 100 } as const;

/**
 * Who asks is what the trail is for: the name that a token gives may be an e-mail address, or have many digits in it.
 * Not a number alone, which could be anybody's.
 */
const callerText = (name: string, { text, withoutSecrets }: Redactor): string =>
  /^(?!\d{9,19}$)(?!\d{3}-\d\d-\d{4}$)(?!eyJ)[\w.@+|:-]{1,200}$/.test(name)
    ? withoutSecrets(name)
    : text(name);

/** As the gateway names its requests. */
const isUuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** A name of an operation is its writer's to choose. */
const isShown = (name: string, { text }: Redactor): boolean =>
  /^[A-Za-z_]\w{0,59}$/.test(name) && text(name) === name;

/** Most operations come again and again: their names need not be gone through each time. */
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
 * Tells documents apart. A number in one could be found by trying all that there are, were it not taken out before.
 */
const digestOf = (document: string): string => hash('sha256', document.replace(personalNumbers, '…'), 'hex');

/** What the schema calls its parts is nobody's. */
const ownName = /^[A-Z][A-Za-z]{1,40}\.[a-z][A-Za-z]{1,40}$/;

const counted = (codes: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const code of codes) {
    const name = /^[A-Z][A-Z_]{0,60}$/.test(code) ? code : 'OTHER';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

/** What most keys look like; five hundred of them have to be written at once. */
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

/** Writes an entry as one line of JSON. Whatever is not of a form that was checked goes through the redactor. */
export const auditLine = (entry: AuditEntry, redactor: Redactor): string => {
  const { time, requestId, caller, address, type, document, noted, errors, milliseconds, refused } = entry;
  const seen = noted && summaryOf(noted, redactor);
  // What is undefined is left out of JSON. Objects that are put together of others take longer than all else here.
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

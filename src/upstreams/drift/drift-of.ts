import { isFillerValue } from '../../values/filler-value.ts';
import { asWritten, toText } from '../../values/text.ts';
import type { Column } from '../endpoint/column.ts';
import type { Drift, DriftKind, ResponseExaminer } from '../endpoint/drift.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { isRecord, type Row } from '../endpoint/row.ts';
import { type HttpReply, judged, type Verdict } from '../endpoint/verdict.ts';
import type { UpstreamSystem } from '../errors.ts';
import { judgeRecoveryConnect } from '../recoveryconnect/envelope.ts';
import { recoveryConnectOperations } from '../recoveryconnect/operations.ts';
import { judgeScollect } from '../scollect/envelope.ts';
import { scollectOperations } from '../scollect/operations.ts';
import { documentedKeys, optionalMark, pathSeparator, visitEnvelope } from './documented-keys.ts';
import { payloadPath } from './payload-path.ts';
import { type RowColumns, rowColumns } from './row-columns.ts';
import { maskedKey, sampleOf, shapeOf } from './shape.ts';

type Parse = (wire: unknown) => unknown;

/** A column that every documented row has, with the path of its first key. */
interface RequiredColumn {
  readonly column: Column<unknown>;
  readonly at: string;
  /** The key of the nested row that has the key, if it is not in the row itself. */
  readonly container: string | undefined;
}

/** The expected rows of one operation, prepared for comparison. */
interface Expectation {
  readonly at: readonly string[] | null;
  readonly envelope: ReadonlySet<string>;
  /** Paths outside the payload that are not examined. */
  readonly optional: ReadonlySet<string>;
  readonly rows: ReadonlySet<string>;
  /** By the path of a key. */
  readonly parsers: ReadonlyMap<string, readonly Parse[]>;
  /** By the path of the row, with a separator at its end. */
  readonly required: ReadonlyMap<string, readonly RequiredColumn[]>;
}

const pathOf = (prefix: string, key: string | readonly string[]): string =>
  prefix + (typeof key === 'string' ? key : key.join(pathSeparator));

/** Parsers that return a text as it is: they read anything where another column expects a form. */
const textParsers: ReadonlySet<Parse> = new Set<Parse>([toText, asWritten]);

const withoutFallbacks = (parsers: readonly Parse[]): readonly Parse[] => {
  const strict = parsers.filter((parse) => !textParsers.has(parse));
  return strict.length > 0 ? strict : parsers;
};

const prepareRow = (
  { columns, nested = {} }: RowColumns,
  prefix: string,
  isAlways: (path: string) => boolean,
  parsers: Map<string, Parse[]>,
  required: Map<string, readonly RequiredColumn[]>,
): void => {
  for (const { keys, parse } of columns) {
    for (const key of keys) {
      const path = pathOf(prefix, key);
      parsers.set(path, [...(parsers.get(path) ?? []), parse]);
    }
  }
  required.set(
    prefix,
    columns.flatMap((column) => {
      const always = column.keys.find((key) => isAlways(pathOf(prefix, key)));
      if (always === undefined) return [];
      const container = typeof always === 'string' ? undefined : always[0];
      return [{ column, at: pathOf(prefix, always), container }];
    }),
  );
  for (const [key, row] of Object.entries(nested)) {
    prepareRow(row, pathOf(prefix, key) + pathSeparator, isAlways, parsers, required);
  }
};

/** The envelopes of one system differ by operation, but any of its keys may be in each. */
const envelopesOf = (operations: readonly string[]): Set<string> =>
  new Set(operations.flatMap((operation) => documentedKeys[operation]?.envelope ?? []));

/** The operations whose rows are of one kind: each may have the keys that are documented for another one. */
const operationsWith = (system: UpstreamSystem, columns: RowColumns | undefined): string[] =>
  columns === undefined
    ? []
    : Object.keys(rowColumns[system]).filter((operation) => rowColumns[system][operation] === columns);

const pageKeys =
  'current_page first_page_url from last_page last_page_url links next_page_url path per_page prev_page_url to total';

/** Parts of any envelope of RecoveryConnect, which are documented for lists without an example. */
export const optionalParts: Readonly<Record<UpstreamSystem, ReadonlySet<string>>> = {
  SCOLLECT: new Set(),
  RECOVERY_CONNECT: new Set([...pageKeys.split(' '), 'meta', 'status', 'warnings']),
};

const prepare = (
  system: UpstreamSystem,
  operation: string,
  envelope: ReadonlySet<string>,
): Expectation | undefined => {
  const documented = documentedKeys[operation];
  if (!documented) return undefined;
  const always = new Set(documented.rows.filter((path) => !path.endsWith(optionalMark)));
  const parsers = new Map<string, Parse[]>();
  const required = new Map<string, readonly RequiredColumn[]>();
  const columns = rowColumns[system][operation];
  if (columns) prepareRow(columns, '', (path) => always.has(path), parsers, required);
  return {
    at: documented.at,
    envelope,
    optional: optionalParts[system],
    rows: new Set(
      [operation, ...operationsWith(system, columns)].flatMap((one) =>
        (documentedKeys[one]?.rows ?? []).map((path) => path.replace(optionalMark, '')),
      ),
    ),
    parsers: new Map([...parsers].map(([path, all]) => [path, withoutFallbacks(all)])),
    required,
  };
};

const maskedPath = (path: string): string => path.split(pathSeparator).map(maskedKey).join(pathSeparator);

/** The deviations of one response that are reported for each kind. */
const mostFindings = 50;

/** Collects deviations, each path once for each kind. */
class Findings {
  readonly #paths = new Map<DriftKind, Set<string>>();
  readonly #found: Drift[] = [];

  /** @param shape describes the value. */
  add(kind: DriftKind, path: string, shape: () => string): void {
    const paths = this.#paths.get(kind) ?? new Set<string>();
    if (paths.size >= mostFindings || paths.has(path)) return;
    this.#paths.set(kind, paths.add(path));
    this.#found.push({ kind, at: maskedPath(path), shape: shape() });
  }

  list(): readonly Drift[] {
    return this.#found;
  }
}

const isUnreadable = (value: unknown, parsers: readonly Parse[]): boolean =>
  parsers.every((parse) => parse(value) === null) && !isFillerValue(value);

/** Compares one row with the documented ones. */
const examineRow = (row: Row, prefix: string, expected: Expectation, findings: Findings): void => {
  for (const key of Object.keys(row)) {
    const path = prefix + key;
    const value = row[key];
    const parsers = expected.parsers.get(path);
    if (parsers ? isUnreadable(value, parsers) : !expected.rows.has(path)) {
      findings.add(parsers ? 'unexpected_value' : 'unknown_key', path, () => shapeOf(value));
    } else if (typeof value === 'object' && value !== null) {
      examineNested(value, path + pathSeparator, expected, findings);
    }
  }
  for (const { column, at, container } of expected.required.get(prefix) ?? []) {
    const isExpected = container === undefined || isRecord(row[container]);
    if (isExpected && !column.isIn(row)) findings.add('missing_key', at, () => 'missing');
  }
};

const examineNested = (value: object, prefix: string, expected: Expectation, findings: Findings): void => {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const item of items) if (isRecord(item)) examineRow(item, prefix, expected, findings);
};

const examineEnvelope = (
  json: unknown,
  at: readonly string[] | null,
  expected: Expectation,
  findings: Findings,
): void => {
  visitEnvelope(json, at, (path, value) => {
    if (expected.optional.has(path)) return false;
    const isKnown = expected.envelope.has(path);
    if (!isKnown) findings.add('envelope', path, () => shapeOf(value));
    return isKnown;
  });
  const isMoved = at !== null && expected.at !== null && at.join() !== expected.at.join();
  if (isMoved) findings.add('envelope', at.join(pathSeparator), () => 'rows');
};

/** The keys of one response that are compared: about a millisecond. */
const mostKeys = 2000;

/** Returns rows at even distances, with about `mostKeys` keys in all. */
const samplesOf = (rows: readonly unknown[]): readonly unknown[] => {
  const keys = isRecord(rows[0]) ? Math.max(1, Object.keys(rows[0]).length) : 1;
  const most = Math.max(1, Math.floor(mostKeys / keys));
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, index) => rows[Math.floor((index * rows.length) / most)]);
};

const expectationsOf = (system: UpstreamSystem, operations: object): Map<string, Expectation> => {
  const names = Object.keys(operations);
  const envelope = envelopesOf(names);
  return new Map(
    names.flatMap((operation) => {
      const expected = prepare(system, operation, envelope);
      return expected ? [[operation, expected] as const] : [];
    }),
  );
};

/** By operation; the names of both systems differ. */
let prepared: ReadonlyMap<string, Expectation> | undefined;

const expectationOf = ({ operation }: Endpoint): Expectation | undefined => {
  prepared ??= new Map([
    ...expectationsOf('SCOLLECT', scollectOperations),
    ...expectationsOf('RECOVERY_CONNECT', recoveryConnectOperations),
  ]);
  return prepared.get(operation);
};

/** Whether a success has an envelope that is not recognised. */
const isUnrecognised = ({ status }: HttpReply, verdict: Verdict): boolean =>
  status >= 200 && status < 300 && 'reason' in verdict && verdict.reason === 'unreadable';

const examineRows = (
  rows: readonly unknown[],
  expected: Expectation,
  findings: Findings,
): readonly Drift[] => {
  for (const row of rows) if (isRecord(row)) examineRow(row, '', expected, findings);
  return findings.list();
};

const compare = (
  endpoint: Endpoint,
  reply: HttpReply,
  verdict: Verdict,
  choose: (rows: readonly unknown[]) => readonly unknown[],
): readonly Drift[] => {
  if (isUnrecognised(reply, verdict)) return [{ kind: 'envelope', at: '', shape: sampleOf(reply) }];
  const expected = expectationOf(endpoint);
  if (verdict.kind !== 'ok' || !expected) return [];
  const findings = new Findings();
  const { payload } = verdict;
  const at = payloadPath(reply.json, payload);
  // A payload that was created from the body has no path.
  if (at !== null || expected.at === null) examineEnvelope(reply.json, at, expected, findings);
  if (expected.at === null) return findings.list();
  return examineRows(choose(Array.isArray(payload) ? payload : [payload]), expected, findings);
};

/** Compares samples of the rows of responses with the documented ones. */
export const examiner: ResponseExaminer = {
  driftOf: (endpoint, reply, verdict) => compare(endpoint, reply, verdict, samplesOf),
  driftOfRows: (endpoint, rows) => {
    const expected = expectationOf(endpoint);
    return expected ? examineRows(samplesOf(rows), expected, new Findings()) : [];
  },
  sampleOf,
};

const judges = { SCOLLECT: judgeScollect, RECOVERY_CONNECT: judgeRecoveryConnect };

/** Returns all deviations of a response and all of its rows from the documented ones. */
export const driftOf = (endpoint: Endpoint, reply: HttpReply): readonly Drift[] =>
  compare(endpoint, reply, judged(judges[endpoint.system], endpoint, reply).verdict, (rows) => rows);

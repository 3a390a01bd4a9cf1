import { z } from 'zod';
import { toText } from '../../values/text.ts';
import type { UpstreamOperation, UpstreamSystem } from '../errors.ts';
import type { Caching } from './caching.ts';
import type { Columns } from './column.ts';
import { type Guard, guardOf } from './guard.ts';
import { type LeftOut, withLeftOut } from './left-out.ts';
import type { ResponseKey } from './response-keys.ts';
import { isRecord, type Row } from './row.ts';

/**
 * The meaning of a response without content: an empty list, a missing object, a declined write, or a write whose
 * outcome is unknown.
 */
export type Nothing = 'NO_ROWS' | 'NOT_FOUND' | 'REFUSED' | 'UNKNOWN';

type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** One upstream operation, as data. */
export interface Endpoint<
  Path extends string = string,
  QueryKey extends string = string,
  Request = unknown,
  Reply = unknown,
  Meaning extends Nothing = Nothing,
> extends UpstreamOperation {
  /** The path template with its version; parameters are in braces. */
  readonly path: Path;
  /** A write is never sent twice, unless it was certainly not executed. */
  readonly effect: 'read' | 'write';
  /** The query parameters of the operation. */
  readonly query: readonly QueryKey[];
  /** The documented request body; `z.undefined()` if there is none. */
  readonly request: z.ZodType<Request, Request>;
  /** The payload in the envelope: the required values of a row only. */
  readonly reply: z.ZodType<Reply>;
  readonly nothing: Meaning;
  /**
   * Whether a write must not be executed twice: a payment, or a message to a debtor. Its outcome is unknown unless the
   * response proves that it was declined.
   */
  readonly isOnce?: boolean;
  /** Whether its response is the result of a charge. */
  readonly isCharge?: boolean;
  /** The values of its rows that repeat a key of the request: a row is valid for its own key only. */
  readonly answersFor?: readonly ResponseKey<ParameterOf<Path> | QueryKey | (keyof Request & string)>[];
  /** Whether its responses may be large. All others are limited to a fraction of the maximum. */
  readonly isLarge?: boolean;
  /**
   * Of a read of one thing by its key: the parts of the key, and the path parameter or the key of the body that each of
   * them is. Empty for a read that has one response.
   */
  readonly key?: object;
  /** Of a read by its key: the columns that every row has, for the doctor. */
  readonly columns?: () => Columns;
  /** Further parts, each of which may be missing: they limit the response to a part of it. */
  readonly filter?: object;
  /** Of a read: whether its responses may be cached (`CACHE`), and otherwise why not. */
  readonly caching?: Caching;
}

/** The names of request values, by the name of the part of a key that each of them is. */
type KeyNames = Readonly<Record<string, string>>;

/** The input of a call: path parameters, query parameters and body. */
export type CallInput<E extends Endpoint = Endpoint> = {
  readonly params: Readonly<Record<ParameterOf<E['path']>, string>>;
  readonly query?: Readonly<Partial<Record<E['query'][number], string>>>;
} & (undefined extends z.input<E['request']>
  ? { readonly body?: undefined }
  : { readonly body: z.input<E['request']> });

/** The reply of a call; `null` if a requested object is missing. */
export type ReplyOf<E extends Endpoint> =
  | z.output<E['reply']>
  | (E['nothing'] extends 'NOT_FOUND' ? null : never);

type Definition<P extends string, Q extends string, B, R, N extends Nothing, K, F> = Omit<
  Endpoint<P, Q, B, R, N>,
  'system' | 'effect' | 'query' | 'request' | 'answersFor' | 'key' | 'filter' | 'caching'
> & {
  readonly key?: K;
  readonly filter?: F;
  readonly query?: readonly Q[];
  readonly request?: z.ZodType<B, B>;
  readonly answersFor?: readonly ResponseKey<ParameterOf<P> | NoInfer<Q> | (keyof NoInfer<B> & string)>[];
};

type Define<System extends UpstreamSystem, Effect extends 'read' | 'write'> = <
  const P extends string,
  R,
  const Q extends string = never,
  const B = undefined,
  const N extends Effect extends 'read' ? 'NO_ROWS' | 'NOT_FOUND' : 'REFUSED' | 'UNKNOWN' = never,
  const K extends KeyNames = never,
  const F extends KeyNames = never,
>(
  definition: Definition<P, Q, B, R, N, K, F> &
    (Effect extends 'read' ? Required<Pick<Endpoint, 'caching'>> : object),
) => Endpoint<P, Q, B, R, N> & { readonly system: System; readonly effect: Effect } & Given<'key', K> &
  Given<'filter', F>;

/** A property that is there if its type was given. */
type Given<Name extends string, Type> = [Type] extends [never] ? object : Readonly<Record<Name, Type>>;

const define =
  <System extends UpstreamSystem, Effect extends 'read' | 'write'>(
    system: System,
    effect: Effect,
  ): Define<System, Effect> =>
  ({ query = [], request, ...definition }) => {
    const endpoint = {
      ...definition,
      system,
      effect,
      query,
      // Without a documented body the only valid one is none: B is undefined, which TypeScript cannot infer here.
      request: request ?? (z.undefined() as z.ZodType as typeof request & object),
    };
    // Whether `key` and `filter` were given is in the type of the definition, which TypeScript cannot infer here.
    return endpoint as never;
  };

export const scollectRead = define('SCOLLECT', 'read');
export const scollectWrite = define('SCOLLECT', 'write');
export const recoveryConnectRead = define('RECOVERY_CONNECT', 'read');
export const recoveryConnectWrite = define('RECOVERY_CONNECT', 'write');

/** A token that is valid in a header. */
export const headerToken = z.string().regex(/^[\x21-\x7e]{1,16000}$/);

/** An identifier, which is a number in one response and a text in another. */
export const identifier = z.union([z.string(), z.number()]);

type RowOf<Outline extends z.ZodRawShape> = Row & z.output<z.ZodObject<Outline>>;

/** Whether a value can identify a row: a number, or a text that is not blank. */
const isGiven = (value: unknown): boolean => toText(value) !== null;

const isRow = <Outline extends z.ZodRawShape>(outline: Outline, isAccepted: Guard = () => true) => {
  const keys = Object.entries(outline).map(([key, schema]) => [key, guardOf(schema)] as const);
  return (value: unknown): value is RowOf<Outline> =>
    isRecord(value) && keys.every(([key, accepts]) => accepts(value[key]) && isAccepted(value[key]));
};

/** Keys by which an object among rows reports a failure. No row of a documented list has one. */
const failureKey = /error|exception|traceback|^(?:msg|message|task_id)$/i;

const reportsFailure = (row: Row): boolean => Object.keys(row).some((key) => failureKey.test(key));

/**
 * Returns the identified rows, and records the others as left out (`leftOutOf`).
 *
 * @returns `null` if the payload is no such list: no row is identified, or an item is no row, or reports a failure.
 */
const identifiedIn = <R extends Row>(
  payload: readonly unknown[],
  isIdentified: (value: unknown) => value is R,
): readonly R[] | null => {
  const identified: R[] = [];
  const leftOut: LeftOut[] = [];
  for (const row of payload) {
    if (isIdentified(row)) identified.push(row);
    else if (isRecord(row) && !reportsFailure(row)) leftOut.push({ at: identified.length, row });
    else return null;
  }
  return identified.length === 0 ? null : withLeftOut(identified, leftOut);
};

const listOf = <R extends Row>(isIdentified: (value: unknown) => value is R) => {
  const shortened = new WeakMap<readonly unknown[], readonly R[]>();
  return z
    .custom<readonly R[]>((payload) => {
      if (!Array.isArray(payload)) return false;
      if (payload.every(isIdentified)) return true;
      const list = identifiedIn(payload, isIdentified);
      if (list) shortened.set(payload, list);
      return list !== null;
    })
    .overwrite((payload) => shortened.get(payload) ?? payload);
};

/**
 * A list of rows that have each of these values, none of them blank. The rows are passed on without copying.
 *
 * Rows without one of the values are left out (`leftOutOf`). A list is invalid if no row has all values, or if it
 * contains anything but rows.
 */
export const rows = <Outline extends z.ZodRawShape>(outline: Outline) => listOf(isRow(outline, isGiven));

/** Whether a value is present and of a readable type, even if blank. */
const isReadable = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'number';

/**
 * A list of rows that are useful without an identifier: any of these keys is enough, even with a blank value.
 *
 * @param usual the key of most rows. The other keys are checked only in rows without it.
 */
export const rowsWithAny = (usual: string, ...others: readonly string[]) =>
  listOf(
    (value): value is Row =>
      isRecord(value) &&
      (isReadable(value[usual]) || (others.some((key) => isReadable(value[key])) && !reportsFailure(value))),
  );

/** A list of rows that all have each of these values, for writes: a row that lacks one proves nothing. */
export const completeRows = <Outline extends z.ZodRawShape>(outline: Outline) => {
  const fits = isRow(outline);
  return z.custom<readonly RowOf<Outline>[]>((payload) => Array.isArray(payload) && payload.every(fits));
};

const first = (payload: unknown): unknown => (Array.isArray(payload) ? payload[0] : payload);

/** One row with at least these keys, bare or as the first of a list. */
export const row = <Outline extends z.ZodRawShape>(outline: Outline) => {
  const fits = isRow(outline);
  // With a preprocess or a transform, parsed values move to the old generation until the schema is compiled.
  return z
    .custom<RowOf<Outline>>((payload) => fits(first(payload)))
    .overwrite((payload) => first(payload) as RowOf<Outline>);
};

const templates = new Map<string, readonly string[]>();

/** Returns the texts of a template alternating with the names of its parameters. */
const partsOf = (template: string): readonly string[] => {
  const known = templates.get(template);
  if (known) return known;
  const parts = template.split(/\{(\w+)\}/);
  templates.set(template, parts);
  return parts;
};

const segmentOf = (name: string, value = ''): string => {
  const segment = encodeURIComponent(value);
  if (segment === '' || segment === '.' || segment === '..') {
    throw new RangeError(`${name}: expected a path segment.`);
  }
  return segment;
};

/**
 * Fills a path template; each value becomes exactly one path segment.
 *
 * @throws {RangeError} if a value is no path segment: an empty text, or dots, which lead to another path in any
 *   encoding.
 */
export const fillPath = (template: string, params: Readonly<Record<string, string>>): string => {
  const parts = partsOf(template);
  let path = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index] ?? '';
    path += segmentOf(name, params[name]) + (parts[index + 1] ?? '');
  }
  return path;
};

import { z } from 'zod';
import { toText } from '../../values/text.ts';
import type { UpstreamOperation, UpstreamSystem } from '../errors.ts';
import { type Guard, guardOf } from './guard.ts';
import { type LeftOut, withLeftOut } from './left-out.ts';
import type { ResponseKey } from './response-keys.ts';
import { isRecord, type Row } from './row.ts';

/**
 * What an answer without content means: an empty list, a thing that is not there, a write that was declined, or a
 * write of which it leaves open whether it was carried out.
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
  /** The path template with its version; parameters stand in braces. */
  readonly path: Path;
  /** A write is never sent twice, unless it is certain that it was not carried out. */
  readonly effect: 'read' | 'write';
  /** The query parameters that the operation knows. */
  readonly query: readonly QueryKey[];
  /** The documented request body; `z.undefined()` where there is none. */
  readonly request: z.ZodType<Request, Request>;
  /** What the envelope must hold: the outline of a row, never each of its values. */
  readonly reply: z.ZodType<Reply>;
  readonly nothing: Meaning;
  /**
   * Whether a write must not be executed twice: a payment, or a message to a debtor. An answer that does not prove that
   * it was declined leaves its outcome unknown.
   */
  readonly isOnce?: boolean;
  /** Whether its answer is the result of a charge. */
  readonly isCharge?: boolean;
  /** Which values of its rows repeat a key of the request: a row only answers for its own key. */
  readonly answersFor?: readonly ResponseKey<ParameterOf<Path> | QueryKey | (keyof Request & string)>[];
  /** Whether its answers may be large: those of all others are a fraction of the limit. */
  readonly isLarge?: boolean;
}

/** What a call fills in: path parameters, query parameters and body. */
export type CallInput<E extends Endpoint = Endpoint> = {
  readonly params: Readonly<Record<ParameterOf<E['path']>, string>>;
  readonly query?: Readonly<Partial<Record<E['query'][number], string>>>;
} & (undefined extends z.input<E['request']>
  ? { readonly body?: undefined }
  : { readonly body: z.input<E['request']> });

/** What a call answers; `null` where a thing was looked up that is not there. */
export type ReplyOf<E extends Endpoint> =
  | z.output<E['reply']>
  | (E['nothing'] extends 'NOT_FOUND' ? null : never);

type Definition<P extends string, Q extends string, B, R, N extends Nothing> = Omit<
  Endpoint<P, Q, B, R, N>,
  'system' | 'effect' | 'query' | 'request' | 'answersFor'
> & {
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
>(
  definition: Definition<P, Q, B, R, N>,
) => Endpoint<P, Q, B, R, N> & { readonly system: System; readonly effect: Effect };

const define =
  <System extends UpstreamSystem, Effect extends 'read' | 'write'>(
    system: System,
    effect: Effect,
  ): Define<System, Effect> =>
  ({ query = [], request, ...definition }) => ({
    ...definition,
    system,
    effect,
    query,
    // Without a documented body the only valid one is none: then B is undefined, which TypeScript cannot see here.
    request: request ?? (z.undefined() as z.ZodType as typeof request & object),
  });

export const scollectRead = define('SCOLLECT', 'read');
export const scollectWrite = define('SCOLLECT', 'write');
export const recoveryConnectRead = define('RECOVERY_CONNECT', 'read');
export const recoveryConnectWrite = define('RECOVERY_CONNECT', 'write');

/** A token as it can stand in a header. */
export const headerToken = z.string().regex(/^[\x21-\x7e]{1,16000}$/);

/** An identifier: the same one comes as a number here and as a text there. */
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
 * Returns the rows that are identified, and records the others as left out (`leftOutOf`).
 *
 * @returns `null` for what is no list of such rows: if none is identified, or one is no row at all, or a failure.
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
 * A list of rows that have each of these values, none of them blank. The rows themselves are handed on, not copies.
 *
 * Rows that lack one are left out of the list (`leftOutOf`). A list without any such row, or with anything else than
 * rows in it, is none.
 */
export const rows = <Outline extends z.ZodRawShape>(outline: Outline) => listOf(isRow(outline, isGiven));

/** Whether a value is there and of a type that can be read, be it blank. */
const isReadable = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'number';

/**
 * The same for rows that are of use without a number of their own: any of these keys is enough, be its value blank.
 *
 * @param usual the key that rows mostly have. Only a row without it is looked at for the others.
 */
export const rowsWithAny = (usual: string, ...others: readonly string[]) =>
  listOf(
    (value): value is Row =>
      isRecord(value) &&
      (isReadable(value[usual]) || (others.some((key) => isReadable(value[key])) && !reportsFailure(value))),
  );

/** A list of rows that all have each of these values, for writes: what a row does not report is not known. */
export const completeRows = <Outline extends z.ZodRawShape>(outline: Outline) => {
  const fits = isRow(outline);
  return z.custom<readonly RowOf<Outline>[]>((payload) => Array.isArray(payload) && payload.every(fits));
};

const first = (payload: unknown): unknown => (Array.isArray(payload) ? payload[0] : payload);

/** One row with at least these keys, bare or as the first of a list. */
export const row = <Outline extends z.ZodRawShape>(outline: Outline) => {
  const fits = isRow(outline);
  // By a preprocess, or any transform, all that is parsed grows old as long as that is not compiled.
  return z
    .custom<RowOf<Outline>>((payload) => fits(first(payload)))
    .overwrite((payload) => first(payload) as RowOf<Outline>);
};

const templates = new Map<string, readonly string[]>();

/** The texts of a template and, between them, the names of its parameters. */
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
    throw new RangeError(`${name}: expected what can stand in a path.`);
  }
  return segment;
};

/**
 * Fills a path template; what is filled in becomes one path segment, and no other.
 *
 * @throws {RangeError} for what cannot be one: nothing, or dots, which lead to another path however they are encoded.
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

import { z } from 'zod';
import type { UpstreamOperation, UpstreamSystem } from '../errors.ts';
import type { AnswerKey } from './answer-keys.ts';
import { guardOf } from './guard.ts';

/** An upstream's row as it came: nothing in it is interpreted until a field asks for it. */
export type Row = Readonly<Record<string, unknown>>;

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
  readonly answersFor?: readonly AnswerKey<ParameterOf<Path> | QueryKey | (keyof Request & string)>[];
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
  readonly answersFor?: readonly AnswerKey<ParameterOf<P> | NoInfer<Q> | (keyof NoInfer<B> & string)>[];
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
export const bearerToken = z.string().regex(/^[\x21-\x7e]{1,16000}$/);

/** An identifier: the same one comes as a number here and as a text there. */
export const identifier = z.union([z.string(), z.number()]);

type RowOf<Outline extends z.ZodRawShape> = Row & z.output<z.ZodObject<Outline>>;

const isRow = <Outline extends z.ZodRawShape>(outline: Outline) => {
  const keys = Object.entries(outline).map(([key, schema]) => [key, guardOf(schema)] as const);
  return (value: unknown): value is RowOf<Outline> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    keys.every(([key, accepts]) => accepts((value as Row)[key]));
};

/** A list of rows with at least these keys. The rows themselves are handed on, not copies. */
export const rows = <Outline extends z.ZodRawShape>(outline: Outline) => {
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

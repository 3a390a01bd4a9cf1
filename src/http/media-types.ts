import { remembered } from '../lib/remembered.ts';

/** A media type or range as a header contains it, in lower case. */
interface MediaType {
  /** `type/subtype`. */
  readonly essence: string;
  /** Parameters by name; values keep their case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Splits at a separator, except within quoted strings. */
const splitAt = (text: string, separator: ',' | ';'): string[] => {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isQuoted && character === '\\') index += 1;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
};

const unquoted = (value: string): string =>
  /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;

const readMediaType = (text: string): MediaType => {
  const [essence = '', ...rest] = splitAt(text, ';');
  const parameters: Record<string, string> = Object.create(null);
  for (const parameter of rest) {
    const [name = '', ...value] = parameter.split('=');
    parameters[name.trim().toLowerCase()] ??= unquoted(value.join('=').trim());
  }
  return { essence: essence.trim().toLowerCase(), parameters };
};

/** JSON is UTF-8 (RFC 8259); ASCII is a part of it. */
const isUtf8 = ({ parameters: { charset = 'utf-8' } }: MediaType): boolean =>
  /^(?:utf-?8|us-ascii)$/i.test(charset);

const requestTypes = new Set(['application/json', 'application/graphql+json']);

/** Whether a request's `Content-Type` is JSON that can be read: media types are case-insensitive (RFC 9110, 8.3.1). */
export const isJson = (contentType: string | null | undefined): boolean => {
  if (contentType === 'application/json') return true;
  // Several headers are joined by a comma: which one holds is unknown.
  if (!contentType || splitAt(contentType, ',').length > 1) return false;
  const type = readMediaType(contentType);
  return requestTypes.has(type.essence) && isUtf8(type);
};

/** Whether a body is sent as it is, by its `Content-Encoding`. */
export const isUnencoded = (contentEncoding: string | null | undefined): boolean =>
  /^[\s,]*(?:identity[\s,]*)*$/i.test(contentEncoding ?? '');

/** Media types of responses, the preferred one first where a range accepts several. */
export const jsonResponseTypes = ['application/json', 'application/graphql-response+json'] as const;

export type JsonResponseType = (typeof jsonResponseTypes)[number];

/** The formats of parts, as clients name them in `Accept`. */
export const partsSpecs = ['deferSpec=20220824', 'incrementalSpec=v0.2'] as const;

export type PartsSpec = (typeof partsSpecs)[number];

interface AcceptedRange {
  readonly range: string;
  /** 0 to 1; 0 is not acceptable. */
  readonly weight: number;
  /** The format of parts that it names: `null` for none, `undefined` for an unknown one. */
  readonly spec: PartsSpec | null | undefined;
}

const specOf = ({ parameters: { deferspec, incrementalspec } }: MediaType): AcceptedRange['spec'] => {
  if (deferspec === undefined && incrementalspec === undefined) return null;
  const named =
    incrementalspec === undefined ? `deferSpec=${deferspec}` : `incrementalSpec=${incrementalspec}`;
  return partsSpecs.find((spec) => spec === named);
};

/** A weight that cannot be read is none. */
const weightOf = ({ parameters: { q = '1' } }: MediaType): number => {
  const weight = Number.parseFloat(q);
  return Number.isNaN(weight) ? 1 : Math.min(1, Math.max(0, weight));
};

const rangesIn = (accept: string): AcceptedRange[] =>
  splitAt(accept, ',')
    .map(readMediaType)
    .filter((type) => type.essence !== '' && isUtf8(type))
    .map((type) => ({ range: type.essence, weight: weightOf(type), spec: specOf(type) }));

/** How exactly a range names a type: the most exact range decides (RFC 9110, 12.5.1). */
const exactness = (range: string, type: string): number => {
  if (range === type) return 3;
  if (range === `${type.slice(0, type.indexOf('/'))}/*`) return 2;
  return range === '*/*' ? 1 : 0;
};

interface Standing {
  readonly weight: number;
  /** Place of the range in the header. */
  readonly index: number;
}

/** The weight of a type; `undefined` if it is not acceptable. */
const standingOf = (ranges: readonly AcceptedRange[], type: string): Standing | undefined => {
  let best = { weight: 0, index: -1, exactness: 0 };
  for (const [index, { range, weight }] of ranges.entries()) {
    const exact = exactness(range, type);
    if (exact > best.exactness) best = { weight, index, exactness: exact };
  }
  return best.weight > 0 ? best : undefined;
};

const preferredType = remembered((accept): JsonResponseType | undefined => {
  if (accept.trim() === '') return 'application/json';
  const ranges = rangesIn(accept);
  const [json, graphql] = jsonResponseTypes.map((type) => standingOf(ranges, type));
  if (!graphql) return json && 'application/json';
  const isJsonFirst =
    json && (json.weight > graphql.weight || (json.weight === graphql.weight && json.index <= graphql.index));
  return isJsonFirst ? 'application/json' : 'application/graphql-response+json';
});

/**
 * Returns the media type of a response to a request with this `Accept`: of those with the highest weight the one that
 * is listed first; `undefined` if no JSON is acceptable.
 */
export const jsonResponseTypeFor = (accept: string | null): JsonResponseType | undefined =>
  accept === null || accept === '*/*' ? 'application/json' : preferredType(accept);

/** Media types of responses in parts, the preferred one first where a client accepts both alike. */
export const partsTypes = ['multipart/mixed', 'text/event-stream'] as const;

/** How a response in parts is sent. */
export interface PartsFormat {
  readonly type: (typeof partsTypes)[number];
  /** The format of the parts; `null` if the client names none. */
  readonly spec: PartsSpec | null;
}

const preferredParts = remembered((accept): PartsFormat | undefined => {
  const ranges = rangesIn(accept);
  const json = Math.max(...jsonResponseTypes.map((type) => standingOf(ranges, type)?.weight ?? 0));
  // A client that takes JSON names the other form: `*/*` does not.
  const leastExact = json > 0 ? 2 : 1;
  const candidates = partsTypes.flatMap((type) => {
    const known = ranges.flatMap(({ range, weight, spec }) =>
      spec === undefined ? [] : [{ type, spec, weight, exact: exactness(range, type) }],
    );
    const mostExact = Math.max(leastExact, ...known.map(({ exact }) => exact));
    return known.filter(({ exact, weight }) => exact === mostExact && weight > 0);
  });
  const [best] = candidates.toSorted((one, other) => other.weight - one.weight);
  return best && best.weight >= json ? { type: best.type, spec: best.spec } : undefined;
});

/**
 * Returns the form of a response that can come in parts, to a request with this `Accept`; `undefined` if the client does
 * not name it, or prefers JSON.
 */
export const partsFormatFor = (accept: string | null): PartsFormat | undefined =>
  accept === null || accept === '*/*' ? undefined : preferredParts(accept);

/** Whether a response can be sent to a request with this `Accept`. */
export const isAcceptable = (accept: string | null): boolean =>
  jsonResponseTypeFor(accept) !== undefined || partsFormatFor(accept) !== undefined;

/**
 * Returns the content coding of a response to a request with this `Accept-Encoding`: of those with the highest weight the one
 * that is listed first in `available`; `identity` if it accepts none of them.
 */
export const encodingFor = <Encoding extends string>(
  acceptEncoding: string | null,
  available: readonly Encoding[],
): Encoding | 'identity' => {
  const accepted = splitAt(acceptEncoding ?? '', ',').map(readMediaType);
  const weights = new Map(accepted.map((coding) => [coding.essence, weightOf(coding)]));
  let best: { readonly encoding: Encoding | 'identity'; readonly weight: number } = {
    encoding: 'identity',
    weight: weights.get('identity') ?? 0,
  };
  for (const encoding of available.toReversed()) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (weight > 0 && weight >= best.weight) best = { encoding, weight };
  }
  return best.encoding;
};

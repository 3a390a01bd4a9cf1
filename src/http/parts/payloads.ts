import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import type { Announced, LaterData } from '../../operation/deliveries.ts';
import type { PartsSpec } from '../media-types.ts';

/** What is ready, with errors and extensions as clients receive them. */
export interface ShownDelivery {
  readonly announced: readonly Announced[];
  readonly parts: readonly ShownPart[];
  readonly extensions: ExecutionResult['extensions'];
  readonly hasNext: boolean;
}

export interface ShownPart extends Pick<LaterData, 'of' | 'data' | 'items' | 'index' | 'isLast'> {
  readonly errors: readonly GraphQLFormattedError[];
}

/** Writes the payloads of one format. */
export interface Payloads {
  /** @param result with `data`, `errors` and `extensions` as clients receive them. */
  readonly first: (result: object, announced: readonly Announced[]) => object;
  readonly later: (delivery: ShownDelivery) => object;
}

const labelOf = ({ label }: Announced): object => (label === undefined ? {} : { label });

/** Whether a part has no content besides the end of its list. */
const isEndOnly = ({ items }: ShownPart): boolean => items?.length === 0;

const errorsOf = ({ errors }: ShownPart): object => (errors.length === 0 ? {} : { errors });

/** Clients take the extensions of an entry, or those of a payload without entries. */
const withExtensions = (
  entries: readonly object[],
  extensions: ShownDelivery['extensions'],
): readonly object[] =>
  extensions === undefined
    ? entries
    : entries.map((entry, index) => (index === entries.length - 1 ? { ...entry, extensions } : entry));

/** `deferSpec=20220824`: parts have the path of what they belong to. */
const byPath: Payloads = {
  first: (result) => ({ ...result, hasNext: true }),
  later: ({ parts, extensions, hasNext }) => {
    const incremental = parts
      .filter((part) => !isEndOnly(part))
      .map((part) => {
        const { of, data, items, index = 0 } = part;
        const content = items === undefined ? { data, path: of.path } : { items, path: [...of.path, index] };
        return { ...content, ...labelOf(of), ...errorsOf(part) };
      });
    return {
      incremental: withExtensions(incremental, extensions),
      ...(incremental.length === 0 && extensions && { extensions }),
      hasNext,
    };
  },
};

const announce = (announced: readonly Announced[]): object =>
  announced.length === 0
    ? {}
    : { pending: announced.map((one) => ({ id: one.id, path: one.path, ...labelOf(one) })) };

/** `incrementalSpec=v0.2`: parts have the id under which they were announced, and report their end. */
const byId: Payloads = {
  first: (result, announced) => ({ ...result, ...announce(announced), hasNext: true }),
  later: ({ announced, parts, extensions, hasNext }) => {
    const incremental: object[] = [];
    const completed: object[] = [];
    for (const part of parts) {
      const { of, data, items, isLast } = part;
      const { id } = of;
      // Without a value, the errors are those of the whole fragment or list.
      const isFailed = data === null || items === null;
      if (!isFailed && !isEndOnly(part))
        incremental.push({ id, ...(items === undefined ? { data } : { items }), ...errorsOf(part) });
      if (isLast) completed.push({ id, ...(isFailed && errorsOf(part)) });
    }
    return {
      ...announce(announced),
      ...(incremental.length > 0 && { incremental: withExtensions(incremental, extensions) }),
      ...(completed.length > 0 && { completed }),
      ...(incremental.length === 0 && extensions && { extensions }),
      hasNext,
    };
  },
};

/** The payloads of a format; of the older one, which more clients read, if the client names none. */
export const payloadsOf = (spec: PartsSpec | null): Payloads =>
  spec === 'incrementalSpec=v0.2' ? byId : byPath;

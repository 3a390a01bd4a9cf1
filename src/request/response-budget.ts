import { type GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { queryTooComplex } from '../operation/query-too-complex.ts';

/** A field of a response. */
type Field = Pick<GraphQLResolveInfo, 'path' | 'fieldNodes'>;

/** Counts and limits the fields of a response. */
export interface ResponseBudget {
  /**
   * Counts a field before it is resolved.
   *
   * @returns the error if the field exceeds the limit: the same error for each field of a root field, at the first
   *   path.
   */
  take(field: Field): GraphQLError | undefined;
  /** Reserves fields beyond the limit for the result of a mutation. */
  reserve(): void;
  isExceeded(): boolean;
  /** The number of fields so far. */
  taken(): number;
}

/** The share of the maximum that is reserved for each mutation of an operation. */
const reservedShare = 0.01;

export const createResponseBudget = (maximum: number): ResponseBudget => {
  let taken = 0;
  let allowed = maximum;
  /** Errors by root field. Few responses have any. */
  let errors: Map<unknown, GraphQLError> | undefined;
  const errorAt = ({ path, fieldNodes: nodes }: Field): GraphQLError => {
    const position = { path: responsePathAsArray(path), nodes };
    const [root] = position.path;
    const known = errors?.get(root);
    if (known) return known;
    const message = `The response has more than ${maximum} fields; those beyond are left out.`;
    const error = queryTooComplex(message, {}, position);
    errors ??= new Map();
    errors.set(root, error);
    return error;
  };
  return {
    take: (field) => {
      taken += 1;
      return taken > allowed ? errorAt(field) : undefined;
    },
    reserve: () => {
      allowed = Math.max(allowed, taken + Math.floor(maximum * reservedShare));
    },
    isExceeded: () => errors !== undefined,
    taken: () => taken,
  };
};

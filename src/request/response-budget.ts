import { type GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { queryTooComplex } from '../operation/query-too-complex.ts';

/** A field of an answer. */
type Field = Pick<GraphQLResolveInfo, 'path' | 'fieldNodes'>;

/** How many fields an answer has, and may have. */
export interface ResponseBudget {
  /**
   * Counts a field before it is resolved.
   *
   * @returns the error that it fails with, where it is one too many: for each field of the operation one and the same,
   *   at the first place.
   */
  take(field: Field): GraphQLError | undefined;
  /** Lets some more fields pass, whatever was taken before: those that tell what a mutation did. */
  reserve(): void;
  isExceeded(): boolean;
  /** How many fields were counted so far. */
  taken(): number;
}

/** Of the maximum, for each mutation of an operation, as far as others have left it less. */
const reservedShare = 0.01;

export const createResponseBudget = (maximum: number): ResponseBudget => {
  let taken = 0;
  let allowed = maximum;
  /** By the name of the root field. Hardly an answer has any. */
  let errors: Map<unknown, GraphQLError> | undefined;
  const errorAt = ({ path, fieldNodes: nodes }: Field): GraphQLError => {
    const place = { path: responsePathAsArray(path), nodes };
    const [root] = place.path;
    const known = errors?.get(root);
    if (known) return known;
    const message = `The answer has more than ${maximum} fields; those beyond are left out.`;
    const error = queryTooComplex(message, {}, place);
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

import type { GraphQLError } from 'graphql';
import { queryTooComplex } from './query-too-complex.ts';

type Place = Pick<GraphQLError, 'path' | 'nodes'>;

/** How many fields an answer has, and may have. */
export interface AnswerBudget {
  /**
   * Counts a field before it is resolved.
   *
   * @returns the error that it fails with, where it is one too many: one and the same for all, at the first's place.
   */
  take(place: () => Place): GraphQLError | undefined;
  /** The error of all that were too many; `undefined` where none was. */
  excess(): GraphQLError | undefined;
}

export const createAnswerBudget = (maximum: number): AnswerBudget => {
  let taken = 0;
  let excess: GraphQLError | undefined;
  return {
    take: (place) => {
      taken += 1;
      if (taken > maximum) {
        excess ??= queryTooComplex(
          `The answer has more than ${maximum} fields; those beyond are left out.`,
          {},
          place(),
        );
      }
      return excess;
    },
    excess: () => excess,
  };
};

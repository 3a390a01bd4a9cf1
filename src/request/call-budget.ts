import { queryTooComplex } from '../operation/query-too-complex.ts';

/** Counts and limits the upstream calls of a request. */
export interface CallBudget {
  /**
   * Counts a read.
   *
   * @throws {GraphQLError} with the code QUERY_TOO_COMPLEX if it exceeds the limit.
   */
  read(): void;
  /** Takes back the count of a read for which the upstream was not called. */
  notMade(): void;
  /** Counts a write, which is never rejected. */
  wrote(): void;
  /** Removes the limit: the further reads of a mutation return its result. */
  lift(): void;
  made(): number;
}

export const createCallBudget = (maximum: number): CallBudget => {
  let made = 0;
  let isLifted = false;
  return {
    read: () => {
      if (made >= maximum && !isLifted) {
        const message = `The query needs more than ${maximum} calls to the upstreams: lists are longer than expected.`;
        throw queryTooComplex(message, { cost: { maximum } });
      }
      made += 1;
    },
    notMade: () => {
      made -= 1;
    },
    wrote: () => {
      made += 1;
    },
    lift: () => {
      isLifted = true;
    },
    made: () => made,
  };
};

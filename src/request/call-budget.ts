import { queryTooComplex } from '../operation/query-too-complex.ts';

/** How many calls to the upstreams a request has made, and may make. */
export interface CallBudget {
  /**
   * Counts a read.
   *
   * @throws {GraphQLError} with the code QUERY_TOO_COMPLEX where it is one too many.
   */
  read(): void;
  /** Counts a write, which is never one too many. */
  wrote(): void;
  /** Lets all reads pass from now on: those of a mutation tell what has become of its writes. */
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
    wrote: () => {
      made += 1;
    },
    lift: () => {
      isLifted = true;
    },
    made: () => made,
  };
};

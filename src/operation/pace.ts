import type { GraphQLError } from 'graphql';

/** Divides the completion of a large result into slices, between which the process does other work. */
export interface Pace {
  /** Whether the current slice is used up: what is not completed yet waits for the next one. */
  isDue(): boolean;
  /**
   * Waits for the next slice.
   *
   * @throws {GraphQLError} where the result is not to be completed.
   */
  next(): Promise<void>;
  /** Why the result is not to be completed: the whole result is this error. */
  readonly failure: GraphQLError | undefined;
}

/** What the executor takes from the context of an operation. */
export interface Paced {
  /** Results are completed at once where there is none. */
  readonly pace?: Pace | undefined;
}

/**
 * Creates an error without stack frames: capturing them takes several microseconds, and nobody reads those of an error
 * that only carries the text of another one.
 */
export const withoutStack = <Failure extends Error>(create: () => Failure): Failure => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return create();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

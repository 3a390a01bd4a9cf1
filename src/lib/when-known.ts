/**
 * Continues with a value: at once if it is known, or after its promise. Most requests wait for nothing here, and a promise
 * for each step would take longer than the steps.
 */
export const whenKnown = <Value, Result>(
  value: Value | Promise<Value>,
  go: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> => (value instanceof Promise ? value.then(go) : go(value));

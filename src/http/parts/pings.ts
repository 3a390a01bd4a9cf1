/** Proxies close connections over which nothing is sent for a minute, some after 15 seconds. */
const intervalMs = 12_000;

/** The parts that are iterated. */
export interface PingedParts {
  next(): Promise<IteratorResult<string, void>>;
  return(): Promise<unknown>;
}

const due = Symbol('due');

/**
 * Adds a text whenever no part was ready for some seconds.
 *
 * @param ping `undefined` for none.
 */
export const withPings = (
  parts: AsyncGenerator<string, void>,
  ping: string | undefined,
  everyMs = intervalMs,
): PingedParts => {
  if (ping === undefined) return { next: () => parts.next(), return: () => parts.return() };
  /** The part that is awaited, also after a ping. */
  let awaited: Promise<IteratorResult<string, void>> | undefined;
  return {
    next: async () => {
      if (!awaited) {
        awaited = parts.next();
        // It may fail between a ping and the next request.
        awaited.catch(() => {});
      }
      let timer: NodeJS.Timeout | undefined;
      const isDue = new Promise<typeof due>((resolve) => {
        timer = setTimeout(() => resolve(due), everyMs);
      });
      try {
        const part = await Promise.race([awaited, isDue]);
        if (part === due) return { done: false, value: ping };
        awaited = undefined;
        return part;
      } catch (error) {
        awaited = undefined;
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
    return: () => parts.return(),
  };
};

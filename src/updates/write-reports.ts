/** Reports of writes between the processes of a gateway. The next poll finds what a lost report was about. */
export interface WriteReports {
  /** Reports the scopes of a write to the other processes. Nobody waits for it, and it does not fail. */
  send(scopes: readonly string[]): void;
  /**
   * Calls a function with the scopes of writes in other processes, until the process ends.
   *
   * The promise resolves when their reports arrive, or soon if they cannot at present.
   */
  receive(listener: (scopes: readonly string[]) => void): Promise<void>;
}

/** Returns the scopes in a message; none if it is of an unknown form, since another version may have sent it. */
export const scopesIn = (message: unknown): readonly string[] => {
  if (typeof message !== 'object' || message === null || !('scopes' in message)) return [];
  const { scopes } = message;
  return Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string') ? scopes : [];
};

/** Sends and receives by several ways; `null` without any. */
export const mergeReports = (all: readonly WriteReports[]): WriteReports | null =>
  all.length === 0
    ? null
    : {
        send: (scopes) => {
          for (const reports of all) reports.send(scopes);
        },
        receive: async (listener) => {
          await Promise.all(all.map((reports) => reports.receive(listener)));
        },
      };

/** What a helper process can be asked to do, by name. */
// biome-ignore lint/suspicious/noExplicitAny: each function has its own input; callers see its type.
export type Api = Readonly<Record<string, (input: any) => unknown>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

/** What comes back for a call. */
export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Serves calls of the process that started this one, and ends with it. */
export const serveCalls = (api: Api): void => {
  const answer = async ({ id, name, input }: Call): Promise<Reply> => {
    try {
      return { id, result: await api[name]?.(input) };
    } catch (error) {
      return { id, error: error instanceof Error ? error.message : String(error) };
    }
  };
  process.on('message', (call: Call) => {
    answer(call).then((reply) => process.send?.(reply), process.exit);
  });
  process.on('disconnect', () => process.exit());
};

/** An upstream's row as received: a value is interpreted when a field needs it. */
export type Row = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

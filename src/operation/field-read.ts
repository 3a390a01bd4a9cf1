/** The arguments of a field; empty if it has none. */
export type Args = Readonly<Record<string, unknown>>;

/**
 * What a field reads by values that are known before the row of its parent is there. A field declares it as
 * `extensions.read`; so its call runs in parallel with the parent's.
 *
 * `known` has the properties of the parent, except those that need a call.
 */
export interface FieldRead<Known extends object = object, Context = unknown> {
  /** Starts the call. Nothing waits for the result: the field finds it in its loader. */
  readonly start?: (known: Known, args: Args, context: Context) => unknown;
  /** What is known of the field's own value: the fields below it are prefetched too. */
  readonly below?: (known: Known, args: Args) => object | undefined;
}

/** The extensions of a field that can be prefetched. */
export const prefetching = <Known extends object, Context>(
  read: FieldRead<Known, Context>,
): { readonly read: FieldRead } => ({ read: read as object as FieldRead });

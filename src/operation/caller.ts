/** What callers may be allowed to do, each by itself. */
export const scopes = [
  'accounts:read',
  'accounts:write',
  'orders:read',
  'orders:write',
  'payments:read',
  'payments:write',
  'contact:write',
  'pii:read',
  'outcomes:resolve',
] as const;

export type Scope = (typeof scopes)[number];

/** Who asks. */
export interface Caller {
  /** The name that the token gives (`sub`). */
  readonly id: string;
  /** Whose credentials its calls to the upstreams are made with; `null` where all callers have the same. */
  readonly tenant: string | null;
  readonly scopes: ReadonlySet<Scope>;
}

/** The name of the one caller there is where callers are not authenticated. */
export const everybodyId = 'everybody';

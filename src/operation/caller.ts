/** Each scope with what it permits. `npm run docs` writes the table in docs/security.md. */
export const scopeMeanings = {
  'accounts:read': 'Read accounts, portfolios, their people, phones, notes, contact attempts and e-mails.',
  'accounts:write': 'Change accounts and their phones; record notes, contact attempts and callbacks.',
  'orders:read': 'Read orders, assignments, their people, phones, collaterals and photos.',
  'orders:write': 'Create orders; change assignments, photos and phones of borrowers.',
  'payments:read': 'Read payments, payment methods and pending outcomes.',
  'payments:write': 'Charge, record and schedule payments.',
  'contact:write': 'Send e-mails and text messages.',
  'pii:read': 'Read personal data unmasked.',
  'outcomes:resolve':
    'Resolve unknown outcomes. For operators, who also need `payments:read`; not for clients that charge, which must not resolve their own outcomes.',
} as const;

export type Scope = keyof typeof scopeMeanings;

export const scopes = Object.keys(scopeMeanings) as readonly Scope[];

/** The caller of a request. */
export interface Caller {
  /** The name that the token gives (`sub`). */
  readonly id: string;
  /** Whose credentials its calls to the upstreams are made with; `null` where all callers have the same. */
  readonly tenant: string | null;
  readonly scopes: ReadonlySet<Scope>;
}

/** The name of the one caller there is where callers are not authenticated. */
export const everybodyId = 'everybody';

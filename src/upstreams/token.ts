/** A token and how long it lives. */
export interface Token {
  readonly value: string;
  /** Seconds; `null` where it is not told, then it serves until it is refused. */
  readonly lifetime: number | null;
}

export interface TokenSource {
  /** The current token. Any number of callers that find none wait for one and the same log-in. */
  get(): Promise<string>;
  /** Says that a token was refused. Ignored for one that has been replaced meanwhile. */
  refuse(value: string): void;
}

/** Tokens are renewed this much before their end, so that none ends on its way; at most a tenth of their life. */
const marginMs = 30_000;

/** The claims of a JWT, unverified: the gateway is not the one to verify it. */
const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/**
 * Reads a JWT's lifetime in seconds from its claims; `null` where it has none.
 *
 * The time since it was issued is measured on the issuer's clock, which need not agree with this machine's.
 */
export const lifetimeOf = (token: string, now = Date.now()): number | null => {
  const { exp, iat } = claimsOf(token);
  if (typeof exp !== 'number') return null;
  const seconds = exp - (typeof iat === 'number' ? iat : now / 1000);
  return seconds > 0 ? seconds : null;
};

/** Keeps one token in memory and gets a new one by `logIn` when there is none, or it nears its end. */
export const createTokenSource = (logIn: () => Promise<Token>, now: () => number = Date.now): TokenSource => {
  let current: { value: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    const { value, lifetime } = await logIn();
    const life = lifetime === null ? Number.POSITIVE_INFINITY : lifetime * 1000;
    current = { value, renewAt: now() + life - Math.min(marginMs, life / 10) };
    return value;
  };

  return {
    get: () => {
      if (current && now() < current.renewAt) return Promise.resolve(current.value);
      pending ??= renew().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    refuse: (value) => {
      if (current?.value === value) current = undefined;
    },
  };
};

/** A token that was given and cannot be renewed. */
export const fixedToken = (value: string): TokenSource => ({
  get: () => Promise.resolve(value),
  refuse: () => {},
});

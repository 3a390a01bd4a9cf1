import type { ScollectState } from './tables.ts';

/** The input of a handler, after the checks of token and body. */
export interface Request {
  readonly state: ScollectState;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly now: Date;
  readonly tokens: Tokens;
}

export interface Tokens {
  /** Returns a token; undefined for wrong credentials. */
  logIn(apikey: unknown, pin: unknown): string | undefined;
}

/** Returns the body of a response with HTTP 200. */
export type Handler = (request: Request) => unknown;

/** Returns the texts of a body, or the first key that is missing, blank or no text. */
export const requireTexts = <const Key extends string>(
  body: Readonly<Record<string, unknown>>,
  keys: readonly Key[],
): { readonly texts: Record<Key, string> } | { readonly missing: Key } => {
  const texts: Partial<Record<Key, string>> = {};
  for (const key of keys) {
    const value = body[key];
    if (typeof value !== 'string' || value.trim() === '') return { missing: key };
    texts[key] = value;
  }
  return { texts: texts as Record<Key, string> };
};

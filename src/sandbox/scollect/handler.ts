import type { ScollectState } from './tables.ts';

/** What a handler gets: the token has been checked and the body read. */
export interface Request {
  readonly state: ScollectState;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly now: Date;
  readonly tokens: Tokens;
}

export interface Tokens {
  /** Gives a token, or undefined for wrong credentials. */
  logIn(apikey: unknown, pin: unknown): string | undefined;
}

/** Answers the body of a reply, which goes out under HTTP 200. */
export type Handler = (request: Request) => unknown;

/** The texts of a body, or the first key that is missing, is no text or is blank. */
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

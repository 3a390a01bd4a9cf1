import { Agent } from 'undici';
import type { Log } from '../telemetry/log.ts';
import { AuthenticationUnavailableError } from './authentication.ts';
import { fetchJwks, JwksError } from './fetch-jwks.ts';
import type { KeySet, KeySource } from './keys.ts';

const secondMs = 1000;
/** Keys are fetched anew, beside the requests, when they are so old. */
const freshMs = 600 * secondMs;
/** Keys of an issuer that cannot be reached serve on for so long: whoever it has shut out since then would come in. */
const lastingMs = 24 * 3600 * secondMs;
/** Tokens that name unknown keys make for no more than one fetch in this time. */
const pauseMs = 30 * secondMs;
/** Without any keys nobody comes in, which must not last much longer than its cause. */
const pauseWithoutKeysMs = 5 * secondMs;

const maxAnswerBytes = 1_000_000;

const failureOf = (error: unknown): string => {
  if (error instanceof JwksError) return error.message;
  const { name = 'unknown', code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : name;
};

/** The query and what stands before the host may be credentials. */
const addressOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

/**
 * The keys that an issuer publishes: fetched when they are first needed, kept, and fetched anew from time to time, and
 * for tokens whose key is not among them. While that fails the last ones serve on.
 */
export const createJwks = (url: string, log: Log): KeySource => {
  const agent = new Agent({ maxResponseSize: maxAnswerBytes });
  let keys: KeySet | undefined;
  let fetchedAt = 0;
  let hasFailed = false;
  let nextTryAt = 0;
  let fetching: Promise<void> | undefined;

  const age = (): number => performance.now() - fetchedAt;
  const usable = (): KeySet | undefined => (age() < lastingMs ? keys : undefined);

  const fetchAnew = async (): Promise<void> => {
    try {
      const fetched = await fetchJwks(url, agent);
      ({ keys } = fetched);
      fetchedAt = performance.now();
      if (hasFailed) log.info({ jwks: addressOf(url) }, 'the keys for tokens can be fetched again');
      if (fetched.hasPrivateKeys) {
        log.warn({ jwks: addressOf(url) }, 'the issuer publishes a secret or private key; it is not used');
      }
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      const details = { jwks: addressOf(url), failure: failureOf(error), isServing: usable() !== undefined };
      log.error(details, 'the keys for tokens could not be fetched');
    }
    nextTryAt = performance.now() + (usable() ? pauseMs : pauseWithoutKeysMs);
  };

  /** Fetches the keys, once for all who ask meanwhile, unless that was tried just now. */
  const refresh = async (): Promise<void> => {
    if (!fetching && performance.now() < nextTryAt) return;
    fetching ??= fetchAnew().finally(() => {
      fetching = undefined;
    });
    await fetching;
  };

  const unavailable = (): AuthenticationUnavailableError =>
    new AuthenticationUnavailableError(Math.max(1, Math.ceil((nextTryAt - performance.now()) / secondMs)));

  return {
    algorithms: ['RS256', 'ES256'],
    current: async () => {
      if (usable() === undefined) await refresh();
      else if (age() >= freshMs) void refresh();
      const known = usable();
      if (known === undefined) throw unavailable();
      return known;
    },
    renewed: async () => {
      await refresh();
      const known = usable();
      // The token may be good: what its issuer has published since then is not known.
      if (known === undefined || hasFailed) throw unavailable();
      return known;
    },
  };
};

import { Agent } from 'undici';
import type { Log } from '../telemetry/log.ts';
import { AuthenticationUnavailableError } from './authentication.ts';
import { fetchJwks, JwksError } from './fetch-jwks.ts';
import type { KeySet, KeySource } from './keys.ts';

const secondMs = 1000;
/** The age at which keys are fetched again in the background. */
const freshMs = 600 * secondMs;
/**
 * The maximum age of keys while the issuer is unavailable: a longer time would admit callers that it has revoked since.
 */
const lastingMs = 24 * 3600 * secondMs;
/** The minimum interval between fetches for tokens with unknown keys. */
const pauseMs = 30 * secondMs;
/** The minimum interval without any keys: no caller is admitted until they are available. */
const pauseWithoutKeysMs = 5 * secondMs;

const maxAnswerBytes = 1_000_000;

const failureOf = (error: unknown): string => {
  if (error instanceof JwksError) return error.message;
  const { name = 'unknown', code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : name;
};

/** Returns a URL without query and user information, which may be credentials. */
const addressOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

/**
 * Creates the key source of an issuer. Keys are fetched on first use, cached, and fetched again periodically and for
 * tokens with unknown keys. If a fetch fails, the cached keys stay in use.
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

  /** Fetches the keys, once for all concurrent callers, and not within the minimum interval. */
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
      // The token may be valid: the issuer may have published new keys since.
      if (known === undefined || hasFailed) throw unavailable();
      return known;
    },
  };
};

import { createRemoteJWKSet, customFetch, errors, type FetchImplementation } from 'jose';
import { Agent, request } from 'undici';
import type { Log } from '../telemetry/log.ts';
import { AuthenticationUnavailableError } from './authentication.ts';
import { type ImportedKeys, importKeys, publishedAlgorithms } from './import-keys.ts';
import type { KeySet, KeySource } from './keys.ts';

const secondMs = 1000;
/**
 * The maximum age of keys while the issuer is unavailable: a longer time would admit callers that it has revoked since.
 */
const lastingMs = 24 * 3600 * secondMs;
/** The minimum interval between fetches for tokens with unknown keys, and after a failure. */
const pauseMs = 30 * secondMs;
/** The minimum interval without any keys: no caller is admitted until they are available. */
const pauseWithoutKeysMs = 5 * secondMs;

const maxResponseBytes = 1_000_000;

type OnResponse = (headers: Readonly<Record<string, string | string[] | undefined>>) => void;

/** Limits the size of the response. Does not follow redirects. */
const boundedFetch = (onResponse: OnResponse): FetchImplementation => {
  const dispatcher = new Agent({ maxResponseSize: maxResponseBytes });
  return async (url, { headers: sent, signal }) => {
    const { statusCode, headers, body } = await request(url, { dispatcher, headers: sent, signal });
    onResponse(headers);
    return new Response(await body.text(), { status: statusCode });
  };
};

/** Returns a description of the failure without any part of the response. */
export const fetchFailureOf = (error: unknown): string => {
  if (error instanceof errors.JOSEError) return error.message;
  const { name = 'unknown', code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : name;
};

/** Returns a URL without query and user information, which may be credentials. */
const addressOf = ({ origin, pathname }: URL): string => origin + pathname;

const createRemote = (url: string, onResponse: OnResponse) =>
  createRemoteJWKSet(new URL(url), {
    timeoutDuration: 5 * secondMs,
    cacheMaxAge: 600 * secondMs,
    cooldownDuration: pauseMs,
    [customFetch]: boundedFetch(onResponse),
  });

type Remote = ReturnType<typeof createRemote>;

const reload = async (remote: Remote): Promise<ImportedKeys & { readonly published: number }> => {
  await remote.reload();
  const { keys = [] } = remote.jwks() ?? {};
  return { ...(await importKeys(keys)), published: keys.length };
};

/**
 * Fetches the keys of an issuer once.
 *
 * @throws the failure, whose description is `fetchFailureOf`.
 */
export const fetchPublishedKeys = (url: string, onResponse: OnResponse) =>
  reload(createRemote(url, onResponse));

/**
 * Creates the key source of an issuer. Keys are fetched on first use, cached, and fetched again periodically and for
 * tokens with unknown keys. If a fetch fails, the cached keys stay in use.
 *
 * jose fetches them and limits how often. It does not limit fetches after a failure, and would reject all tokens as soon
 * as the keys are ten minutes old.
 */
export const createJwks = (url: string, log: Log): KeySource => {
  const remote = createRemote(url, () => {});
  const jwks = addressOf(new URL(url));
  let keys: KeySet | undefined;
  let fetchedAt = 0;
  /** When to try again after a failure. */
  let retryAt: number | undefined;
  let fetching: Promise<void> | undefined;

  const usable = (): KeySet | undefined => (performance.now() - fetchedAt < lastingMs ? keys : undefined);

  const fetchKeys = async (): Promise<void> => {
    try {
      const imported = await reload(remote);
      ({ keys } = imported);
      fetchedAt = performance.now();
      if (retryAt !== undefined) log.info({ jwks }, 'the keys for tokens can be fetched again');
      if (imported.hasPrivateKeys) {
        log.warn({ jwks }, 'the issuer publishes a secret or private key; it is not used');
      }
      retryAt = undefined;
    } catch (error) {
      const isServing = usable() !== undefined;
      log.error(
        { jwks, failure: fetchFailureOf(error), isServing },
        'the keys for tokens could not be fetched',
      );
      retryAt = performance.now() + (isServing ? pauseMs : pauseWithoutKeysMs);
    }
  };

  const isPaused = (): boolean =>
    retryAt === undefined ? usable() !== undefined && remote.coolingDown : performance.now() < retryAt;

  /** Fetches the keys, once for all concurrent callers, and not within the minimum interval. */
  const refresh = async (): Promise<void> => {
    if (!fetching && isPaused()) return;
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined;
    });
    await fetching;
  };

  const unavailable = (): AuthenticationUnavailableError => {
    const seconds = Math.ceil(((retryAt ?? 0) - performance.now()) / secondMs);
    return new AuthenticationUnavailableError(Math.max(1, seconds));
  };

  const fetched = async (): Promise<KeySet> => {
    await refresh();
    const known = usable();
    if (known === undefined) throw unavailable();
    return known;
  };

  return {
    algorithms: publishedAlgorithms,
    current: () => {
      const known = usable();
      if (known === undefined) return fetched();
      if (retryAt !== undefined || !remote.fresh) void refresh();
      return known;
    },
    renewed: async () => {
      await refresh();
      const known = usable();
      // The token may be valid: the issuer may have published new keys since.
      if (known === undefined || retryAt !== undefined) throw unavailable();
      return known;
    },
  };
};

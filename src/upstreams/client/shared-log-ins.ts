import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createSealer, type Sealer } from '../../lib/sealer.ts';
import type { RedisScript } from '../../redis/shared-redis.ts';
import {
  AuthFailedError,
  BadResponseError,
  RateLimitedError,
  type UpstreamError,
  type UpstreamOperation,
} from '../errors.ts';
import {
  type HeldToken,
  heldToken,
  LogInPausedError,
  logInPauses,
  type SharedLogIns,
  type Token,
} from './held-token.ts';
import { claimLogIn, holdLogIn, refuseLogIn, storeToken } from './log-in-scripts.ts';
import { sharedKey, type UpstreamSharing } from './sharing.ts';

/** A process that ended during its log-in blocks the others for this long. */
const lockMs = 3000;

/** After this wait for the log-in of another process, a process logs in itself. */
const longestWaitMs = 5000;

const pollMs = { first: 20, longest: 200 };

/** Redis keeps a token of unknown lifetime for this long. Processes that have it use it until it is refused. */
const unknownLifeMs = 60 * 60 * 1000;

/** Later refusals begin again with the first pause. */
const failuresLifeMs = 60 * 60 * 1000;

/** The kinds of refusals in Redis, and their errors for the other processes. */
const refusals = {
  credentials: (call: UpstreamOperation) => new AuthFailedError(call),
  response: (call: UpstreamOperation) => new BadResponseError(call),
  rate: (call: UpstreamOperation, pauseMs: number) => new RateLimitedError(call, Math.ceil(pauseMs / 1000)),
} as const;

type RefusalKind = keyof typeof refusals;

const isRefusalKind = (text: string): text is RefusalKind => Object.hasOwn(refusals, text);

/** Returns the kind of a refusal; `null` for other errors, after which the next log-in may succeed. */
const refusalKindOf = (error: unknown): RefusalKind | null => {
  if (error instanceof AuthFailedError) return 'credentials';
  if (error instanceof BadResponseError) return 'response';
  return error instanceof RateLimitedError ? 'rate' : null;
};

/** The content of a sealed token. Its remaining life is that of its key in Redis. */
interface SealedToken {
  readonly value: string;
  readonly hasLifetime: boolean;
}

/** The names of the keys in Redis. */
interface LogInKeys {
  readonly token: string;
  readonly lock: string;
  readonly pause: string;
  readonly failures: string;
}

const keysFrom = (start: string): LogInKeys => ({
  token: start,
  lock: `${start}:lock`,
  pause: `${start}:pause`,
  failures: `${start}:failures`,
});

export interface SharedLogInsOptions {
  readonly sharing: Omit<UpstreamSharing, 'onStart' | 'workers'>;
  /** The secrets of the credential: a changed credential has other tokens. */
  readonly credential: readonly string[];
  /** The log-in, for errors. */
  readonly call: UpstreamOperation;
}

/**
 * Shares log-ins with other processes through Redis: the process that takes the lock logs in, and the others read its
 * token. Without Redis, each process logs in itself.
 *
 * @param now monotonic milliseconds, with the same origin as those of the token source.
 */
export const createSharedLogIns = (
  { sharing, credential, call }: SharedLogInsOptions,
  now: () => number = () => performance.now(),
): SharedLogIns => {
  const { redis } = sharing;
  let opened: { readonly keys: LogInKeys; readonly sealer: Sealer } | undefined;

  // The gateway's key is not known before the ledger is open.
  const open = () => {
    const gatewayKey = sharing.gatewayKey();
    opened ??= {
      keys: keysFrom(sharedKey(gatewayKey, 'token', sharing.upstream, credential)),
      sealer: createSealer(gatewayKey, 'upstream tokens'),
    };
    return opened;
  };

  const run = async (
    script: RedisScript,
    names: readonly (keyof LogInKeys)[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> => {
    const { keys } = open();
    return redis.run(
      script,
      names.map((name) => keys[name]),
      args,
    );
  };

  /** Redis counts its failures itself; this process acts on its own. */
  const ignore = (): void => {};

  /** Returns a stored token; `null` if it was changed, belongs elsewhere, or has no end. */
  const readToken = (stored: Buffer, leftMs: number, askedAt: number): HeldToken | null => {
    const { sealer, keys } = open();
    const text = leftMs > 0 ? sealer.open(stored, keys.token) : null;
    if (text === null) return null;
    const { value, hasLifetime } = JSON.parse(text) as SealedToken;
    return { value, renewAt: hasLifetime ? askedAt + leftMs : Number.POSITIVE_INFINITY };
  };

  /** @returns the token of another process; `null` if this one is to log in. */
  const claim = async (owner: string, refused: string | undefined): Promise<HeldToken | null> => {
    const end = now() + longestWaitMs;
    let useless: Buffer | '' = '';
    for (let waitMs = pollMs.first; ; ) {
      const askedAt = now();
      const [state, content, leftMs = 0, failures = 0] = (await run(
        claimLogIn,
        ['token', 'lock', 'pause', 'failures'],
        [useless, owner, lockMs],
      )) as [Buffer, Buffer, number?, number?];
      const kind = state.toString();
      if (kind === 'claimed') return null;
      if (kind === 'stored') {
        const token = readToken(content, leftMs, askedAt);
        if (token && token.value !== refused) return token;
        useless = content;
      }
      if (kind === 'paused') {
        const refusal = content.toString();
        const pauseMs = Math.min(leftMs, logInPauses.longestMs);
        if (!isRefusalKind(refusal)) return null;
        throw new LogInPausedError(refusals[refusal](call, pauseMs), pauseMs, failures);
      }
      if (now() >= end) return null;
      if (kind === 'busy') {
        await pause(waitMs);
        waitMs = Math.min(waitMs * 1.5, pollMs.longest);
      }
    }
  };

  const store = async (owner: string, { value, renewAt }: HeldToken): Promise<void> => {
    const { keys, sealer } = open();
    const hasLifetime = renewAt !== Number.POSITIVE_INFINITY;
    const lifeMs = hasLifetime ? Math.max(1, Math.floor(renewAt - now())) : unknownLifeMs;
    const sealed = sealer.seal(JSON.stringify({ value, hasLifetime } satisfies SealedToken), keys.token);
    await run(storeToken, ['token', 'lock', 'pause', 'failures'], [owner, sealed, lifeMs]);
  };

  const hold = (owner: string, ms: number): void => {
    run(holdLogIn, ['lock'], [owner, ms]).catch(ignore);
  };

  /** Begins a pause of all processes after a refusal. */
  const refuse = async (
    owner: string,
    kind: RefusalKind,
    error: UpstreamError,
  ): Promise<LogInPausedError> => {
    const leastMs = error instanceof RateLimitedError ? (error.retryAfter ?? 0) * 1000 : 0;
    const { firstMs, longestMs } = logInPauses;
    const [pauseMs, failures] = (await run(
      refuseLogIn,
      ['lock', 'pause', 'failures'],
      [owner, kind, leastMs, firstMs, longestMs, failuresLifeMs],
    )) as [number, number];
    return new LogInPausedError(error, Math.min(pauseMs, longestMs), failures);
  };

  /** Logs in, and shares the result. Callers wait for Redis only after a refusal. */
  const logInForAll = async (owner: string, logIn: () => Promise<Token>): Promise<HeldToken> => {
    const extending = setInterval(hold, lockMs / 3, owner, lockMs);
    extending.unref();
    try {
      const token = heldToken(await logIn(), now());
      store(owner, token).catch(ignore);
      return token;
    } catch (error) {
      const kind = refusalKindOf(error);
      if (kind === null) {
        hold(owner, 0);
        throw error;
      }
      throw await refuse(owner, kind, error as UpstreamError).catch(() => error);
    } finally {
      clearInterval(extending);
    }
  };

  return {
    obtain: async (logIn, refused) => {
      const owner = randomBytes(16).toString('base64url');
      const token = await claim(owner, refused).catch((error: unknown) => {
        if (error instanceof LogInPausedError) throw error;
        // Without Redis. Or the answer was lost, and the lock is taken.
        return null;
      });
      return token ?? logInForAll(owner, logIn);
    },
  };
};

import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { isOfConnection, type RedisFault, RedisUnavailableError, redisFaultOf } from './redis-fault.ts';
import { openRedisSubscriber, type RedisSubscriber } from './redis-subscriber.ts';

/** The purposes for which Redis is used. */
export const redisUses = ['limits', 'token', 'slots', 'cache', 'updates'] as const;
export type RedisUse = (typeof redisUses)[number];

/** A Lua script, which Redis executes atomically. */
export interface RedisScript {
  /** Unique among all scripts. */
  readonly name: string;
  /** The label of its failures in metrics. */
  readonly use: RedisUse;
  readonly lua: string;
}

/** The Redis that the processes of a gateway share. It holds nothing that the gateway cannot do without. */
export interface SharedRedis {
  /**
   * Executes a script.
   *
   * @param keys with the prefix of `redisPrefix`, and without personal data.
   * @returns texts as buffers, numbers as numbers, and `nil` as `null`.
   * @throws {RedisUnavailableError} at once while there is no connection. The command is never repeated: a script must
   *   be safe if it was executed although its answer was lost.
   */
  run(
    script: RedisScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown>;
  isUp(): boolean;
  /** Calls a function each time the connection is lost or is back, and when the first one fails. */
  onChange(listener: (isUp: boolean) => void): void;
  close(): Promise<void>;
}

/** Messages between processes, which Redis does not store. Names of channels have the prefix of `redisPrefix`. */
export interface RedisChannels {
  /** Sends a message to those that receive it at present. Nobody waits for it, and it does not fail. */
  publish(channel: string, message: string): void;
  /**
   * Receives the messages of a channel from now on, except those that are sent while Redis is not connected.
   *
   * The promise resolves when they are received, or soon if they cannot be at present.
   */
  subscribe(channel: string, receive: (message: string) => void): Promise<void>;
}

/** A SharedRedis whose state can be reported. */
export interface OpenedRedis extends SharedRedis, RedisChannels {
  /** Calls a function each time a command fails, also one that was not sent. */
  onFailure(listener: (use: RedisUse, fault: RedisFault) => void): void;
  /** The last reason for which there was no connection; `null` if there was none. */
  lastFault(): RedisFault | null;
}

export interface SharedRedisOptions {
  /** Milliseconds for a command. */
  readonly timeoutMs?: number;
  /** Milliseconds for a connection until it is usable. */
  readonly connectTimeoutMs?: number;
}

const longestReconnectMs = 2000;

/** A connection that lasted so long was no attempt: the next one is made soon. */
const stableMs = 5000;

/** The longest wait for the begin of a subscription. */
const longestBeginMs = 1000;

/** A user without the permission for the channel must not lose the connection, as it would by an error. */
const publishScript: RedisScript = {
  name: 'publish',
  use: 'updates',
  lua: `
local receivers = redis.pcall('PUBLISH', KEYS[1], ARGV[1])
if type(receivers) ~= 'number' then return -1 end
return receivers`,
};

/** Executed on each new connection: a replica, a full Redis or one that denies writes is not usable. */
const probe = "return redis.call('SET', KEYS[1], '1', 'PX', 60000)";
const probeKey = 'recollect:probe';

/** Returns the milliseconds before a connection attempt. Gateways that lost one at once do not come back at once. */
const reconnectDelay = (attempt: number): number => {
  const longest = Math.min(100 * 2 ** Math.min(attempt, 10), longestReconnectMs);
  return longest * (0.5 + Math.random() / 2);
};

const digestOf = (lua: string): string => createHash('sha1').update(lua).digest('hex');

/** One connection of several in the life of the client. */
interface Connection {
  isOver: boolean;
  /** Ends it unless it becomes usable in time. */
  readonly watchdog: NodeJS.Timeout;
}

/**
 * Connects to a Redis, and again whenever the connection is lost. It does not wait for the first connection.
 *
 * A command that takes too long ends the connection: the next ones fail at once instead of waiting too.
 */
export const openSharedRedis = (
  url: string,
  { timeoutMs = 250, connectTimeoutMs = 2000 }: SharedRedisOptions = {},
): OpenedRedis => {
  const changeListeners: ((isUp: boolean) => void)[] = [];
  const failureListeners: ((use: RedisUse, fault: RedisFault) => void)[] = [];
  const digests = new Map<string, string>();
  const subscribers: RedisSubscriber[] = [];
  /** Whether the user may not send messages; unknown at each new connection. */
  let isPublishDenied = false;
  let connection: Connection | undefined;
  /** `undefined` before the first connection or failure. */
  let state: boolean | undefined;
  let fault: RedisFault | null = null;
  let attempts = 0;
  let upSince: number | undefined;

  const client = new Redis(url, {
    connectTimeout: connectTimeoutMs,
    // A peer that hangs does not close the connection either.
    disconnectTimeout: 100,
    connectionName: 'recollect',
    // Works alike with all versions of Redis.
    protocol: 2,
    disableClientInfo: true,
    // The probe finds more than the client's own check, which needs the permission for INFO.
    enableReadyCheck: false,
    // A command fails at once instead of waiting for a connection, and is never sent twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => {
      const wasStable = upSince !== undefined && performance.now() - upSince > stableMs;
      attempts = wasStable ? 1 : attempts + 1;
      upSince = undefined;
      return reconnectDelay(attempts);
    },
  });

  const become = (isUp: boolean): void => {
    if (state === isUp) return;
    const isBack = isUp && state === false;
    state = isUp;
    isPublishDenied = false;
    // The address may lead to another Redis now, and a connection to the one before does not always end.
    if (isBack) for (const subscriber of subscribers) subscriber.reconnect();
    for (const listener of changeListeners) listener(isUp);
  };

  const end = (ended: Connection | undefined): void => {
    if (!ended) return;
    ended.isOver = true;
    clearTimeout(ended.watchdog);
  };

  /** Ends a connection, and has the client make a new one. */
  const giveUp = (given: Connection, reason: RedisFault): void => {
    if (given.isOver) return;
    end(given);
    fault = reason;
    become(false);
    client.disconnect(true);
  };

  /** Rejects if there is no answer in time, whatever becomes of the command. */
  const inTime = async (of: Connection, answer: Promise<unknown>): Promise<unknown> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RedisUnavailableError('timeout')), timeoutMs);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      const found = error instanceof RedisUnavailableError ? error.fault : redisFaultOf(error);
      if (isOfConnection(found)) giveUp(of, found);
      throw new RedisUnavailableError(found);
    } finally {
      clearTimeout(timer);
    }
  };

  const check = async (made: Connection): Promise<void> => {
    try {
      await inTime(made, client.call('EVAL', probe, '1', probeKey));
    } catch (error) {
      giveUp(made, error instanceof RedisUnavailableError ? error.fault : 'other error');
      return;
    }
    if (made.isOver) return;
    clearTimeout(made.watchdog);
    fault = null;
    upSince = performance.now();
    become(true);
  };

  client.on('connect', () => {
    end(connection);
    const made: Connection = {
      isOver: false,
      watchdog: setTimeout(() => giveUp(made, 'timeout'), connectTimeoutMs),
    };
    connection = made;
  });
  client.on('ready', () => {
    if (connection && !connection.isOver) void check(connection);
  });
  // Without a listener, ioredis prints the error, which contains the address.
  client.on('error', (error: unknown) => {
    // A connection that is given up has its reason already.
    if (connection && !connection.isOver) {
      const found = redisFaultOf(error);
      // The client would go on in the first database.
      if (found === 'no such database') giveUp(connection, found);
      else fault = found;
    } else if (state !== true) {
      fault = connection === undefined ? redisFaultOf(error) : (fault ?? redisFaultOf(error));
    }
  });
  client.on('close', () => {
    end(connection);
    connection = undefined;
    fault ??= 'connection closed';
    become(false);
  });

  const execute = async (
    { name, lua }: RedisScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> => {
    const parameters = [String(keys.length), ...keys, ...args];
    let digest = digests.get(name);
    if (digest === undefined) {
      digest = digestOf(lua);
      digests.set(name, digest);
    }
    try {
      return await client.callBuffer('EVALSHA', digest, ...parameters);
    } catch (error) {
      // Redis was restarted, and has no scripts. The command was not executed.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return client.callBuffer('EVAL', lua, ...parameters);
    }
  };

  const fail = (use: RedisUse, reason: RedisFault): void => {
    for (const listener of failureListeners) listener(use, reason);
  };

  const run: SharedRedis['run'] = async (script, keys, args) => {
    try {
      if (!connection || state !== true) throw new RedisUnavailableError('not connected');
      return await inTime(connection, execute(script, keys, args));
    } catch (error) {
      const failure =
        error instanceof RedisUnavailableError ? error : new RedisUnavailableError('other error');
      fail(script.use, failure.fault);
      throw failure;
    }
  };

  return {
    run,
    publish: (channel, message) => {
      if (state !== true || isPublishDenied) return;
      run(publishScript, [channel], [message]).then(
        (receivers) => {
          if (receivers !== -1) return;
          isPublishDenied = true;
          fail('updates', 'no permission');
        },
        () => {},
      );
    },
    subscribe: async (channel, receive) => {
      const subscriber = openRedisSubscriber(url, {
        channel,
        receive,
        reconnectDelay,
        onFault: (reason) => fail('updates', reason),
      });
      subscribers.push(subscriber);
      if (state === true)
        await Promise.race([subscriber.begun, pause(longestBeginMs, undefined, { ref: false })]);
    },
    isUp: () => state === true,
    onChange: (listener) => void changeListeners.push(listener),
    onFailure: (listener) => void failureListeners.push(listener),
    lastFault: () => fault,
    close: async () => {
      changeListeners.length = 0;
      for (const subscriber of subscribers) subscriber.close();
      end(connection);
      client.disconnect();
    },
  };
};

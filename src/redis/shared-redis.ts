import { Redis, type RedisOptions } from 'ioredis';

/** A Lua script, which Redis executes atomically. */
export interface RedisScript {
  /** Unique among all scripts. */
  readonly name: string;
  readonly lua: string;
}

/** Redis is not connected, did not answer in time, or refused the command. Whether the command was executed is unknown. */
export class RedisUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The shared Redis is not available.', { cause });
    this.name = 'RedisUnavailableError';
  }
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
  /** Calls a function each time the connection is lost or is back. */
  onChange(listener: (isUp: boolean) => void): void;
  close(): Promise<void>;
}

export interface SharedRedisOptions {
  /** Milliseconds for a command, and for a connection. */
  readonly timeoutMs?: number;
}

const longestReconnectMs = 2000;

/**
 * Connects to a Redis, and again whenever the connection is lost. It does not wait for the first connection.
 *
 * A command that takes too long ends the connection: the next ones fail at once instead of waiting too.
 */
export const openSharedRedis = (url: string, { timeoutMs = 250 }: SharedRedisOptions = {}): SharedRedis => {
  const options = {
    connectTimeout: Math.max(timeoutMs, 1000),
    // A command fails at once instead of waiting for a connection, and is never sent twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 10), longestReconnectMs),
    // After a failover, the present connection may lead to what is a replica now.
    reconnectOnError: ({ message }: Error) => (/^(READONLY|LOADING|MASTERDOWN)\b/.test(message) ? 1 : false),
  } satisfies RedisOptions;
  const client = new Redis(url, options);
  const listeners: ((isUp: boolean) => void)[] = [];
  const loaded = new Map<string, string>();
  let wasUp = false;

  const isUp = (): boolean => client.status === 'ready';
  const report = (): void => {
    if (isUp() === wasUp) return;
    wasUp = isUp();
    for (const listener of listeners) listener(wasUp);
  };
  client.on('ready', report);
  client.on('close', report);
  client.on('end', report);
  // Without a listener, ioredis prints the error, which contains the address.
  client.on('error', () => {});

  const inTime = <Value>(answer: Promise<Value>): Promise<Value> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('timeout'));
        client.disconnect(true);
      }, timeoutMs);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  };

  const execute = async (
    { name, lua }: RedisScript,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> => {
    const known = loaded.get(name);
    const parameters = [String(keys.length), ...keys, ...args];
    if (known !== undefined) {
      try {
        return await inTime(client.callBuffer('EVALSHA', known, ...parameters));
      } catch (error) {
        // Redis was restarted, and has no scripts.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      }
    }
    const digest = String(await inTime(client.call('SCRIPT', 'LOAD', lua)));
    loaded.set(name, digest);
    return inTime(client.callBuffer('EVALSHA', digest, ...parameters));
  };

  return {
    run: async (script, keys, args) => {
      if (!isUp()) throw new RedisUnavailableError('not connected');
      try {
        return await execute(script, keys, args);
      } catch (error) {
        throw new RedisUnavailableError(error);
      }
    },
    isUp,
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      listeners.length = 0;
      client.disconnect();
    },
  };
};

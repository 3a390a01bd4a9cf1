import { Redis } from 'ioredis';
import { type RedisFault, redisFaultOf } from './redis-fault.ts';

/** The messages of one channel, by a connection of their own. Those that are sent while there is none are lost. */
export interface RedisSubscriber {
  /** Resolves when messages are first received, or when Redis has refused that. */
  readonly begun: Promise<void>;
  /** Replaces the connection. */
  reconnect(): void;
  close(): void;
}

export interface RedisSubscriberOptions {
  readonly channel: string;
  readonly receive: (message: string) => void;
  /** Returns the milliseconds before a connection attempt. */
  readonly reconnectDelay: (attempt: number) => number;
  /** Called each time Redis refuses the subscription. */
  readonly onFault: (fault: RedisFault) => void;
}

/** Subscribes to a channel, and again on each new connection. */
export const openRedisSubscriber = (
  url: string,
  { channel, receive, reconnectDelay, onFault }: RedisSubscriberOptions,
): RedisSubscriber => {
  const client = new Redis(url, {
    connectTimeout: 2000,
    disconnectTimeout: 100,
    connectionName: 'recollect-updates',
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: reconnectDelay,
  });
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  client.on('ready', () => {
    client.subscribe(channel).then(begin, (error: unknown) => {
      const fault = redisFaultOf(error);
      // The next connection subscribes.
      if (fault === 'connection closed') return;
      onFault(fault);
      begin();
    });
  });
  client.on('message', (_, message) => receive(message));
  // Without a listener, ioredis prints the error, which contains the address.
  client.on('error', () => {});
  return {
    begun,
    reconnect: () => client.disconnect(true),
    close: () => client.disconnect(),
  };
};

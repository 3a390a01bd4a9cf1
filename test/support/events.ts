import type { Gateway } from '../../src/http/gateway.ts';
import type { Reply } from './gateway.ts';

/** What comes over a connection of the protocol graphql-sse: a payload, or `complete`. */
export type Event = Omit<Reply, 'status'> | 'complete';

const eventIn = (block: string): Event[] => {
  const lines = block.split('\n').filter((line) => !line.startsWith(':'));
  const fieldOf = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const event = fieldOf('event');
  if (event === undefined) return [];
  return [event === 'complete' ? event : (JSON.parse(fieldOf('data') ?? '') as Event)];
};

/** Reads the events of a response as they come, comments left out. */
export const readEvents = async function* (response: Response): AsyncGenerator<Event, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield* eventIn(block);
  }
};

export interface Subscribed {
  readonly status: number;
  /** Waits for the next event; `undefined` at the end of the response. */
  next(): Promise<Event | undefined>;
  close(): void;
}

/** Subscribes by `fetch` of a gateway. */
export const subscribe = async (
  { fetch }: Pick<Gateway, 'fetch'>,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Subscribed> => {
  const controller = new AbortController();
  const response = await fetch('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  });
  const events = readEvents(response);
  return {
    status: response.status,
    next: async () => {
      const { value } = await events.next();
      return value ?? undefined;
    },
    close: () => controller.abort(),
  };
};

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serve } from '../../src/http/server.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { Polls } from '../../src/updates/polls.ts';
import { startGateway } from '../support/gateway.ts';
import { canRunClients } from './packages.ts';

const isThere = canRunClients('the test of graphql-sse');

interface Journey {
  readonly follow: (
    url: string,
    fileNumber: string,
    onRetry: () => void,
  ) => { readonly results: AsyncIterableIterator<unknown>; readonly client: { dispose(): void } };
}

const file = 'sse';

describe.skipIf(!isThere)('graphql-sse', () => {
  const start = async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const polls = new Polls({ intervalMs: 60 * 60 * 1000, maxObjects: 10 });
    onTestFinished(() => polls.end());
    const { gateway, query } = await startGateway({ sandbox, polls });
    const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.cut());
    const addNote = (body: string) =>
      query(
        `mutation { addNote(input: { fileNumber: "R1001", body: "${body}", collectorName: "A" }) { __typename } }`,
      );
    return { polls, addNote, url: `http://127.0.0.1:${server.address.port}/graphql` };
  };

  it('reads events, and connects again when the gateway ends a subscription', async () => {
    const { polls, addNote, url } = await start();
    const { follow } = (await import(`./journeys/${file}.ts`)) as Journey;
    const onRetry = vi.fn();
    const { results, client } = follow(url, 'R1001', onRetry);
    const bodyOf = (body: string) => ({
      value: {
        data: {
          accountUpdates: { changed: ['NOTES'], account: { notes: { edges: [{ node: { body } }] } } },
        },
      },
      done: false,
    });
    const first = results.next();
    await vi.waitFor(() => expect(polls.size).toBe(1));
    await addNote('one');
    expect(await first).toEqual(bodyOf('one'));
    const second = results.next();
    polls.end();
    await vi.waitFor(() => expect(onRetry).toHaveBeenCalledTimes(1));
    await vi.waitFor(() => expect(polls.size).toBe(1));
    await addNote('two');
    expect(await second).toEqual(bodyOf('two'));
    await results.return?.();
    await vi.waitFor(() => expect(polls.size).toBe(0));
    client.dispose();
  });
});

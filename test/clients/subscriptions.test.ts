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
    onConnect: () => void,
  ) => { readonly results: AsyncIterableIterator<unknown>; readonly client: { dispose(): void } };
}

const file = 'sse';

describe.skipIf(!isThere)('graphql-sse', () => {
  /** Two gateways at one address, as behind a balancer: the second one responds after `replace`. */
  const start = async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const startReplica = async () => {
      const polls = new Polls({ intervalMs: 60 * 60 * 1000, maxObjects: 10 });
      onTestFinished(() => polls.end());
      const { gateway, query } = await startGateway({ sandbox, polls });
      const addNote = (body: string) =>
        query(
          `mutation { addNote(input: { fileNumber: "R1001", body: "${body}", collectorName: "A" }) { __typename } }`,
        );
      return { polls, addNote, handle: gateway.handle };
    };
    const replicas = [await startReplica(), await startReplica()] as const;
    let { handle } = replicas[0];
    const server = await serve((request, response) => handle(request, response), {
      port: 0,
      host: '127.0.0.1',
    });
    onTestFinished(() => server.cut());
    const replace = (): void => {
      ({ handle } = replicas[1]);
    };
    return { replicas, replace, url: `http://127.0.0.1:${server.address.port}/graphql` };
  };

  it('reads events, and connects to the next gateway when the first one stops', async () => {
    const {
      replicas: [stopping, next],
      replace,
      url,
    } = await start();
    const { follow } = (await import(`./journeys/${file}.ts`)) as Journey;
    const onConnect = vi.fn();
    const { results, client } = follow(url, 'R1001', onConnect);
    const bodyOf = (body: string) => ({
      value: {
        data: {
          accountUpdates: { changed: ['NOTES'], account: { notes: { edges: [{ node: { body } }] } } },
        },
      },
      done: false,
    });
    const first = results.next();
    await vi.waitFor(() => expect(onConnect).toHaveBeenCalledTimes(1));
    await stopping.addNote('one');
    expect(await first).toEqual(bodyOf('one'));
    const second = results.next();
    replace();
    stopping.polls.end();
    await vi.waitFor(() => expect(onConnect).toHaveBeenCalledTimes(2));
    await next.addNote('two');
    expect(await second).toEqual(bodyOf('two'));
    await results.return?.();
    await vi.waitFor(() => expect(next.polls.size).toBe(0));
    client.dispose();
  });
});

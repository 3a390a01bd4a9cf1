import { describe, expect, it } from 'vitest';
import { corpusFile, corpusOf } from '../support/corpus.ts';
import { type Caller, type Clock, fill, startCaller } from './caller.ts';

const ask = async (caller: Caller, clock: Clock, operation: string): Promise<unknown> => {
  const file = corpusFile('recoveryconnect', operation);
  if (file.after) await ask(caller, clock, file.after);
  clock.time = new Date(file.time ?? clock.time);
  const path = fill(file.path, file.params ?? {});
  const { status, body } = await caller.recoveryConnect(file.method, path, file.request ?? undefined);
  expect(status).toBe(200);
  return body;
};

const start = async () => {
  // The clock is turned to different days: a token of a later day lives through them all.
  const clock: Clock = { time: new Date('2026-03-11T00:00:00Z') };
  const caller = await startCaller({ now: () => clock.time });
  return { caller, clock };
};

const isPartial = (source: string): boolean => /only the beginning|was not visible/.test(source);

const operations = corpusOf('recoveryconnect').map(({ operation }) => operation);
const complete = operations.filter(
  (operation) =>
    !['authenticate', 'createOrder'].includes(operation) &&
    !isPartial(corpusFile('recoveryconnect', operation).source),
);
const partial = operations.filter((operation) => isPartial(corpusFile('recoveryconnect', operation).source));

describe('the documented requests of RecoveryConnect', () => {
  it.each(complete)('%s returns the documented body', async (operation) => {
    const { caller, clock } = await start();
    expect(await ask(caller, clock, operation)).toEqual(corpusFile('recoveryconnect', operation).success);
  });

  it.each(partial)('%s returns the visible part of the documented body', async (operation) => {
    const { caller, clock } = await start();
    const body = (await ask(caller, clock, operation)) as { data: unknown };
    const { data } = corpusFile('recoveryconnect', operation).success as { data: readonly unknown[] };
    if (!Array.isArray(data)) return expect(body.data).toMatchObject(data);
    const shown = (body.data as readonly unknown[]).slice(0, data.length);
    return expect(shown).toMatchObject(data);
  });

  it('createOrder returns the documented body, with a last change three seconds earlier', async () => {
    const { caller, clock } = await start();
    const { data, ...rest } = corpusFile('recoveryconnect', 'createOrder').success as { data: object };
    const body = await ask(caller, clock, 'createOrder');
    expect(body).toEqual({ ...rest, data: { ...data, updated_at: '2026-03-05 13:59:56' } });
  });

  it('authenticate returns the documented keys', async () => {
    const { caller, clock } = await start();
    const documented = corpusFile('recoveryconnect', 'authenticate').success as object;
    const minted = { access_token: expect.any(String), refresh_token: expect.any(String) };
    expect(await ask(caller, clock, 'authenticate')).toEqual({ ...documented, ...minted });
  });

  it('a phone can be created, listed and deleted as documented', async () => {
    const { caller, clock } = await start();
    for (const operation of ['listBorrowerPhones', 'createBorrowerPhone', 'deleteBorrowerPhone']) {
      expect(await ask(caller, clock, operation)).toEqual(corpusFile('recoveryconnect', operation).success);
    }
    const { body } = await caller.recoveryConnect(
      'GET',
      '/api/v140/orders/57062885/borrowers/124927241/phones',
    );
    expect((body as { data: { id: number }[] }).data.map(({ id }) => id)).toEqual([39317578, 39317581]);
  });
});

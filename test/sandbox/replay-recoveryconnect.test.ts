import { describe, expect, it } from 'vitest';
import { corpusFile, corpusOf } from '../support/corpus.ts';
import { type Caller, type Clock, fill, startCaller } from './caller.ts';

const phonePath = { order_id: '57062885', borrower_id: '124927241' };

/** What the documented examples stand for in the paths. */
const params: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  createBorrowerPhone: phonePath,
  deleteBorrowerPhone: { ...phonePath, phone_id: '39317579' },
  getBorrowerPhone: { ...phonePath, phone_id: '39317581' },
  getOrder: { order_id: '20' },
  listBorrowerAddresses: phonePath,
  listBorrowerPhones: phonePath,
  listOrderAssignments: { order_id: '57074730' },
  listOrderBorrowers: phonePath,
  listOrderCollaterals: phonePath,
  listOrderPhotos: { order_id: '57076503' },
  transferOrderPhotos: { order_id: '57076503' },
  transferPhoto: { order_id: '57076503', photo_id: '180461379' },
  updateAssignment: { assignment_id: '57074903' },
  updateBorrowerPhone: { ...phonePath, phone_id: '39317581' },
};

/** What must have been done before a documented example can be sent. */
const before: Readonly<Record<string, string>> = {
  getBorrowerPhone: 'createBorrowerPhone',
  updateBorrowerPhone: 'createBorrowerPhone',
  transferOrderPhotos: 'transferPhoto',
};

/** When the documented answers were given. */
const times: Readonly<Record<string, string>> = {
  createBorrowerPhone: '2026-03-07T14:18:07Z',
  createOrder: '2026-03-05T13:59:56Z',
  updateAssignment: '2026-03-10T11:50:11Z',
  updateBorrowerPhone: '2026-03-07T17:09:58Z',
};

const ask = async (caller: Caller, clock: Clock, operation: string): Promise<unknown> => {
  const file = corpusFile('recoveryconnect', operation);
  const preparation = before[operation];
  if (preparation) await ask(caller, clock, preparation);
  clock.time = new Date(times[operation] ?? clock.time);
  const path = fill(file.path, params[operation] ?? {});
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
  it.each(complete)('%s answers the documented body', async (operation) => {
    const { caller, clock } = await start();
    expect(await ask(caller, clock, operation)).toEqual(corpusFile('recoveryconnect', operation).success);
  });

  it.each(partial)('%s answers what is visible of the documented body', async (operation) => {
    const { caller, clock } = await start();
    const body = (await ask(caller, clock, operation)) as { data: unknown };
    const { data } = corpusFile('recoveryconnect', operation).success as { data: readonly unknown[] };
    if (!Array.isArray(data)) return expect(body.data).toMatchObject(data);
    const shown = (body.data as readonly unknown[]).slice(0, data.length);
    return expect(shown).toMatchObject(data);
  });

  it('createOrder answers the documented body, whose last change came three seconds later', async () => {
    const { caller, clock } = await start();
    const { data, ...rest } = corpusFile('recoveryconnect', 'createOrder').success as { data: object };
    const body = await ask(caller, clock, 'createOrder');
    expect(body).toEqual({ ...rest, data: { ...data, updated_at: '2026-03-05 13:59:56' } });
  });

  it('authenticate answers the documented keys', async () => {
    const { caller, clock } = await start();
    const documented = corpusFile('recoveryconnect', 'authenticate').success as object;
    const minted = { access_token: expect.any(String), refresh_token: expect.any(String) };
    expect(await ask(caller, clock, 'authenticate')).toEqual({ ...documented, ...minted });
  });

  it('replays the whole life of a phone', async () => {
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

import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect } from '../support/sandboxed-upstream.ts';
import { type Answer, type LocalUpstream, type Received, startUpstream } from '../support/upstream.ts';
import { invalidData, writeFailures } from '../support/write-failures.ts';

const success = 'transfers { orderId photoId succeeded reason }';
const documented = { orderId: '57076503', toOrderIds: ['57076502'] };
const onePhoto = { ...documented, photoIds: ['180461379'] };
const check = 'Check the photos of the target orders (`Order.photos`) before you transfer them again.';
const unlisted = { succeeded: null, reason: `RecoveryConnect's response does not contain it. ${check}` };
const failed = { succeeded: false, reason: 'RecoveryConnect reports that it failed, without a reason.' };
const notSent = { succeeded: false, reason: 'Not sent, because an earlier transfer did not succeed.' };
const unclear = {
  succeeded: null,
  reason: `RecoveryConnect's response does not state whether it succeeded. ${check}`,
};
const done = { succeeded: true, reason: null };

const mutateAt = async (recoveryConnect: LocalUpstream | null, input: object) => {
  const { query } = await startGateway({ recoveryConnect });
  const { data, errors } = await query(mutationOf('transferPhotos', success), { input });
  return { result: data.transferPhotos, errors, sent: recoveryConnect?.received.slice(1) ?? [] };
};

type Answers = Parameters<typeof startCorpusUpstream>[1];

const mutate = async (input: object, answers?: Answers) =>
  mutateAt(await startCorpusUpstream('recoveryconnect', answers), input);

/** Responds to the transfer of each photo by its number. */
const perPhoto = (answers: Readonly<Record<string, Answer>>): Promise<LocalUpstream> =>
  startUpstream(({ path }: Received) => {
    if (path.endsWith('/auth')) return { json: corpusFile('recoveryconnect', 'authenticate').success };
    return answers[path.split('/').at(-1) ?? ''] ?? { status: 404, html: 'no such route' };
  });

const orders = (...rows: readonly (readonly [order: number, photo: number, status: string])[]): Answer => ({
  json: { orders: rows.map(([id, photo, status]) => ({ id, attachments: [{ id: photo, status }] })) },
});

const notThere: Answer = { status: 404, json: { message: 'No query results for model [App\\Photo] 1' } };

describe('Mutation.transferPhotos', () => {
  it.each([
    ['transferPhoto', onePhoto, '/api/v130/orders/57076503/photos/180461379'],
    ['transferOrderPhotos', documented, '/api/v130/orders/57076503/photos/transfer'],
    ['transferOrderPhotos', { ...documented, photoIds: null }, '/api/v130/orders/57076503/photos/transfer'],
  ])('sends the documented request of %s', async (operation, input, path) => {
    const { result, errors, sent } = await mutate(input);
    expect(errors).toBeUndefined();
    expect(result.__typename).toBe('TransferPhotosSuccess');
    const { method, request } = corpusFile('recoveryconnect', operation);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method, path });
    expect(sent[0]?.body).toEqual(request);
  });

  it('returns the outcome of every photo of the documented response', async () => {
    const { result } = await mutate(documented);
    const outcomes = [
      ['180461378', done],
      ['180461379', failed],
      ['180461381', done],
      ['180461382', done],
    ] as const;
    expect(result.transfers).toEqual(
      outcomes.map(([photoId, outcome]) => ({ orderId: '57076502', photoId, ...outcome })),
    );
  });

  it.each<readonly [string, Answer, object[]]>([
    [
      'an order that the answer leaves out',
      orders([7, 1, 'success'], [7, 2, 'fail']),
      [
        { orderId: '7', photoId: '1', ...done },
        { orderId: '7', photoId: '2', ...failed },
        { orderId: '8', photoId: '1', ...unlisted },
        { orderId: '8', photoId: '2', ...unlisted },
      ],
    ],
    [
      'a response without photos',
      { json: { orders: [{ id: 7, attachments: [] }] } },
      [
        { orderId: '7', photoId: null, ...unlisted },
        { orderId: '8', photoId: null, ...unlisted },
      ],
    ],
    [
      'a photo that is listed twice, and an unknown word',
      orders([7, 1, 'success'], [7, 1, 'fail'], [8, 1, 'queued']),
      [
        { orderId: '7', photoId: '1', ...unclear },
        { orderId: '8', photoId: '1', ...unclear },
      ],
    ],
    [
      'photos that are reported twice alike, and words around a success',
      orders([7, 1, 'success'], [7, 1, 'Success'], [8, 1, 'fail'], [8, 1, 'failed'], [8, 1, 'success?']),
      [
        { orderId: '7', photoId: '1', ...done },
        { orderId: '8', photoId: '1', ...unclear },
      ],
    ],
  ])('loses nothing of %s', async (_, answer, transfers) => {
    const input = { orderId: '6', toOrderIds: ['7', '8'] };
    const { result } = await mutate(input, { transferOrderPhotos: answer });
    expect(result).toEqual({ __typename: 'TransferPhotosSuccess', transfers });
  });

  it('sends the photos one after the other, and continues after a declined one', async () => {
    const recoveryConnect = await perPhoto({
      1: orders([7, 1, 'success'], [8, 1, 'fail']),
      2: notThere,
      3: { status: 403, json: { message: 'This action is unauthorized.' } },
      4: invalidData({ transfer_to: ['The selected order is invalid.'] }),
      5: orders([8, 5, 'success']),
    });
    const { result, sent } = await mutateAt(recoveryConnect, {
      orderId: '6',
      toOrderIds: ['7', '8'],
      photoIds: ['1', '2', '3', '4', '5'],
    });
    const both = (photoId: string, outcome: object) =>
      ['7', '8'].map((orderId) => ({ orderId, photoId, ...outcome }));
    const declined = (reason: unknown) => ({ succeeded: false, reason });
    expect(result).toEqual({
      __typename: 'TransferPhotosSuccess',
      transfers: [
        { orderId: '7', photoId: '1', ...done },
        { orderId: '8', photoId: '1', ...failed },
        ...both('2', declined('RecoveryConnect has nothing under that number.')),
        ...both('3', declined('RecoveryConnect declined: This action is unauthorized.')),
        ...both('4', declined(expect.stringMatching(/^RecoveryConnect found the input invalid/))),
        { orderId: '7', photoId: '5', ...unlisted },
        { orderId: '8', photoId: '5', ...done },
      ],
    });
    expect(sent.map(({ path }) => path.split('/').at(-1))).toEqual(['1', '2', '3', '4', '5']);
    expect(new Set(sent.map(({ body }) => JSON.stringify(body)))).toEqual(new Set(['{"transfer_to":[7,8]}']));
  });

  const unknown = { succeeded: null, reason: `It is not known whether this was executed. ${check}` };

  it.each<readonly [string, Answer, object]>([
    ['unknown', 'reset', unknown],
    ['unknown', { status: 502, html: '' }, unknown],
    [
      'unavailable',
      { status: 429, json: {} },
      { succeeded: false, reason: 'RecoveryConnect received too many requests.' },
    ],
    [
      'a failure that nobody can act on',
      { status: 401, json: { message: 'Unauthenticated.' } },
      { succeeded: false, reason: 'RecoveryConnect could not be used; this was not executed.' },
    ],
  ])(
    'ends with a photo whose outcome is %s, and returns the earlier outcomes',
    async (_, answer, outcome) => {
      const recoveryConnect = await perPhoto({
        1: orders([7, 1, 'success']),
        2: answer,
        3: orders([7, 3, 'success']),
      });
      const input = { orderId: '6', toOrderIds: ['7'], photoIds: ['1', '2', '3'] };
      const { result, errors, sent } = await mutateAt(recoveryConnect, input);
      expect(errors).toBeUndefined();
      expect(result).toEqual({
        __typename: 'TransferPhotosSuccess',
        transfers: [
          { orderId: '7', photoId: '1', ...done },
          { orderId: '7', photoId: '2', ...outcome },
          { orderId: '7', photoId: '3', ...notSent },
        ],
      });
      expect(sent.some(({ path }) => path.endsWith('/photos/3'))).toBe(false);
    },
  );

  it('states which photos were certainly not sent after one with an unknown outcome', async () => {
    const recoveryConnect = await perPhoto({ 1: 'reset' });
    const input = { orderId: '6', toOrderIds: ['7'], photoIds: ['1', '2'] };
    const { result } = await mutateAt(recoveryConnect, input);
    expect(result).toEqual({
      __typename: 'TransferPhotosSuccess',
      transfers: [
        { orderId: '7', photoId: '1', ...unknown },
        { orderId: '7', photoId: '2', ...notSent },
      ],
    });
  });

  it.each<readonly [string, Readonly<Record<string, Answer>>, string, number]>([
    ['none is there', { 1: notThere, 2: notThere }, 'NotFoundError', 2],
    ['none can be sent', { 1: { status: 429, json: {} } }, 'UnavailableError', 1],
    [
      'they fail for different reasons',
      { 1: notThere, 2: { status: 403, json: {} } },
      'TransferPhotosSuccess',
      2,
    ],
  ])('if %s: returns one error if it applies to all photos', async (_, answers, type, calls) => {
    const input = { orderId: '6', toOrderIds: ['7'], photoIds: ['1', '2'] };
    const { result, sent } = await mutateAt(await perPhoto(answers), input);
    expect(result.__typename).toBe(type);
    expect(sent).toHaveLength(calls);
  });

  describe.each([
    ['transferPhoto', onePhoto],
    ['transferOrderPhotos', documented],
  ])('by %s alone', (operation, input) => {
    it.each([
      ...writeFailures,
      ['an answer without orders', { json: { orders: [] } }, { __typename: 'OutcomeUnknownError' }] as const,
    ])('reports %s', async (_, answer, expected) => {
      const { result, errors, sent } = await mutate(input, { [operation]: answer });
      expect(errors).toBeUndefined();
      expect(result).toMatchObject(expected);
      expect(JSON.stringify(result)).not.toMatch(/App|CANARY|example/);
      expect(sent).toHaveLength(1);
    });

    it('names the input fields that RecoveryConnect rejects', async () => {
      const answer = invalidData({ 'transfer_to.0': ['The selected order is invalid.'] });
      const { result } = await mutate(input, { [operation]: answer });
      expect(result).toMatchObject({
        __typename: 'InvalidInputError',
        fields: [{ path: 'toOrderIds.0', message: 'The selected order is invalid.' }],
      });
    });

    it('is null, with an error, where RecoveryConnect is not configured', async () => {
      const { result, errors } = await mutateAt(null, input);
      expect(result).toBeNull();
      expect(errors).toMatchObject([{ path: ['transferPhotos'], extensions: { operation } }]);
    });
  });

  const isNumber = 'Expected a number of at most 15 digits.';
  const numbers = (length: number) => Array.from({ length }, (_, index) => String(index + 1));

  it.each<readonly [string, object, readonly (readonly [string, string])[]]>([
    [
      'what are no numbers',
      { orderId: 'x', toOrderIds: ['7', ''], photoIds: ['1.5'] },
      [
        ['orderId', isNumber],
        ['toOrderIds.1', isNumber],
        ['photoIds.0', isNumber],
      ],
    ],
    [
      'what stands twice, and the order itself',
      { orderId: '6', toOrderIds: ['7', '07', '6'], photoIds: ['1', '1', 'x'] },
      [
        ['toOrderIds', 'Expected each of them once.'],
        ['photoIds.2', isNumber],
        ['photoIds', 'Expected each of them once.'],
        ['toOrderIds', 'Expected other orders than the one that the photos are on.'],
      ],
    ],
    [
      'lists of nothing',
      { orderId: '6', toOrderIds: [], photoIds: [] },
      [
        ['toOrderIds', 'Expected 1 to 50 of them.'],
        ['photoIds', 'Expected 1 to 100 of them.'],
      ],
    ],
    [
      'lists that are too long',
      { orderId: '999', toOrderIds: numbers(51), photoIds: numbers(101) },
      [
        ['toOrderIds', 'Expected 1 to 50 of them.'],
        ['photoIds', 'Expected 1 to 100 of them.'],
      ],
    ],
  ])('finds fault with %s, and sends nothing', async (_, input, faults) => {
    const { result, sent } = await mutate(input);
    expect(result.__typename).toBe('InvalidInputError');
    const reported = result.fields.map(({ path, message }: Record<string, string>) => [path, message]);
    expect(reported).toEqual(faults);
    expect(sent).toEqual([]);
  });

  it('is seen by every later selection of the request', async () => {
    const recoveryConnect = await startSandboxedRecoveryConnect();
    const { query } = await startGateway({ recoveryConnect });
    const aBorrower = `borrowerId: "124927241", typeId: "6", number: "6789321578"`;
    const { data, errors } = await query(`mutation {
      before: addBorrowerPhone(input: { orderId: "57062885", ${aBorrower} }) { ...photos }
      one: transferPhotos(input: { orderId: "57076503", toOrderIds: ["57062885", "1"], photoIds: ["180461379"] }) { ...transfers }
      between: addBorrowerPhone(input: { orderId: "57062885", ${aBorrower} }) { ...photos }
      all: transferPhotos(input: { orderId: "57076503", toOrderIds: ["57062885"] }) { ...transfers }
      after: addBorrowerPhone(input: { orderId: "57062885", ${aBorrower} }) { ...photos }
    }
    fragment photos on AddBorrowerPhoneResult {
      ... on AddBorrowerPhoneSuccess { phone { borrower { order { photos { photoId } } } } }
    }
    fragment transfers on TransferPhotosResult {
      ... on TransferPhotosSuccess { transfers { orderId photoId succeeded } }
    }`);
    expect(errors).toBeUndefined();
    const photos = (...photoIds: string[]) => ({
      phone: { borrower: { order: { photos: photoIds.map((photoId) => ({ photoId })) } } },
    });
    const transfer = (photoId: string, succeeded: boolean, orderId = '57062885') => ({
      orderId,
      photoId,
      succeeded,
    });
    expect(data).toEqual({
      before: photos(),
      one: { transfers: [transfer('180461379', true), transfer('180461379', false, '1')] },
      between: photos('180461379'),
      all: {
        transfers: [
          transfer('180461378', true),
          transfer('180461379', false),
          transfer('180461381', true),
          transfer('180461382', true),
        ],
      },
      after: photos('180461379', '180461378', '180461381', '180461382'),
    });
  });
});

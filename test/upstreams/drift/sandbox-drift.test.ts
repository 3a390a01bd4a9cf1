import { describe, expect, it } from 'vitest';
import { driftOf } from '../../../src/upstreams/drift/drift-of.ts';
import { type Answer, type Caller, fill, startCaller } from '../../sandbox/caller.ts';
import { corpusFile, corpusOf } from '../../support/corpus.ts';
import { endpointOf } from '../../support/own-keys.ts';

type Row = Readonly<Record<string, unknown>>;

interface Response extends Answer {
  readonly operation: string;
}

const driftsIn = (responses: readonly Response[]): object[] =>
  responses.flatMap(({ operation, status, body }) =>
    driftOf(endpointOf(operation), { status, headers: {}, json: body }).map((drift) => ({
      operation,
      ...drift,
    })),
  );

const rowsOf = (body: unknown): Row[] => {
  const { result, data } = body as Readonly<Record<string, Row[] | undefined>>;
  return result ?? data ?? [];
};

const some = <Item>(items: readonly Item[], most: number): Item[] =>
  items.filter((_, index) => index % Math.ceil(items.length / most) === 0);

const scollectReads = corpusOf('scollect').filter(
  ({ operation, method }) => method === 'GET' || /^get_last|^getAl/.test(operation),
);

const ofAccount = (caller: Caller, fileNumber: string): Promise<Response>[] =>
  scollectReads
    .filter(({ path, request }) => path.includes('{filenumber}') || request !== null)
    .map(async ({ operation, method, path, request }) => {
      const key = operation === 'get_lastpayinfo' ? 'filenumber' : 'FileNumber';
      const body = request === null ? undefined : { [key]: fileNumber };
      return { operation, ...(await caller.scollect(method, fill(path, { filenumber: fileNumber }), body)) };
    });

const portfolios = rowsOf(corpusFile('scollect', 'getportfoliolist').success).map((row) =>
  String(row['portfolio']),
);

describe('the records of the sandbox, with blanks, fillers and several spellings', () => {
  it('Scollect: no drift', { timeout: 60_000 }, async () => {
    const caller = await startCaller();
    const lists = await Promise.all(
      portfolios.map(async (portfolio) => ({
        operation: 'get_accounts_in_portfolio',
        ...(await caller.scollect('POST', '/get_accounts_in_portfolio', { portfolio })),
      })),
    );
    const fileNumbers = lists.flatMap(({ body }) => rowsOf(body).map((row) => String(row['lotno'])));
    expect(fileNumbers.length).toBeGreaterThan(300);
    const responses: Response[] = [...lists];
    const documented = fileNumbers.filter((number) => !/^[RD]3/.test(number));
    for (const fileNumber of [...documented, ...some(fileNumbers, 60)]) {
      responses.push(...(await Promise.all(ofAccount(caller, fileNumber))));
    }
    expect(driftsIn(responses)).toEqual([]);
  });

  it('RecoveryConnect: no drift', { timeout: 60_000 }, async () => {
    const caller = await startCaller();
    const get = async (operation: string, path: string): Promise<Response> => ({
      operation,
      ...(await caller.recoveryConnect('GET', path)),
    });
    const orders = await get('filterOrders', '/api/v150/recon/orders?per_page=1000');
    const responses = [
      orders,
      await get('filterAssignments', '/api/v150/assignments?per_page=1000'),
      await get('listOrders', '/api/v150/orders'),
      await get('filterOrders', '/api/v150/recon/orders?per_page=2'),
    ];
    const ids = rowsOf(orders.body).map((row) => String(row['id']));
    expect(ids.length).toBeGreaterThan(200);
    for (const id of some(ids, 60)) {
      const at = `orders/${id}`;
      const borrowers = await get('listOrderBorrowers', `/api/v140/${at}/borrowers`);
      responses.push(
        borrowers,
        await get('getOrder', `/api/v150/${at}`),
        await get('listOrderCollaterals', `/api/v130/${at}/collaterals`),
        await get('listOrderPhotos', `/api/v140/${at}/photos`),
        await get('listOrderAssignments', `/api/v150/${at}/assignments`),
      );
      for (const { id: borrower } of rowsOf(borrowers.body)) {
        const of = `/api/v140/${at}/borrowers/${borrower}`;
        responses.push(
          await get('listBorrowerPhones', `${of}/phones`),
          await get('listBorrowerAddresses', `${of}/addresses`),
        );
      }
    }
    expect(driftsIn(responses)).toEqual([]);
  });
});

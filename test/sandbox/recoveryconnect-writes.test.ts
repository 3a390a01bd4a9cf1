import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { type Caller, startCaller } from './caller.ts';

type Row = Readonly<Record<string, unknown>>;

const start = () => startCaller({ now: () => new Date('2026-03-16T13:05:09Z') });

const get = async ({ recoveryConnect }: Caller, path: string): Promise<Row> =>
  (await recoveryConnect('GET', path)).body as Row;

const rows = async (caller: Caller, path: string): Promise<Row[]> =>
  (await get(caller, path))['data'] as Row[];

const ids = async (caller: Caller, path: string): Promise<unknown[]> =>
  (await rows(caller, path)).map(({ id }) => id);

const newOrder = corpusFile('recoveryconnect', 'createOrder').request as Row;

describe('createOrder', () => {
  const create = async (caller: Caller, change: Row = {}): Promise<number> => {
    const { body } = await caller.recoveryConnect('POST', '/api/v150/orders', { ...newOrder, ...change });
    return (body as { data: { id: number } }).data.id;
  };

  it('creates an order that every read returns', async () => {
    const caller = await start();
    const id = await create(caller);
    const shown = { id, client_accountno: '2321', company_orderno: '60186-1', order_type_id: 1 };
    expect((await get(caller, `/api/v150/orders/${id}`))['data']).toMatchObject(shown);
    expect(await ids(caller, '/api/v150/recon/orders?acct_no=2321')).toEqual([id]);
    expect(await rows(caller, `/api/v130/orders/${id}/collaterals`)).toMatchObject([
      {
        vin: '3C8FY58B82T389999',
        make: 'Ford',
        original_loan_amount: '900',
        license_no: '139507',
        status: 'Open',
      },
    ]);
    expect(await rows(caller, `/api/v150/orders/${id}/assignments`)).toMatchObject([
      { parent_order_id: id, owner: { id: 123 } },
    ]);
  });

  it('creates its borrowers with their phones and addresses', async () => {
    const caller = await start();
    const id = await create(caller);
    const [borrower] = await rows(caller, `/api/v140/orders/${id}/borrowers`);
    expect(borrower).toMatchObject({
      firstname: 'VINAY',
      role: 'borrower',
      birthday: '1984-01-01',
      phones: [],
    });
    const path = `/api/v140/orders/${id}/borrowers/${borrower?.['id']}`;
    expect(await rows(caller, `${path}/phones`)).toMatchObject([
      { id: 39317581, number: '123456' },
      { id: 39317582 },
      { id: 39317583 },
    ]);
    expect((await get(caller, `${path}/phones/39317582`))['data']).toMatchObject({
      address_with_number: '10851 Black Canyon',
    });
    const address = {
      address_1: '10851 Black Canyon',
      state_name: 'California',
      latitude: '42.79543500',
      type: 1,
    };
    expect(await rows(caller, `${path}/addresses`)).toMatchObject([address, address]);
  });

  it('assigns the next ids', async () => {
    const caller = await start();
    await create(caller);
    const id = await create(caller, { assign_service_provider_id: undefined });
    expect(id).toBe(16664835);
    expect((await get(caller, `/api/v150/orders/${id}`))['data']).toMatchObject({
      company_orderno: '60187-1',
    });
    expect(await rows(caller, `/api/v150/orders/${id}/assignments`)).toEqual([]);
  });

  it('names every mandatory field that is missing', async () => {
    const caller = await start();
    const order = {
      case_type_id: 'one',
      client_id: 65690,
      collaterals: [{}],
      borrowers: [{ firstname: 'VINAY', type: 'borrower', addresses: [{ name: 'Home', zip_code: '43015' }] }],
    };
    const { status, body } = await caller.recoveryConnect('POST', '/api/v150/orders', order);
    expect(status).toBe(422);
    expect(body).toEqual({
      message: 'The given data was invalid.',
      errors: {
        case_type_id: ['The case type id must be an integer.'],
        lienholder_id: ['The lienholder id field is required.'],
        'collaterals.0.identification_number': ['The identification number field is required.'],
        'borrowers.0.lastname': ['The lastname field is required.'],
        'borrowers.0.addresses.0.address_1': ['The address 1 field is required.'],
      },
    });
  });
});

describe('orders', () => {
  it('are found by each of the filters', async () => {
    const caller = await start();
    const find = (query: string) => ids(caller, `/api/v150/recon/orders?${query}`);
    expect(await find('ids=57062885,20,999')).toEqual([20, 57062885]);
    expect(await find('other_refno=10230481')).toEqual([20]);
    expect(await find('vin=1gcek19b75z271554')).toEqual([57062885]);
    expect(await find('ids=20,57062885&status=3')).toEqual([57062885]);
    expect(await find('ids=20,57062885&order_type=2')).toEqual([20]);
    expect(await find('ids=20,57062885&client_id=26930')).toEqual([20]);
    expect(await find('owner_id=1')).toEqual([]);
  });

  it('are returned in pages', async () => {
    const caller = await start();
    const whole = await get(caller, '/api/v150/orders');
    expect(whole['meta']).toEqual({ current_page: 1, last_page: 2, per_page: '250', total: 257 });
    const page = await get(caller, '/api/v150/orders?per_page=100&page=3');
    expect(page['data']).toHaveLength(57);
    expect(page['meta']).toEqual({ current_page: 3, last_page: 3, per_page: '100', total: 257 });
    expect(page['links']).toMatchObject({ next: null, prev: expect.stringMatching(/page=2$/) });
    expect(await rows(caller, '/api/v150/orders?page=9')).toEqual([]);
  });
});

describe('borrower phones', () => {
  const path = '/api/v140/orders/57062885/borrowers/124941995/phones';

  it('are validated', async () => {
    const caller = await start();
    const { status, body } = await caller.recoveryConnect('POST', path, { memo: 'home', valid: 2 });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      errors: {
        type: ['The type field is required.'],
        number: ['The number field is required.'],
        valid: ['The valid field must be true or false.'],
      },
    });
  });

  it('keep the values that an update omits', async () => {
    const caller = await start();
    await caller.recoveryConnect('PUT', `${path}/39317580`, { number: '2105550123', no_contact: 1 });
    expect((await get(caller, `${path}/39317580`))['data']).toMatchObject({
      type: 6,
      number: '210-555-0123',
      valid: 1,
      no_contact: 1,
      updated_at: '2026-03-16 13:05:09',
    });
  });

  it('are not returned after deletion', async () => {
    const caller = await start();
    await caller.recoveryConnect('DELETE', `${path}/39317580`);
    expect(await rows(caller, path)).toEqual([]);
    const { status, body } = await caller.recoveryConnect('DELETE', `${path}/39317580`);
    expect(status).toBe(404);
    expect(body).toEqual({ message: 'No query results for model [App\\Phone] 39317580' });
  });
});

describe('assignments', () => {
  it('accept a new status, its note and an order type', async () => {
    const caller = await start();
    const update = { order_type: 2, status: 3, status_note: 'towed' };
    await caller.recoveryConnect('PUT', '/api/v130/assignments/57075006', update);
    expect(await rows(caller, '/api/v150/orders/57074730/assignments')).toMatchObject([
      { id: 57075006, order_type: 'Condition Report', status_date: '2026-03-16 13:05:09' },
    ]);
    expect(await rows(caller, '/api/v130/orders/57075006/collaterals')).toMatchObject([
      { status: 'Repossessed', status_id: 3, status_note: 'towed' },
    ]);
    expect(await ids(caller, '/api/v150/assignments?ids=57075006,57074903&status=3')).toEqual([57075006]);
  });

  it('are returned in pages without an envelope', async () => {
    const page = await get(await start(), '/api/v150/assignments?per_page=2');
    expect(page).toMatchObject({ current_page: 1, per_page: '2', from: 1, to: 2, data: [{ id: 30554 }, {}] });
  });
});

describe('photos', () => {
  it('are on both orders after a transfer', async () => {
    const caller = await start();
    const transfer = { transfer_to: [57076502] };
    await caller.recoveryConnect('PUT', '/api/v130/orders/57076503/photos/180461379', transfer);
    expect(await rows(caller, '/api/v140/orders/57076502/photos')).toMatchObject([
      { id: 180461379, order_id: 57076502 },
    ]);
    expect(await rows(caller, '/api/v140/orders/57076503/photos')).toHaveLength(4);
  });

  it('fail one by one for an unknown destination', async () => {
    const caller = await start();
    const path = '/api/v130/orders/57076503/photos/180461379';
    const { status, body } = await caller.recoveryConnect('PUT', path, { transfer_to: [1] });
    expect(status).toBe(200);
    expect(body).toEqual({ orders: [{ id: 1, attachments: [{ id: 180461379, status: 'fail' }] }] });
  });
});

describe('a missing object', () => {
  it.each([
    ['/api/v150/orders/1', 'Order', '1'],
    ['/api/v140/orders/1/borrowers', 'Order', '1'],
    ['/api/v140/orders/57062885/borrowers/7/phones', 'Borrower', '7'],
    ['/api/v140/orders/57062885/borrowers/124927241/phones/9', 'Phone', '9'],
  ])('GET %s names the class %s', async (path, model, id) => {
    const { status, body } = await (await start()).recoveryConnect('GET', path);
    expect(status).toBe(404);
    expect(body).toEqual({ message: `No query results for model [App\\${model}] ${id}` });
  });
});

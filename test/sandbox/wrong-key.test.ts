import { describe, expect, it } from 'vitest';
import { type OperationName, operations } from '../../src/sandbox/operations.ts';
import type { CallInput, Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { closeUpstreams, createUpstreams } from '../../src/upstreams/upstreams.ts';
import { limits } from '../support/limits.ts';
import { type Caller, startCaller } from './caller.ts';

const phone = { order_id: '57062885', borrower_id: '124927241', phone_id: '39317579' };
const photo = { order_id: '57076503', photo_id: '180461379' };
const transfer = { transfer_to: [57076502] };

/** A call of each operation whose answer repeats a requested key. */
const inputs: Readonly<Partial<Record<OperationName, object>>> = {
  getaccount: { params: { filenumber: 'R1001' } },
  getaccountbysocial: { params: { ssn: '111-22-3333' } },
  getAlaccountdata: { params: {}, body: { FileNumber: 'R1000' } },
  getAlpaymentdata: { params: {}, body: { FileNumber: 'r2121118' } },
  getattempts: { params: { filenumber: 'R1001' } },
  getemails: { params: { filenumber: 'R1166' } },
  getemailstats: { params: { filenumber: 'D3406' } },
  getnotes: { params: { filenumber: 'R1000' } },
  getpayments: { params: { filenumber: 'R1001' } },
  getphones: { params: { filenumber: 'R1000' } },
  get_lastpayinfo: { params: {}, body: { filenumber: 'R1001' } },
  get_accounts_in_portfolio: { params: {}, body: { portfolio: 'C2CLA 12.1.22' } },
  run_payment_external: {
    params: {},
    body: { filenumber: 'R1002', paymentdate: '2030-01-02', paymentamount: '5.00' },
  },
  filterOrders: { params: {}, query: { ids: '20,57062885' } },
  filterAssignments: { params: {}, query: { ids: '57074903' } },
  getOrder: { params: { order_id: '20' } },
  listOrderAssignments: { params: { order_id: '57074730' } },
  listOrderBorrowers: { params: { order_id: '57062885' } },
  listOrderCollaterals: { params: { order_id: '57062885' } },
  listOrderPhotos: { params: { order_id: '57076503' } },
  listBorrowerAddresses: { params: phone },
  listBorrowerPhones: { params: phone },
  getBorrowerPhone: { params: phone },
  createBorrowerPhone: { params: phone, body: { type: 1, number: '210-555-0142' } },
  updateBorrowerPhone: { params: phone, body: { memo: 'm' } },
  deleteBorrowerPhone: { params: phone },
  transferPhoto: { params: photo, body: transfer },
  transferOrderPhotos: { params: photo, body: transfer },
  updateAssignment: { params: { assignment_id: '57074903' }, body: { status_note: 'n' } },
};

// Object.keys forgets which keys an object has.
const names = Object.keys(operations) as OperationName[];
const checked = names.filter((name) => (operations[name] as Endpoint).answersFor);

const clientOf = ({ sandbox }: Caller) => {
  const upstreams = createUpstreams({ ...limits, ...sandbox });
  return { upstreams, close: () => closeUpstreams(upstreams) };
};

/** What becomes of a call: the name and the words of its error, or that there is none. */
const endOf = async (
  caller: Caller,
  name: OperationName,
): Promise<readonly [string, string] | 'answered'> => {
  const { upstreams, close } = clientOf(caller);
  const endpoint: Endpoint = operations[name];
  try {
    await upstreams[endpoint.system].call(endpoint, inputs[name] as CallInput);
    return 'answered';
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : ['', ''];
  } finally {
    await close();
  }
};

describe('the fault wrong-key', () => {
  it('is of every operation whose answer repeats a requested key', () => {
    expect(Object.keys(inputs).sort()).toEqual([...checked].sort());
  });

  it.each(checked)('%s: its answer is not taken for one to the request', async (name) => {
    const caller = await startCaller();
    caller.sandbox.faults.set([{ operation: name, fault: 'wrong-key' }]);
    const isWrite = operations[name].effect === 'write';
    expect(await endOf(caller, name)).toEqual([
      isWrite ? 'OutcomeUnknownError' : 'BadResponseError',
      expect.stringContaining(isWrite ? 'did not confirm' : 'returned another key'),
    ]);
    caller.sandbox.faults.clear();
    // What was written has been executed: that it can be done again is not said.
    if (!isWrite) expect(await endOf(caller, name)).toBe('answered');
  });

  it('executes the write', async () => {
    const caller = await startCaller();
    const countOf = async (): Promise<number> =>
      ((await caller.scollect('GET', '/getpayments/R1002')).body as { result: unknown[] }).result.length;
    const before = await countOf();
    caller.sandbox.faults.set([{ operation: 'run_payment_external', fault: 'wrong-key' }]);
    await endOf(caller, 'run_payment_external');
    expect(await countOf()).toBe(before + 1);
  });

  it('changes the keys alone, and only where the call requests one', async () => {
    const caller = await startCaller();
    const path = '/api/v150/recon/orders?per_page=2';
    const phones = await caller.scollect('GET', '/getphones/R1000');
    const orders = await caller.recoveryConnect('GET', path);
    caller.sandbox.faults.set([
      { operation: 'getphones', fault: 'wrong-key' },
      { operation: 'filterOrders', fault: 'wrong-key' },
    ]);
    const { result } = phones.body as { result: object[] };
    expect((await caller.scollect('GET', '/getphones/R1000')).body).toEqual({
      state: 'SUCCESS',
      result: result.map((row) => ({ ...row, filenumber: 'R8999' })),
    });
    expect((await caller.recoveryConnect('GET', path)).body).toEqual(orders.body);
  });

  it('for all operations of a system leaves the answers of those that repeat no key', async () => {
    const caller = await startCaller();
    caller.sandbox.faults.set([{ operation: '*', system: 'SCOLLECT', fault: 'wrong-key' }]);
    const body = { filenumber: 'R1000', collectorname: 'mall', logmessage: 'Test' };
    expect((await caller.scollect('POST', '/InsertNoteline', body)).body).toEqual({
      result: { success: 'Noteline inserted successfully' },
      state: 'SUCCESS',
    });
    // Nothing was found, so that no row could name anything.
    expect((await caller.scollect('GET', '/getaccount/R100')).body).toEqual({
      result: { result: [] },
      state: 'SUCCESS',
    });
    expect(await endOf(caller, 'getaccount')).toMatchObject(['BadResponseError', {}]);
  });
});

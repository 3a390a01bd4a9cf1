import { describe, expect, it } from 'vitest';
import { type OperationName, operations } from '../../src/sandbox/operations.ts';
import type { CallInput, Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { closeUpstreams, createUpstreams } from '../../src/upstreams/upstreams.ts';
import { corpusFile, folders } from '../support/corpus.ts';
import { limits } from '../support/limits.ts';
import { type Caller, startCaller } from './caller.ts';

const phone = { order_id: '57062885', borrower_id: '124927241', phone_id: '39317579' };

/** The calls of operations whose documented request needs another state of the sandbox, or names no key. */
const ownInputs: Readonly<Partial<Record<OperationName, object>>> = {
  filterOrders: { query: { ids: '20,57062885' } },
  filterAssignments: { query: { ids: '57074903' } },
  getBorrowerPhone: { params: phone },
  updateBorrowerPhone: { params: phone },
  run_payment_external: { body: { filenumber: 'R1002', paymentdate: '2030-01-02', paymentamount: '5.00' } },
};

/** A call of an operation: its documented request. */
const inputOf = (name: OperationName): CallInput => {
  const { params = {}, request } = corpusFile(folders[operations[name].system], name);
  return { params, body: request ?? undefined, ...ownInputs[name] } as CallInput;
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
    await upstreams[endpoint.system].call(endpoint, inputOf(name));
    return 'answered';
  } catch (error) {
    return error instanceof Error ? [error.name, error.message] : ['', ''];
  } finally {
    await close();
  }
};

describe('the fault wrong-key', () => {
  it.each(checked)('%s: the gateway rejects a response for another key', async (name) => {
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

  it('changes keys only, and only if the call requests one', async () => {
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

  it('for all operations of a system does not change responses without a key', async () => {
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

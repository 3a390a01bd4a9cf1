import { expect, it, vi } from 'vitest';
import { recoveryConnectOperations } from '../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../src/upstreams/scollect/operations.ts';
import { corpusFile } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { everyField } from './support/every-field.ts';
import { startGateway } from './support/gateway.ts';

const odd: unknown[] = [{}, [], [[]], { id: 1 }, [{ id: 1 }], [null], true, false, 1e300, -1, 0.5, 99999999999, '99999999999', 'x', '9999-99-99', '2020-13-45', '13/45/2020', '\u0000', null, '1e999', '-', '+1', '$', '%', '1,2,3,4', 'NaN', 'Infinity', '١٢٣', ' ', '12:75', '25:61 PM','0000-00-00', '9'.repeat(400), '-0', '1.', '.5', 'ſſ', '\ud800'];
const links = ['Phone.accounts', 'Portfolio.accounts', 'Order.accounts', 'Account.orders'];
const acc = everyField('Account', ['Order', 'Assignment', ...links]);
const docs = [
  `{ account(fileNumber: "R1001") ${acc} }`,
  `{ accountsBySsn(ssn: "111-22-3333") ${acc} accountsByPhone(number: "716-628-9899") ${acc} }`,
  `{ portfolio(name: "C2CLA 12.1.22") { accounts { totalCount edges { node ${acc} } } } portfolios ${everyField('Portfolio', ['Account'])} }`,
  `{ order(orderId: "20") ${everyField('Order', ['Account', 'Order.accounts'])} orders { totalCount pageInfo { hasNextPage } edges { node ${everyField('Order', ['Account', 'Borrower', 'Assignment','Photo','Collateral'])} } } assignment(assignmentId: "30554") ${everyField('Assignment', ['Account'])} }`,
];
const mutate = (v: unknown, x: unknown, keep: (k: string) => boolean, depth = 0): unknown => {
  if (Array.isArray(v)) return v.map((i) => mutate(i, x, keep, depth));
  if (typeof v !== 'object' || v === null) return v;
  return Object.fromEntries(Object.entries(v).map(([k, val]) => {
    if (['result', 'success', 'data', 'state', 'meta', 'status'].includes(k) && depth < 3 && (k !== 'status' || typeof val === 'string' && val === 'success')) return [k, mutate(val, x, keep, depth + 1)];
    return [k, keep(k) ? val : x];
  }));
};
for (const [sys, ops] of [['scollect', scollectOperations], ['recoveryconnect', recoveryConnectOperations]] as const) {
  for (const e of Object.values(ops)) {
    if (e.effect !== 'read' || ['login', 'authenticate', 'listOrders'].includes(e.operation)) continue;
    it(e.operation, async () => {
      let now: unknown;
      const up = await startCorpusUpstream(sys, { [e.operation]: () => ({ json: now }) });
      const log = { error: vi.fn() };
      const { query } = await startGateway({ [sys === 'scollect' ? 'scollect' : 'recoveryConnect']: up, log, scopes: ['pii:read'] });
      const success = corpusFile(sys, e.operation).success;
      const keys = new Set(['filenumber', 'lotno', 'id', 'portfolio', 'phonenumber', 'date', 'paymentdate', 'paymentamount', 'maindatabaseid']);
      for (const x of odd) for (const [i, doc] of docs.entries()) {
        if ((sys === 'scollect') !== (i < 3)) continue;
        now = mutate(success, x, (k) => keys.has(k));
        const r = await query(doc);
        const errs = (r.errors ?? []).map((er) => [er.message, er.path?.join('.'), er.extensions?.['code']]);
        expect.soft([r.status, errs.slice(0, 3)], `${e.operation} ${JSON.stringify(x)?.slice(0, 30)} doc ${i}`).toEqual([200, []]);
        expect.soft(log.error.mock.calls.slice(0, 1)).toEqual([]);
        log.error.mockClear();
      }
    }, 120000);
  }
}

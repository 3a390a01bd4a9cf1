import { describe, expect, it } from 'vitest';
import { readyTabs } from '../src/http/graphiql/ready-queries.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { startGateway } from './support/gateway.ts';

describe('the query that joins both systems', () => {
  it('costs seven calls: three for the account, two for the order, one for each borrower', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 57062885 }] } },
    });
    const { query } = await startGateway({ scollect, recoveryConnect });
    const { errors } = await query(readyTabs[0].query);
    expect(errors).toBeUndefined();
    expect(scollect.calls()).toEqual(['/getaccount/R1001', '/getpayments/R1001', '/getphones/R1001']);
    expect(recoveryConnect.calls()).toEqual([
      '/api/v140/orders/57062885/borrowers',
      '/api/v140/orders/57062885/borrowers/124927241/phones',
      '/api/v140/orders/57062885/borrowers/124941995/phones',
      '/api/v150/recon/orders',
    ]);
    // Besides, one log-in at each system.
    expect(scollect.received.length + recoveryConnect.received.length).toBe(9);
  });
});

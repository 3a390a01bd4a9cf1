import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

describe('Query.portfolios', () => {
  it('answers the documented portfolios', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query('{ portfolios { portfolioId name client placedDate } }');
    expect(data.portfolios).toHaveLength(12);
    expect(data.portfolios[11]).toEqual({
      portfolioId: '722',
      name: 'New Portfolio Manual Name',
      client: 'New Client Manual',
      placedDate: '2025-04-15',
    });
    expect(calls()).toEqual(['/getportfoliolist']);
  });
});

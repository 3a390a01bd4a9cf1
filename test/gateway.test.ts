import { describe, expect, it, vi } from 'vitest';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { errorLog, startGateway } from './support/gateway.ts';

const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body,
});

const document = '{ order(orderId: "20") { orderId } }';

describe('the gateway', () => {
  it("hands an upstream's warnings on", async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 20 }], warnings: ['Data of today is incomplete'] } },
    });
    const { query } = await startGateway({ recoveryConnect });
    expect(await query(document)).toEqual({
      status: 200,
      data: { order: { orderId: '20' } },
      extensions: {
        warnings: [
          { upstream: 'RECOVERY_CONNECT', operation: 'filterOrders', message: 'Data of today is incomplete' },
        ],
      },
    });
  });

  it('says that it is alive', async () => {
    const { gateway } = await startGateway();
    expect((await gateway.fetch('http://gateway/health')).status).toBe(200);
  });

  it('takes no more than a megabyte', async () => {
    const { gateway, calls } = await startGateway();
    const body = JSON.stringify({ query: document, variables: { filler: 'x'.repeat(1_000_000) } });
    const response = await gateway.fetch('http://gateway/graphql', post(body));
    expect(response.status).toBe(413);
    expect(calls()).toEqual([]);
  });

  it.each([
    ['a body that is no JSON', post('{"query":"{portfolios{name}}","variables":{"ssn":111-22-3333}}')],
    ['a parameter that is unheard of', post('{"query":"{portfolios{name}}","111-22-3333":1}')],
    ['a body that is no object', post('"111-22-3333"')],
    ['variables that are no object', post('{"query":"{portfolios{name}}","variables":"111-22-3333"}')],
    ['variables in a GET that are no object', { query: '?query={portfolios{name}}&variables=1113333' }],
    [
      'a variable of the wrong type',
      post(
        JSON.stringify({
          query: 'query ($i: ID!) { order(orderId: $i) { orderId } }',
          variables: { i: { ssn: '111-22-3333' } },
        }),
      ),
    ],
    ['variables in a GET that are no JSON', { query: '?query={portfolios{name}}&variables={"a":22-3333' }],
    ['a mutation, of which there is none', post('{"query":"mutation { x }"}')],
    ['no query at all', post('{}')],
  ] satisfies [string, RequestInit | { query: string }][])(
    'answers %s by an error with a code, without its values',
    async (_, request) => {
      const error = vi.fn();
      const { gateway, calls } = await startGateway({ log: errorLog(error) });
      const url = 'http://gateway/graphql';
      const response = await ('query' in request
        ? gateway.fetch(url + request.query)
        : gateway.fetch(url, request));
      const body = await response.text();
      expect(response.status).toBeLessThan(500);
      expect(JSON.parse(body).errors).toMatchObject([
        { extensions: { code: expect.stringMatching(/^[A-Z_]+$/) } },
      ]);
      expect(body).not.toMatch(/3333|INTERNAL/);
      expect([calls(), error.mock.calls]).toEqual([[], []]);
    },
  );

  it('takes no upload, which a page of another origin could send', async () => {
    const { gateway } = await startGateway();
    const form = new FormData();
    form.set('operations', JSON.stringify({ query: document }));
    form.set('map', '{}');
    const response = await gateway.fetch('http://gateway/graphql', { method: 'POST', body: form });
    expect(response.status).toBe(415);
  });

  it('lets no page of another origin read its answers', async () => {
    const { gateway } = await startGateway();
    const origin = { origin: 'https://elsewhere.example.com' };
    const answer = await gateway.fetch(
      'http://gateway/graphql',
      post(JSON.stringify({ query: document }), origin),
    );
    const preflight = await gateway.fetch('http://gateway/graphql', {
      method: 'OPTIONS',
      headers: { ...origin, 'access-control-request-method': 'POST' },
    });
    const names = [...answer.headers.keys(), ...preflight.headers.keys()];
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it.each([
    ['localhost:4000', 200],
    ['127.0.0.1:4000', 200],
    ['[::1]:4000', 200],
    ['rebound.example.com:4000', 403],
    ['127.0.0.1.example.com', 403],
  ])('that is open to this machine answers a request to %s with %i', async (host, status) => {
    const { gateway, calls } = await startGateway({ loopbackOnly: true });
    const response = await gateway.fetch(`http://${host}/graphql`, post(JSON.stringify({ query: document })));
    expect(response.status).toBe(status);
    expect(calls()).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe('a warning', () => {
  it('about a read is cleaned of what may be personal too: only some callers may see it', async () => {
    const warnings = ['borrower John Doe of /var/www/app/Order.php has SSN 912-55-4418', { John: 'Doe' }];
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 20 }], warnings } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { extensions } = await query(document);
    expect(extensions?.['warnings']).toEqual([
      { upstream: 'RECOVERY_CONNECT', operation: 'filterOrders', message: 'borrower … of … has SSN …' },
    ]);
  });

  it('about a write is cleaned of what may be personal, and left out where nothing else is in it', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      deleteBorrowerPhone: {
        json: { data: { success: true }, warnings: ['number 614-555-0142 of John Doe exists', 'John Doe'] },
      },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, extensions } = await query(
      'mutation { deleteBorrowerPhone(input: { orderId: "1", borrowerId: "2", phoneId: "3" }) { __typename } }',
    );
    expect(data.deleteBorrowerPhone.__typename).toBe('DeleteBorrowerPhoneSuccess');
    expect(extensions?.['warnings']).toEqual([
      { upstream: 'RECOVERY_CONNECT', operation: 'deleteBorrowerPhone', message: 'number … of … exists' },
    ]);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { admitTenants } from '../src/auth/admit-tenants.ts';
import { UnauthenticatedError } from '../src/auth/authentication.ts';
import { createJwtAuthentication } from '../src/auth/jwt.ts';
import { startAudited } from './support/audited.ts';
import { callerWith } from './support/caller.ts';
import { leaksIn } from './support/canary-forms.ts';
import { noRateLimits, silentLog } from './support/gateway.ts';
import { hmacToken, secret } from './support/issuer.ts';
import { mutationOf } from './support/mutation.ts';

const uuid = expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/);
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const url = 'http://gateway/graphql';
const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('a request that is rejected before execution', () => {
  it.each<readonly [string, string, string, RequestInit]>([
    ['of bad syntax', 'GRAPHQL_PARSE_FAILED', url, post({ query: '{ account(' })],
    ['of an invalid document', 'GRAPHQL_VALIDATION_FAILED', url, post({ query: '{ nothing }' })],
    ['of no document', 'BAD_REQUEST', url, post({})],
    [
      'of another form',
      'BAD_REQUEST',
      url,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' },
    ],
    [
      'in a media type that is not served',
      'BAD_REQUEST',
      url,
      post({ query: '{ __typename }' }, { accept: 'image/png' }),
    ],
    [
      'that is too long',
      'REQUEST_ENTITY_TOO_LARGE',
      url,
      post({ query: '{ __typename }', x: 'a'.repeat(1_000_001) }),
    ],
    ['by a method that never is answered with a text', 'BAD_REQUEST', url, { method: 'HEAD' }],
    [
      'at a path that means the same',
      'GRAPHQL_VALIDATION_FAILED',
      'http://gateway/graphql/',
      post({ query: '{ nothing }' }),
    ],
    [
      'under a path before it',
      'GRAPHQL_VALIDATION_FAILED',
      'http://gateway/x/graphql',
      post({ query: '{ nothing }' }),
    ],
    ['by another method', 'BAD_REQUEST', url, { method: 'DELETE' }],
    ['that changes something by GET', 'BAD_REQUEST', `${url}?query=mutation{__typename}`, {}],
    [
      'for events',
      'GRAPHQL_VALIDATION_FAILED',
      url,
      post({ query: 'subscription { a }' }, { accept: 'text/event-stream' }),
    ],
  ])('is recorded with its reason: %s', async (_, code, address, request) => {
    const { gateway, lines } = await startAudited();
    await (await gateway.fetch(address, request)).text();
    expect(lines()).toMatchObject([
      { audit: true, requestId: uuid, type: null, refused: code, errors: { [code]: 1 } },
    ]);
    expect(lines()[0]).not.toHaveProperty('records');
  });

  it('is recorded with its document, if that was read', async () => {
    const { query, lines } = await startAudited();
    await query('{ nothing }', {}, { 'x-caller': 'jane' });
    expect(lines()).toMatchObject([{ caller: 'jane', document: digestOf('{ nothing }') }]);
  });

  it('is recorded with the same digest, whichever security code its document contains', async () => {
    const { query, lines } = await startAudited();
    const card = 'type: "Visa" number: $number expirationMonth: 1 expirationYear: 2087';
    const pay = (code: string) =>
      `mutation ($number: CardNumber!) { recordPayment(input: { idempotencyKey: "k" fileNumber: "R1" amount: "5"
        paymentDate: "2087-05-17" payorName: "n" type: "Online" card: { ${card} securityCode: "${code}" } }) { __typename } }`;
    for (const code of ['119', '523']) await query(pay(code), { number: '4242424242424242' });
    const [one, other] = lines();
    expect(one).toMatchObject({ refused: 'GRAPHQL_VALIDATION_FAILED', document: expect.any(String) });
    expect(one?.['document']).toBe(other?.['document']);
  });

  it('is recorded without a known caller', async () => {
    const { query, lines } = await startAudited({
      authenticate: () => {
        throw new UnauthenticatedError('Authorization: expected Bearer and a token.');
      },
    });
    expect((await query('{ __typename }')).status).toBe(401);
    expect(lines()).toMatchObject([
      { refused: 'UNAUTHENTICATED', caller: null, tenant: null, document: null },
    ]);
  });

  it.each<readonly [string, RequestInit]>([
    ['without a token', post({ query: '{ __typename }' })],
    ['with a token that is not valid', post({ query: '{ __typename }' }, { authorization: 'Bearer x' })],
    ['from another site', post({ query: '{ __typename }' }, { origin: 'https://evil.example.com' })],
    ['of another form', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }],
  ])('without a known caller is recorded up to a limit per minute: %s', async (_, request) => {
    const { gateway, lines } = await startAudited({
      authenticate: createJwtAuthentication({ secret }, { log: silentLog }),
      access: { rateLimits: { ...noRateLimits, failuresPerAddress: 3 } },
    });
    for (let n = 0; n < 10; n += 1) await gateway.fetch(url, request);
    expect(lines()).toHaveLength(3);
    await gateway.fetch(url, post({ query: '{ nothing }' }, { authorization: `Bearer ${hmacToken()}` }));
    expect(lines()).toHaveLength(4);
    expect(lines()[3]).toMatchObject({ caller: 'alice', refused: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it('of an unknown tenant is recorded with its caller', async () => {
    const jane = { ...callerWith([]), id: 'jane', tenant: 'other' };
    const { query, lines } = await startAudited({
      authenticate: admitTenants(
        () => jane,
        () => false,
      ),
    });
    expect((await query('{ __typename }')).status).toBe(403);
    expect(lines()).toMatchObject([
      { refused: 'FORBIDDEN', caller: 'jane', tenant: 'other', document: null },
    ]);
  });

  it('with a wrong host is recorded', async () => {
    const { query, lines } = await startAudited({ loopbackOnly: true });
    expect((await query('{ __typename }')).status).toBe(403);
    expect(lines()).toMatchObject([{ refused: 'FORBIDDEN' }]);
  });

  it('that is no operation is not recorded', async () => {
    const { gateway, text } = await startAudited();
    for (const path of ['/health', '/ready', '/metrics', '/nothing'])
      await gateway.fetch(`http://gateway${path}`);
    await gateway.fetch(url, { headers: { accept: 'text/html' } });
    expect(text()).toBe('');
  });
});

describe('the audit trail', () => {
  const canaries = {
    card: '4242424242424242',
    securityCode: '8351',
    ssn: '219-09-9999',
    phone: '678-932-1578',
    key: 'canary-key-Qz7',
    payor: 'Quillfeather',
    email: 'jane.roe@mail.example.org',
  };

  it('contains no input but keys and names', async () => {
    const { query, text, lines } = await startAudited();
    const { card, securityCode, ssn, phone, key, payor, email } = canaries;
    const input = {
      idempotencyKey: key,
      fileNumber: 'R1001',
      paymentDate: '2087-05-17',
      amount: '5',
      payorName: payor,
      status: 'PENDING',
      type: 'Online',
      acceptedFees: true,
      printed: false,
      invoice: email,
      card: { type: 'Visa', number: card, securityCode, expirationMonth: 12, expirationYear: 2030 },
    };
    await query(mutationOf('recordPayment', '__typename'), { input });
    await query(mutationOf('addNote', '__typename'), {
      input: { fileNumber: ssn, collectorName: payor, body: card },
    });
    await query(`query Of${card} { a${card}: accountsBySsn(ssn: "${ssn}") { status } }`);
    await query(
      `{ accountsByPhone(number: "${phone}") { fileNumber } account(fileNumber: "${card}") { status } }`,
    );
    await query(`{ account(fileNumber: "R1" ${email}) { status } }`);
    await query('{ __typename }', {}, { 'x-caller': card });
    expect(lines()).toHaveLength(6);
    expect(leaksIn(text(), canaries)).toEqual([]);
  });
});

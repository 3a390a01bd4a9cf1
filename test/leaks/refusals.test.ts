import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { GraphQLLeafType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { invalidBodies } from '../support/canary-requests.ts';
import { filled, leavesOf, mutations, replacedAt, waysToFill } from '../support/input-types.ts';
import { canary, validValue } from '../support/leaf-values.ts';
import { tokenFor } from '../support/token.ts';
import { configured, kept, tokens, written } from './canaries.ts';
import { type Answer, type Hunt, leaksAmong, startHunt, together } from './hunt.ts';
import { startIndiscreet } from './indiscreet.ts';

/** Canaries that a name in a document can hold. */
const names = [
  configured['API key'],
  configured.PIN,
  `_${written.card}`,
  `card_${written.card}`,
  `_${written.SSN.replaceAll('-', '')}`,
  `x_${configured['gateway key']}`,
];

const documentsWith = (name: string): string[] => [
  `{ ${name} }`,
  `{ account(fileNumber: "R1001") { ${name} } }`,
  `{ account(fileNumber: "R1001") { borrower { ${name} { x } } } }`,
  `{ account(${name}: "R1001") { id } }`,
  `{ orders(filter: { ${name}: 1 }) { totalCount } }`,
  `{ orders(filter: ${name}) { totalCount } }`,
  `{ account(fileNumber: ${name}) { id } }`,
  `{ account(fileNumber: "R1001") { id { ${name} } } }`,
  `{ ...${name} }`,
  `{ ... on ${name} { id } }`,
  `{ node(id: "x") { ... on ${name} { id } } }`,
  `fragment ${name} on Account { id } { __typename }`,
  `fragment ${name} on Account { ...${name} } { account(fileNumber: "R1") { ...${name} } }`,
  `fragment F on ${name} { id } { __typename }`,
  `{ __typename @${name} }`,
  `{ __typename @include(if: ${name}) }`,
  `{ __typename @include(${name}: true) }`,
  `{ account(fileNumber: $${name}) { id } }`,
  `query ($${name}: String) { __typename }`,
  `query ($${name}: String!) { account(fileNumber: $${name}) { id } }`,
  `query ($x: ${name}) { __typename }`,
  `query ($x: Int = ${name}) { orders(first: $x) { totalCount } }`,
  `query ${name} { __typename } query ${name} { __typename }`,
  `query ${name} { nothing }`,
  `subscription ${name} { ${name} }`,
  `mutation { ${name}(input: {}) { __typename } }`,
  `mutation { addNote(input: { ${name}: 1 }) { __typename } }`,
  `${name} { __typename }`,
  `{ __type(name: "${name}") { name } }`,
  `type ${name} { id: ID }`,
];

/** Values that no type of the schema takes where they stand. */
const values = [
  JSON.stringify(written.card),
  written.card,
  JSON.stringify(written.SSN),
  JSON.stringify(written['idempotency key']),
  JSON.stringify(kept["driver's license"]),
  JSON.stringify(tokens['token of Scollect']),
  JSON.stringify(configured.PIN),
  `{ a: "${written['bank account']}" }`,
  `["${written.card}"]`,
  `"""${written['bank account']}\n"""`,
];

const documentsAround = (value: string): string[] => [
  `{ account(fileNumber: [${value}]) { id } }`,
  `{ accountsBySsn(ssn: [${value}]) { id } }`,
  `{ accountsByPhone(number: [${value}]) { id } }`,
  `{ accounts(fileNumbers: [[${value}]]) { id } }`,
  `{ order(orderId: { id: ${value} }) { id } }`,
  `{ orders(first: ${value}) { totalCount } }`,
  `{ orders(after: ${value}) { totalCount } }`,
  `{ orders(filter: ${value}) { totalCount } }`,
  `{ node(id: ${value}) { id } }`,
  `{ nodes(ids: ${value}) { id } }`,
  `{ __typename @skip(if: ${value}) }`,
  `{ account(fileNumber: "R1001") { payments(first: ${value}, last: ${value}) { totalCount } paymentMethods(last4: ${value}) { method } } }`,
  `mutation { runPayment(input: { amount: ${value} }) { __typename } }`,
  `mutation { runPayment(input: ${value}) { __typename } }`,
  `mutation { scheduleCallback(input: { date: ${value}, time: ${value} }) { __typename } }`,
  // No documents at all.
  `{ account(fileNumber: ${value} { id } }`,
  `{ ${value} }`,
  `${value}`,
  `{ account(fileNumber: "R1" ${value}`,
  `{ account(fileNumber: "${value.replaceAll('"', '')}`,
  `{ account(fileNumber: "\\u{${value.replaceAll('"', '')}}") }`,
  `{ a } # ${value}\n }`,
];

const bodyOf = (query: string, more: object = {}): string => JSON.stringify({ query, ...more });

const ofTypes = (type: GraphQLLeafType): unknown[] => [
  written.card,
  Number(written.card),
  { [`card_${written.card}`]: written.SSN },
  [[written['bank account'], written['idempotency key']]],
  `${type.name} ${configured['API key']}`,
];

/** Every input with one value at a time that does not fit. */
const misfits = mutations.flatMap(({ field, type, document }) => {
  const input = Object(filled(type, validValue, waysToFill(type)[0]));
  return leavesOf(type, input).map((leaf, index) => {
    const all = ofTypes(leaf.type);
    const value = all[(index + field.length) % all.length];
    return bodyOf(document, { variables: { input: replacedAt(input, leaf.path, value) } });
  });
});

const query = '{ __typename }';

/** Requests that are not GraphQL, or have further content. */
const oddBodies = [
  ...invalidBodies,
  bodyOf(query, { operationName: configured['API key'] }),
  bodyOf(query, { operationName: written.card }),
  bodyOf(query, { operationName: { a: written.card } }),
  bodyOf(query, { variables: written.card }),
  bodyOf(query, { variables: [written.card] }),
  bodyOf(query, { variables: { [written.card]: written.SSN } }),
  bodyOf(query, { extensions: written.card }),
  bodyOf(query, { extensions: { persistedQuery: { version: 1, sha256Hash: written.card } } }),
  bodyOf(query, { [written.card]: 1 }),
  bodyOf(query, { [configured['API key']]: 1 }),
  JSON.stringify({ documentId: written.card }),
  JSON.stringify({ documentId: `sha256:${configured['gateway key']}` }),
  JSON.stringify({ query: { a: written.card } }),
  JSON.stringify({ query: Number(written.card) }),
  JSON.stringify([bodyOf(query), written.card]),
  JSON.stringify(written.card),
  written.card,
  `{"query":"{ __typename }", "x": ${written.card}x}`,
  `\u0000${written.card}`,
  '{'.repeat(500) + written.card,
  `{"query":"${written.card.repeat(70_000)}"}`,
  '',
];

const encoded = encodeURIComponent;

const paths = [
  `/graphql?query=${encoded(`{ account(fileNumber: "${written.card}") { id } }`)}`,
  `/graphql?query=${encoded(`{ accountsBySsn(ssn: "${written.SSN}") { id } }`)}`,
  `/graphql?query=${encoded(`{ ${configured['API key']} }`)}`,
  `/graphql?query={__typename}&variables=${encoded(`{"card":"${configured['API key']}`)}`,
  `/graphql?query={__typename}&extensions=${encoded(`{"card":"${configured.PIN}`)}`,
  `/graphql?query={__typename}&operationName=${configured['API key']}`,
  `/graphql?documentId=${configured['API key']}`,
  `/graphql?documentId=${configured['gateway key']}`,
  `/graphql?${configured['API key']}=${written.card}`,
  `/graphql?query=%zz${written.card}`,
  `/graphql/${written.card}`,
  `/${configured['API key']}`,
  `/${written.card}?ssn=${written.SSN}`,
  `/%2e%2e/${written.card}`,
  `/ready/${written.card}`,
  `/metrics/${written.SSN}`,
  `/health?token=${tokens['token of Scollect']}`,
  `/metrics?token=${tokens['token of Scollect']}`,
  `/favicon.ico?${written.card}`,
];

const forged = (claims: object, header: object = { alg: 'none' }): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

const refusedLogIns: readonly string[] = [
  `Basic ${Buffer.from(`user:${configured["upstream's password"]}`).toString('base64')}`,
  `Bearer ${written.card}`,
  `Bearer ${configured['JWT secret']}`,
  `Bearer ${tokens['token of Scollect']}`,
  `Bearer ${forged({ sub: written.card })}.`,
  `Bearer ${forged({ sub: written.card }, { alg: 'HS256', kid: written.SSN })}.c2lnbmF0dXJl`,
  `Bearer ${tokenFor({ scope: 'accounts:read', exp: 1 })}`,
  `Bearer ${tokenFor({ scope: 'accounts:read' }, 'x'.repeat(40))}`,
  `Bearer ${tokenFor({ scope: written.card, sub: '' })}`,
  `${configured['API key']}`,
];

const headers: readonly Readonly<Record<string, string>>[] = [
  { origin: `https://${configured['API key'].replaceAll('_', '-')}.example.com` },
  { origin: written.card },
  { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' },
  { 'content-type': `text/${written.card}` },
  { 'content-type': `application/json; charset=${written.card}` },
  { accept: `text/${written.card}` },
  { 'content-encoding': written.card },
  { 'x-recollect-trace': written.card },
  { 'accept-language': configured.PIN, traceparent: written.card, baggage: `ssn=${written.SSN}` },
];

/** What Node itself refuses, and what it lets pass that is hardly HTTP. */
const rawRequests = [
  `${written.card}\r\n\r\n`,
  `GET /${written.card} HTTP/9.9\r\nHost: x\r\n\r\n`,
  `GET /graphql HTTP/1.1\r\nHost: ${written.card}:port\r\nConnection: close\r\n\r\n`,
  `GET /graphql HTTP/1.1\r\n${written.card} : x\r\n\r\n`,
  `GET /graphql HTTP/1.1\r\nHost: x\r\nX-Card: ${written.card.repeat(2000)}\r\n\r\n`,
  `GET http://${written.SSN}:x/${written.card} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  `GET //${written.card}:99999999 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  `${configured['API key']} /graphql HTTP/1.1\r\nHost: x\r\n\r\n`,
  `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: ${written.card}\r\nContent-Length: 1\r\n\r\n`,
  `POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${written.card}\r\n`,
  `POST /graphql HTTP/1.1\r\nHost: x\r\nExpect: ${written.card}\r\nConnection: close\r\n\r\n`,
  `CONNECT ${written.card}:443 HTTP/1.1\r\nHost: x\r\n\r\n`,
  `OPTIONS * HTTP/1.1\r\nHost: ${configured['API key']}\r\nConnection: close\r\n\r\n`,
];

const sendRaw = async (url: string, request: string): Promise<Answer> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.setTimeout(3000, () => socket.destroy());
  socket.on('error', () => {});
  socket.end(request);
  const answer = await text(socket).catch(() => '');
  return {
    name: `raw ${request.slice(0, 80)}`,
    text: answer,
    body: answer,
    status: Number(answer.slice(9, 12)),
  };
};

const start = async (env: Readonly<Record<string, string>> = {}): Promise<Hunt> => {
  const scollect = await startIndiscreet('SCOLLECT');
  return startHunt({
    env: {
      SCOLLECT_URL: scollect.url,
      SCOLLECT_API_KEY: configured['API key'],
      SCOLLECT_PIN: configured.PIN,
      CORS_ORIGINS: 'https://app.example.com',
      ...env,
    },
  });
};

const expectClean = async (hunt: Hunt, more: readonly Answer[] = []): Promise<void> => {
  const outputs = await hunt.end();
  expect(leaksAmong([...hunt.answers, ...more, ...outputs], hunt.secrets())).toEqual([]);
};

const statuses = (answers: readonly Answer[]): number[] =>
  [...new Set(answers.map(({ status }) => status))].sort((one, other) => one - other);

describe('what is refused', { timeout: 60_000 }, () => {
  it('is repeated nowhere, whatever is wrong with a document or its variables', async () => {
    const hunt = await start({ INTROSPECTION: 'true', NODE_ENV: 'development' });
    const bodies = [
      ...names.flatMap(documentsWith).map((document) => bodyOf(document)),
      ...values.flatMap(documentsAround).map((document) => bodyOf(document)),
      ...misfits,
      ...oddBodies,
    ];
    await together(bodies, (body) => hunt.send(body));
    const refused = hunt.answers.filter(({ body }) => /"errors"|InvalidInputError/.test(body));
    expect(refused.length).toBeGreaterThan(bodies.length * 0.8);
    expect(refused.filter(({ body }) => body.includes(canary))).toEqual([]);
    await expectClean(hunt);
  });

  it('is repeated nowhere, for any fault of a request or its caller', async () => {
    const hunt = await start({ RATE_LIMIT_PER_CALLER: '40' });
    for (const authorization of refusedLogIns) await hunt.send(bodyOf(query), { authorization });
    for (const path of paths) await hunt.send(undefined, { method: 'GET', path });
    for (const own of headers) await hunt.send(bodyOf(query), { headers: own });
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
      await hunt.send(undefined, {
        method,
        path: `/graphql?${written.card}`,
        headers: {
          origin: 'https://app.example.com',
          'access-control-request-headers': configured['API key'],
          'access-control-request-method': written.card,
        },
      });
    }
    const raw: Answer[] = [];
    for (const request of rawRequests) raw.push(await sendRaw(hunt.url, request));
    for (let count = 0; count < 45; count += 1) await hunt.send(bodyOf(query));
    for (let count = 0; count < 65; count += 1)
      await hunt.send(bodyOf(query), { authorization: `Bearer ${written.card}` });
    expect(statuses(hunt.answers)).toEqual([200, 204, 400, 401, 403, 404, 405, 406, 415, 429]);
    // Those without a status were hung up on: what is not read to its end may be reset with its answer on the way.
    expect([0, 204, 400, 401, 404, 415, 417, 431]).toEqual(expect.arrayContaining(statuses(raw)));
    expect(statuses(raw)).toEqual(expect.arrayContaining([204, 400, 404]));
    await expectClean(hunt, raw);
  });

  it('names what the caller calls its own in its own answer alone', async () => {
    const hunt = await start();
    const alias = `_${written.card}`;
    const { body } = await hunt.ask(
      `query ${alias} { ${alias}: account(fileNumber: "R1001") { ${alias}: originalBalance } }`,
    );
    expect(Object.keys((JSON.parse(body) as { data: object }).data)).toEqual([alias]);
    const outputs = await hunt.end();
    expect(leaksAmong([...hunt.answers.slice(1), ...outputs], hunt.secrets())).toEqual([]);
  });
});

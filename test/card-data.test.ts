import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLedger } from '../src/ledger/create-ledger.ts';
import { createDigest } from '../src/ledger/digest.ts';
import { openSqliteStore } from '../src/ledger/sqlite-store.ts';
import { echoesOf, type Paying, paying, secretsIn, writtenAs } from './support/card-secrets.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { errorLog, type Reply, startGateway } from './support/gateway.ts';
import { partsOf } from './support/input-types.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import type { Answer, Received } from './support/upstream.ts';
import { writtenOut } from './support/written-out.ts';

const traced = { 'x-recollect-trace': '1' };

const operations = [
  'insert_payments_external',
  'insert_payplan_external',
  'update_payment_external',
  'run_payment_external',
] as const;

type Answering = (request: Received) => Answer;

/** A gateway before a Scollect that answers every payment in one way; the log's entries; and what was sent. */
const startPaying = async (answer?: Answering, options: Parameters<typeof startGateway>[0] = {}) => {
  const answers = answer ? Object.fromEntries(operations.map((operation) => [operation, answer])) : {};
  const scollect = await startCorpusUpstream('scollect', answers);
  const logged: unknown[] = [];
  const log = errorLog((...entry) => void logged.push(entry));
  const { query } = await startGateway({ scollect, log, ...options });
  return { query, logged, scollect };
};

const everything = `__typename ... on MutationError { message code }
  ... on InvalidInputError { fields { path message } } ... on RejectedError { reason }
  ... on UnavailableError { retryAfter } ... on OutcomeUnknownError { whatToCheck outcomeId }`;

const documentOf = ({ field, type }: Pick<Paying, 'field' | 'type'>): string =>
  `mutation ($input: ${type.name}!) { ${field}(input: $input) { ${everything} } }`;

const pending = `{ pendingOutcomes { outcomeId operation: mutation caller startedAt whatToCheck account { fileNumber }
  amount paymentDate installments { amount date } method last4 template } }`;

const visible = (...shown: readonly unknown[]): string => JSON.stringify(shown);

const cases = paying.map(
  (one) => [`${one.field} by ${'card' in one.input ? 'card' : 'bank account'}`, one] as const,
);

it('there are ways to pay', () => {
  expect(cases.length).toBeGreaterThanOrEqual(5);
  for (const { secrets } of paying) expect(secrets.length).toBeGreaterThanOrEqual(2);
});

describe('an upstream that repeats what it was sent', () => {
  const wrapped = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

  const shapes: readonly (readonly [string, (text: string) => Answer])[] = [
    ['{result: {error}}', (error) => wrapped({ error })],
    ['{result: [{error}]}', (error) => wrapped([{ error }])],
    ['{result: [{error}, 400]}', (error) => wrapped([{ error }, 400])],
    ['{result: [{error}, 403]}', (error) => wrapped([{ error }, 403])],
    ['{result: [{error}, 404]}', (error) => wrapped([{ error }, 404])],
    ['{result: [{error}, 500]}', (error) => wrapped([{ error }, 500])],
    ['{error} under HTTP 400', (error) => ({ status: 400, json: { error } })],
    ['{error} under HTTP 422', (error) => ({ status: 422, json: { result: { error } } })],
    ['{error} under HTTP 500', (error) => ({ status: 500, json: { result: { error } } })],
    ['{error} under HTTP 403', (error) => ({ status: 403, json: { result: { error } } })],
    ['an error of its input', (error) => wrapped({ error: `${error} must be valid` })],
    ['no approval code', (error) => ({ json: { result: error, approvalcode: '', error } })],
    [
      'a time-out that speaks of the input',
      (text) => ({ json: { state: 'TIMEOUT', status: `${text} must be set` } }),
    ],
    ['a time-out', (text) => ({ json: { state: 'TIMEOUT', status: text } })],
    ['{msg}', (msg) => ({ json: { msg } })],
    ['a success', (text) => wrapped({ success: `Success: ${text}` })],
    [
      'a success at the root',
      (text) => ({ json: { state: 'SUCCESS', message: `Successfully inserted ${text}` } }),
    ],
    ['a denial where a success was due', (text) => wrapped({ success: `Error: ${text}` })],
    ['a text that nobody knows', (text) => wrapped(text)],
    ['HTML', (html) => ({ html })],
    ['HTML under HTTP 500', (html) => ({ status: 500, html })],
  ];

  it.each(shapes)('by %s is not repeated', async (_, shape) => {
    let number = 0;
    const { query, logged, scollect } = await startPaying(({ body }) => {
      const echoes = echoesOf(body);
      return shape(echoes[number++ % echoes.length] ?? '');
    });
    const replies: Reply[] = [];
    for (const index of echoesOf({}).keys()) {
      const paid = paying[index % paying.length];
      if (!paid) continue;
      const input = { ...paid.input, idempotencyKey: String(index) };
      replies.push(await query(documentOf(paid), { input }, traced));
    }
    expect(number).toBe(replies.length);
    replies.push(await query(pending));
    const secrets = paying.flatMap((one) => one.secrets);
    const sent = visible(scollect.received.map(({ body }) => body));
    expect(new Set(secretsIn(sent, secrets))).toEqual(new Set(secrets));
    expect(secretsIn(visible(replies, logged), secrets)).toEqual([]);
  });
});

describe('Mutation.runPayment', () => {
  it('gives neither the number of a card nor that of an account, in whatever the processor writes them', async () => {
    const numbers = ['4242424242424242', '378282246310005', '501717010307', '908172635441'];
    const texts = numbers.flatMap(writtenAs);
    let next = '';
    const { query, logged } = await startPaying(() => ({
      json: { state: 'SUCCESS', result: `APPROVED ${next}`, approvalcode: next, error: next },
    }));
    const document = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
      ... on RunPaymentSuccess { result approvalCode account { fileNumber } } ${everything} } }`;
    const replies: Reply[] = [];
    for (const text of texts) {
      next = text;
      const input = {
        idempotencyKey: text.normalize('NFKC'),
        fileNumber: 'R1',
        paymentDate: '2087-05-17',
        amount: '5',
      };
      replies.push(await query(document, { input }, traced));
    }
    expect(replies.map(({ data }) => data.runPayment.__typename)).toEqual(
      texts.map(() => 'RunPaymentSuccess'),
    );
    expect(secretsIn(visible(replies, logged), numbers)).toEqual([]);
  });
});

describe.each(cases)('%s', (_, paid) => {
  const { field, type, input, secrets } = paid;
  const succeeded = { [field]: { __typename: expect.stringMatching(/Success$/) } };
  const answer: Answering = () => ({
    json: { result: { success: 'Payment successfully inserted' }, state: 'SUCCESS' },
  });

  it('takes its secrets from a variable that holds the whole input', async () => {
    const { query, logged, scollect } = await startPaying(answer);
    const reply = await query(documentOf(paid), { input }, traced);
    expect(reply).toMatchObject({ status: 200, data: succeeded });
    expect(secretsIn(visible(scollect.received), secrets)).toEqual(secrets);
    expect(secretsIn(visible(reply, logged), secrets)).toEqual([]);
  });

  it('leaves none of them in the store of the ledger, whatever becomes of it', async () => {
    const folder = temporaryFolder();
    const store = openSqliteStore(join(folder, 'ledger.db'));
    const ledger = await createLedger(store, createDigest(Buffer.alloc(32, 1)), {
      keyLifeMs: 60_000,
    });
    onTestFinished(() => ledger.close());
    const outcomes: readonly Answer[] = [
      answer({ method: '', path: '', query: {}, headers: {}, body: null }),
      'reset',
    ];
    let next = 0;
    const { query } = await startPaying(() => outcomes[next++] ?? 'reset', { ledger });
    for (const idempotencyKey of outcomes.keys()) {
      await query(documentOf(paid), { input: { ...input, idempotencyKey: String(idempotencyKey) } });
    }
    expect(next).toBe(2);
    const stored = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
    expect(stored.join('')).toContain(field);
    expect(
      secretsIn(
        stored.join(''),
        secrets.filter(({ length }) => length >= 9),
      ),
    ).toEqual([]);
  });

  it('takes its secrets from variables of their own, and from one for what holds them', async () => {
    const { query, scollect, logged } = await startPaying(answer);
    const parts = partsOf(type, input);
    const own = parts.filter(({ value }) => secrets.includes(String(value)));
    const holders = parts.filter(
      ({ path }) => path.length === 1 && own.some((part) => part.path[0] === path[0]),
    );
    for (const [index, chosen] of [own, holders].entries()) {
      const written = { field, input: { ...input, idempotencyKey: String(index) }, selection: everything };
      const { document, variables } = writtenOut(written, chosen);
      const reply = await query(document, variables, traced);
      expect(reply).toMatchObject({ status: 200, data: succeeded });
      expect(secretsIn(visible(reply, logged), secrets)).toEqual([]);
    }
    const bodies = scollect.received
      .map(({ body }) => visible(body))
      .filter((body) => secretsIn(body, secrets).length > 0);
    expect(bodies.map((body) => secretsIn(body, secrets))).toEqual([secrets, secrets]);
  });
});

describe('a card in the document itself', () => {
  const literalsOf = (value: string) => [
    JSON.stringify(value),
    `"""${value}"""`,
    value,
    `[${value}]`,
    `{ of: "${value}" }`,
    `N${value}`,
  ];

  /** Documents with one part of a card as a literal, there or as a default, and the other parts in variables. */
  const documents = paying.flatMap(({ field, type, input, secrets }) => {
    const ofCard = partsOf(type, input).filter((part) =>
      /^(?:CardNumber|SecurityCode)!?$/.test(String(part.type)),
    );
    return ofCard.flatMap((part) => {
      const others = ofCard.filter((one) => one !== part);
      const written = { field, input, selection: everything };
      return literalsOf(String(part.value)).flatMap((literal) => [
        { ...writtenOut(written, others, [[part.path, literal]]), secrets },
        { ...writtenOut(written, [...others, { ...part, byDefault: literal }]), secrets },
      ]);
    });
  });

  it('is refused, is not repeated and is sent nowhere', async () => {
    expect(documents.length).toBeGreaterThanOrEqual(48);
    const recoveryConnect = await startCorpusUpstream('recoveryconnect');
    const { query, scollect, logged } = await startPaying(undefined, { recoveryConnect });
    for (const { document, variables, secrets } of documents) {
      const reply = await query(document, variables, traced);
      expect([200, 400]).toContain(reply.status);
      expect(reply.data ?? null).toBeNull();
      const codes = new Set(reply.errors?.map(({ extensions }) => extensions?.['code']));
      expect(codes).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
      expect(secretsIn(visible(reply, logged), secrets)).toEqual([]);
    }
    expect([...scollect.received, ...recoveryConnect.received]).toEqual([]);
  });
});

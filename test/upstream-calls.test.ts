import { describe, expect, it } from 'vitest';
import { idOf } from './cost/asked.ts';
import { corpusFile } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { startGateway } from './support/gateway.ts';
import type { Answer, LocalUpstream } from './support/upstream.ts';

const [portfolioRow] = (
  corpusFile('scollect', 'get_accounts_in_portfolio').success as {
    result: readonly Record<string, unknown>[];
  }
).result;

const portfolioOf = (count: number, change: object = {}): Answer => ({
  json: {
    result: Array.from({ length: count }, (_, index) => ({
      ...portfolioRow,
      lotno: `r${2000 + index}`,
      ...change,
    })),
    state: 'SUCCESS',
  },
});

const scollectWith = (count: number, change?: object) =>
  startCorpusUpstream('scollect', { get_accounts_in_portfolio: portfolioOf(count, change) });

/** Holds an answer back until other calls have arrived: it never comes if they wait for it. */
const held = (upstream: () => LocalUpstream, count: number, answer: Answer) => async (): Promise<Answer> => {
  while (upstream().calls().length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return answer;
};

const lists = `phones { number } notes { totalCount } payments { totalCount } attempts { totalCount } emails { totalCount }`;
const fiveLists = ['emails', 'notes', 'payments', 'phones', 'attempts'].map((name) => `/get${name}/R1001`);

describe('the upstream calls of a query', () => {
  it.each([
    ['one account', '{ account(fileNumber: "R1001") { status borrower { fullName } fees { court } } }', 1],
    [
      'one account three times, in another letter case too',
      '{ a: account(fileNumber: "R1001") { status } b: account(fileNumber: "r1001") { currentBalance } c: accounts(fileNumbers: ["r1001", "R1001"]) { client } }',
      1,
    ],
    ['an account with five lists', `{ account(fileNumber: "R1001") { ${lists} } }`, 6],
    [
      'accounts of an SSN with their balances',
      '{ accountsBySsn(ssn: "111-22-3333") { fileNumber currentBalance principal fees { late } status borrower { fullName ssn } } }',
      1,
    ],
    [
      'an account of an SSN, asked for by its number afterwards',
      '{ accountsBySsn(ssn: "111223333") { borrower { account { status work { managerName } } } } }',
      1,
    ],
    [
      'accounts of a phone, as far as its row has values',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { firstName lastName addresses { line1 city state zipCode } } } }',
      1,
    ],
    [
      'accounts of a phone with what is blank in its row, or has no column there',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber borrower { fullName ssn ssnLast4 dateOfBirth } coBorrowers { fullName phones { number } } } }',
      2,
    ],
    [
      'accounts of a phone with a balance',
      '{ accountsByPhone(number: "716-628-9899") { fileNumber currentBalance status } }',
      2,
    ],
    [
      'four orders, one of them twice',
      '{ a: order(orderId: "20") { caseNumber orderType } b: order(orderId: "21") { orderId } c: order(orderId: "22") { orderId } d: order(orderId: "20") { clientId } e: order(orderId: "23") { orderId } }',
      1,
    ],
    [
      'an order with two borrowers and their phones',
      '{ order(orderId: "20") { orderId borrowers { fullName phones { number typeId } } } }',
      4,
    ],
    [
      'a borrower with all phones and one of them',
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phone(phoneId: "39317578") { number } phones { number } } } }',
      3,
    ],
    [
      'a borrower with one phone',
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phone(phoneId: "39317581") { number addressText } } } }',
      3,
    ],
  ])('are as few as can be for %s', async (_, document, count) => {
    const { query, calls } = await startGateway();
    const { errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(calls()).toHaveLength(count);
  });

  it('are two for a portfolio of twenty accounts with the id, number and status of their phones', async () => {
    const scollect = await scollectWith(20);
    const { query, calls } = await startGateway({ scollect });
    const { data, errors } = await query(
      '{ portfolio(name: "C2CLA 12.1.22") { accounts { totalCount edges { node { id fileNumber currentBalance phones { __typename id number status } } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.portfolio.accounts).toMatchObject({ totalCount: 20 });
    expect(data.portfolio.accounts.edges[19].node).toMatchObject({
      fileNumber: 'R2019',
      currentBalance: '809.00',
      phones: { length: 8, 0: { number: '+11112223333', status: 'Good Number' } },
    });
    expect(calls()).toEqual(['/get_accounts_in_portfolio', '/getportfoliolist']);
  });

  it('are two and one for each account with its payments', async () => {
    const scollect = await scollectWith(20);
    const { query, calls } = await startGateway({ scollect });
    const { errors } = await query(
      '{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { phones { number status } payments { totalCount } } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(calls()).toHaveLength(22);
    expect(calls().filter((path) => path.startsWith('/getpayments/'))).toHaveLength(20);
  });

  it.each([
    ['another field of a phone is selected', 'phones { number type }', {}],
    [
      'all fifteen places of the row are filled',
      'phones { number status }',
      Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`phone${index + 1}`, '212-555-0100'])),
    ],
  ])('have getphones for an account of a portfolio where %s', async (_, selection, change) => {
    const scollect = await scollectWith(1, change);
    const { query, calls } = await startGateway({ scollect });
    await query(`{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { ${selection} } } } } }`);
    expect(calls()).toContain('/getphones/R2000');
    expect(calls()).toHaveLength(3);
  });

  it('have getaccount for an account of a portfolio only where a selected field needs it, once', async () => {
    const scollect = await scollectWith(1);
    const { query, calls } = await startGateway({ scollect });
    const ask = (selection: string) =>
      query(`{ portfolio(name: "C2CLA 12.1.22") { accounts { edges { node { ${selection} } } } } }`);
    await ask(
      'client originalCreditor borrower { firstName lastName ssn dateOfBirth emailAddress } customFields { value } portfolioEntry { level } openedDate',
    );
    expect(calls()).toEqual(['/get_accounts_in_portfolio', '/getportfoliolist']);
    await ask('status principal attorney { name } coBorrowers { fullName } work { alert }');
    expect(calls().filter((path) => path === '/getaccount/R2000')).toHaveLength(1);
  });
});

describe('what the key alone can fetch', () => {
  it.each([
    ['fields', lists],
    [
      'fragments, aliases and directives',
      `...F ... on Account { n: notes { totalCount } } emails @include(if: true) { totalCount } lastPayment @skip(if: true) { payorName }`,
    ],
  ])('starts in parallel with the account (%s)', async (_, selection) => {
    let scollect: LocalUpstream | undefined;
    const round = held(() => scollect as LocalUpstream, 6, {
      json: corpusFile('scollect', 'getaccount').success,
    });
    scollect = await startCorpusUpstream('scollect', { getaccount: round });
    const { query, calls } = await startGateway({ scollect, timeoutMs: 3000 });
    const { errors } = await query(`{ account(fileNumber: "R1001") { ${selection} } }
      ${selection.includes('...F') ? 'fragment F on Account { borrower { phones { number } } payments { totalCount } contactSummary { outboundAttempts } }' : ''}`);
    expect(errors).toBeUndefined();
    expect(calls()).toEqual([...fiveLists, '/getaccount/R1001'].sort());
  });

  it('starts in parallel with an account that is read by its id', async () => {
    let scollect: LocalUpstream | undefined;
    const round = held(() => scollect as LocalUpstream, 2, {
      json: corpusFile('scollect', 'getaccount').success,
    });
    scollect = await startCorpusUpstream('scollect', { getaccount: round });
    const { query } = await startGateway({ scollect, timeoutMs: 3000 });
    const id = Buffer.from('Account:R1001').toString('base64url');
    const { data, errors } = await query(`{ node(id: "${id}") { ... on Account { notes { totalCount } } } }`);
    expect(errors).toBeUndefined();
    expect(data.node.notes.totalCount).toBeGreaterThan(10);
  });

  it.each([
    [
      'the payments of an account',
      'account(fileNumber: "R1001") { fileNumber payments { totalCount } lastPayment { payorName } paymentMethods { method } }',
      ['/getaccount/R1001'],
    ],
    [
      'the last payment of the account of a phone',
      `node(id: "${idOf('Phone', 'S', 'R1001', '15171286')}") { ... on Phone { number account { notes { totalCount } lastPayment { payorName } } } }`,
      ['/getaccount/R1001', '/getnotes/R1001', '/getphones/R1001'],
    ],
  ])('does not start for who may not see it: %s', async (_, selection, expected) => {
    const { query, calls } = await startGateway({ scopes: ['accounts:read'] });
    const { errors = [] } = await query(`{ ${selection} }`);
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['FORBIDDEN']));
    expect(calls()).toEqual(expected);
  });

  it.each([
    [
      'that is skipped',
      'borrower(borrowerId: "124927241") { phones @skip(if: $yes) { number } ... @include(if: $no) { addresses { city } } }',
    ],
    ['of another type', 'borrower(borrowerId: "124927241") { ...Other }'],
    ['whose key is none', 'borrower(borrowerId: "124927241") { phone(phoneId: "no number") { number } }'],
    ['whose arguments are refused', 'borrower(borrowerId: "no number") { phones { number } }'],
  ])('does not start for a field %s', async (_, selection) => {
    const { query, calls } = await startGateway();
    await query(
      `query ($yes: Boolean = true, $no: Boolean = false) { __typename @include(if: $yes) ... @skip(if: $no) { order(orderId: "20") { orderId ${selection} } } }
      ${selection.includes('Other') ? 'fragment Other on Node { ... on Account { notes { totalCount } } ... on Phone { accounts { fileNumber } } id }' : ''}`,
    );
    expect(calls().filter((path) => /phones|addresses|notes|accounts|search/.test(path))).toEqual([]);
    expect(calls()).toContain('/api/v150/recon/orders');
  });

  it.each([
    ['absent', { json: { result: { result: [] }, state: 'SUCCESS' } }, 0],
    ['failing', { status: 500, html: 'no' }, 1],
  ] as const)('does not turn into errors with an %s account', async (_, answer, count) => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: answer,
      getphones: { status: 500, html: 'no' },
      getnotes: 'reset',
    });
    const { query } = await startGateway({ scollect });
    const { data, errors = [] } = await query(`{ account(fileNumber: "R1001") { ${lists} } }`);
    expect(data).toEqual({ account: null });
    expect(errors.map(({ path }) => path)).toEqual(Array.from({ length: count }, () => ['account']));
  });

  it('fails by itself, and leaves the rest', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getphones: { status: 500, html: 'no' },
      getnotes: 'reset',
    });
    const { query } = await startGateway({ scollect });
    const { data, errors = [] } = await query(`{ account(fileNumber: "R1001") { status ${lists} } }`);
    expect(data.account).toMatchObject({
      status: 'Bankruptcy',
      phones: null,
      notes: null,
      payments: { totalCount: 3 },
    });
    expect(errors.map(({ path }) => path?.join('.')).sort()).toEqual(['account.notes', 'account.phones']);
  });
});

describe('a portfolio of 10,000 accounts', () => {
  it('answers its first fifty, and others meanwhile', async () => {
    const scollect = await scollectWith(10_000);
    const { query } = await startGateway({ scollect, timeoutMs: 30_000 });
    const ended: string[] = [];
    const page = query(
      '{ portfolio(name: "C2CLA 12.1.22") { accounts(first: 50) { totalCount pageInfo { hasNextPage endCursor } edges { node { fileNumber phones { number } } } } } }',
    ).finally(() => ended.push('portfolio'));
    // Until its answer has begun to arrive, so that the others meet it at work.
    while (!scollect.calls().includes('/get_accounts_in_portfolio'))
      await new Promise((resolve) => setTimeout(resolve, 1));
    const others = Array.from({ length: 20 }, (_, index) =>
      query(`{ account(fileNumber: "R${index}") { status } }`).finally(() => ended.push('account')),
    );
    const { data, errors } = await page;
    expect(errors).toBeUndefined();
    expect(data.portfolio.accounts).toMatchObject({ totalCount: 10_000, pageInfo: { hasNextPage: true } });
    expect(
      data.portfolio.accounts.edges.map((edge: { node: { fileNumber: string } }) => edge.node.fileNumber),
    ).toEqual(Array.from({ length: 50 }, (_, index) => `R${2000 + index}`));
    for (const other of await Promise.all(others)) expect(other.data.account.status).toBe('Bankruptcy');
    expect(ended.indexOf('portfolio')).toBeGreaterThan(0);
  }, 60_000);
});

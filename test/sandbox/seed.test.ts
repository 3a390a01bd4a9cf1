import { describe, expect, it } from 'vitest';
import { corpusFile, corpusOf } from '../support/corpus.ts';
import { type Caller, fill, startCaller } from './caller.ts';

type Row = Readonly<Record<string, string>>;

const portfolioNames = (
  corpusFile('scollect', 'getportfoliolist').success as { result: { portfolio: string }[] }
).result.map(({ portfolio }) => portfolio);

const everything = async ({ scollect, recoveryConnect }: Caller): Promise<string[]> => {
  const portfolios = portfolioNames.map((portfolio) =>
    scollect('POST', '/get_accounts_in_portfolio', { portfolio }),
  );
  const lists = corpusOf('scollect').filter(
    ({ method, path }) => method === 'GET' && /\{filenumber\}/.test(path),
  );
  const reads = lists.map(({ path }) => scollect('GET', fill(path, { filenumber: 'R3004' })));
  const paths = ['recon/orders?per_page=1000', 'assignments?per_page=1000', 'orders/56100004'];
  const orders = paths.map((path) => recoveryConnect('GET', `/api/v150/${path}`));
  const answers = await Promise.all([...portfolios, ...reads, ...orders]);
  // The pages link to themselves, on a port of their own.
  return answers.map(({ text }) => text.replace(/127\.0\.0\.1:\d+/g, ''));
};

const accounts = async ({ scollect }: Caller): Promise<Row[]> => {
  const answers = await Promise.all(
    portfolioNames.map((portfolio) => scollect('POST', '/get_accounts_in_portfolio', { portfolio })),
  );
  return answers.flatMap(({ body }) => (body as { result: Row[] }).result);
};

const isDocumented = ({ lotno = '' }: Row): boolean => !/^[RD](?:3[0-3]\d\d)$/.test(lotno);

describe('the seed', () => {
  it('returns the same bytes at every start', async () => {
    expect(await everything(await startCaller())).toEqual(await everything(await startCaller()));
  });

  it('spreads the accounts over the documented portfolios', async () => {
    const rows = await accounts(await startCaller());
    expect(rows).toHaveLength(312);
    const perPortfolio = portfolioNames.map(
      (name) => rows.filter(({ lot_group }) => lot_group === name).length,
    );
    expect(perPortfolio[0]).toBe(1);
    expect(Math.min(...perPortfolio.slice(1))).toBeGreaterThan(20);
  });

  it('contains no numbers of real people', async () => {
    for (const row of (await accounts(await startCaller())).filter((account) => !isDocumented(account))) {
      expect(row['SSN']).toMatch(/^9\d\d-\d\d-\d{4}$/);
      expect(row['E-Mail']).toMatch(/@example\.com$/);
      expect(row['phone1']).toMatch(/^\d{3}-555-01\d\d$/);
    }
  });

  it('has distinct numbers of accounts, people and phones', async () => {
    const rows = (await accounts(await startCaller())).filter((account) => !isDocumented(account));
    for (const key of ['lotno', 'SSN', 'origacctno', 'phone1']) {
      expect(new Set(rows.map((row) => row[key])).size).toBe(300);
    }
  });

  it('searchbyphone: returns exactly the account of the phone', async () => {
    const { scollect } = await startCaller();
    const { body } = await scollect('GET', '/getphones/R3021');
    const [phone] = (body as { result: [Row] }).result;
    const found = await scollect('POST', '/searchbyphone', { PhoneNumber: phone['phonenumber'] });
    expect(found.body).toMatchObject({ result: { success: [{ filenumber: 'R3021' }] } });
  });

  it('getaccount: every account has the documented columns', async () => {
    const { scollect } = await startCaller();
    const columnsOf = async (file: string) => {
      const { body } = await scollect('GET', `/getaccount/${file}`);
      return Object.keys((body as { result: [object] }).result[0]).sort();
    };
    const documented = await columnsOf('R1001');
    for (const file of ['R1000', 'R1050', 'R3001', 'D3010', '12345']) {
      expect(await columnsOf(file)).toEqual(documented);
    }
  });
});

interface Order {
  readonly id: number;
  readonly client_accountno: string;
}

const ordersFor = async ({ recoveryConnect }: Caller, account: string): Promise<Order[]> => {
  const { body } = await recoveryConnect('GET', `/api/v150/recon/orders?acct_no=${account}`);
  return (body as { data: Order[] }).data;
};

const borrowerOf = async ({ recoveryConnect }: Caller, { id }: Order) => {
  const { body } = await recoveryConnect('GET', `/api/v140/orders/${id}/borrowers`);
  const [borrower] = (body as { data: [{ id: number; firstname: string; lastname: string }] }).data;
  const phones = await recoveryConnect('GET', `/api/v140/orders/${id}/borrowers/${borrower.id}/phones`);
  return { ...borrower, numbers: (phones.body as { data: Row[] }).data.map(({ number }) => number) };
};

describe('the seeds of both systems', () => {
  it('contain the same people: account number, name and phone agree', async () => {
    const caller = await startCaller();
    const rows = (await accounts(caller)).filter((account) => !isDocumented(account));
    let joined = 0;
    for (const row of rows) {
      const [order] = await ordersFor(caller, row['origacctno'] ?? '');
      if (!order) continue;
      const borrower = await borrowerOf(caller, order);
      expect(borrower.firstname.toUpperCase()).toBe(row['firstname']);
      expect(borrower.lastname.toUpperCase()).toBe(row['lastname']);
      expect(borrower.numbers).toContain(row['phone1']);
      joined += 1;
    }
    expect(joined).toBe(250);
  });

  it('share order 57062885 and account R1166', async () => {
    const caller = await startCaller();
    const { body } = await caller.scollect('GET', '/getaccount/R1166');
    const [{ accountnumber = '' }] = (body as { result: [Row] }).result;
    const orders = await ordersFor(caller, accountnumber);
    expect(orders.map(({ id }) => id)).toEqual([57062885]);
    const found = await caller.scollect('POST', '/searchbyphone', { PhoneNumber: '678-932-1578' });
    expect(found.body).toMatchObject({ result: { success: [{ filenumber: 'R1166', lastname: 'SPENCER' }] } });
  });
});

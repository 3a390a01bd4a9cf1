import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { observeUpstreams } from '../src/config/observe-upstreams.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { createLog } from '../src/telemetry/log.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { createRedactor } from '../src/telemetry/redaction/redact.ts';
import { startGateway } from './support/gateway.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.faults.clear());

/** A gateway before the sandbox with the metrics and the log of the program. */
const start = async () => {
  const metrics = createMetrics();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog('info', { redactor: createRedactor(), destination });
  const credentials = [{ scollect: sandbox.scollect, recoveryConnect: sandbox.recoveryConnect }];
  const observer = observeUpstreams(metrics, log, credentials)(null);
  const { query } = await startGateway({ sandbox, observer });
  return {
    query,
    /** The series of a metric that are not 0, without its name. */
    series: async (name: string): Promise<string[]> =>
      (await metrics.read())
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) && !line.endsWith(' 0'))
        .map((line) => line.slice(name.length)),
    metrics: () => metrics.read(),
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => lines.join(''),
  };
};

const reads = {
  getaccount: '{ account(fileNumber: "R1001") { status } }',
  getphones: '{ account(fileNumber: "R1001") { phones { number } } }',
  filterOrders: '{ order(orderId: "57062885") { caseNumber } }',
  listOrderBorrowers: '{ order(orderId: "57062885") { borrowers { firstName } } }',
} as const;

const operations = ['getaccount', 'getphones', 'filterOrders', 'listOrderBorrowers'] as const;

const system = (operation: string) => (/rder/.test(operation) ? 'RECOVERY_CONNECT' : 'SCOLLECT');

const addNote =
  'mutation { addNote(input: { fileNumber: "R1001", collectorName: "c", body: "CANARY" }) { __typename } }';

interface Expected {
  readonly verdict: string;
  readonly sample: RegExp;
  readonly isDrift: boolean;
}

const faults = ['html', 'error-in-200', 'wrong-types'] as const;

const ofReads: Readonly<Record<(typeof faults)[number], Expected>> = {
  html: { verdict: 'bad_response', sample: /^HTML of \d+ characters$/, isDrift: true },
  'error-in-200': { verdict: 'failed', sample: /error words|message words|status letters/, isDrift: false },
  'wrong-types': { verdict: 'bad_response', sample: /^\{(?:result|data) integer/, isDrift: true },
};

describe('a fault of an upstream under HTTP 200', () => {
  const cases = faults.flatMap((fault) =>
    operations.map((operation) => ({ fault, operation, query: reads[operation], ...ofReads[fault] })),
  );

  it.each(cases)(
    '$fault, $operation: metrics and log name operation and verdict',
    async ({ fault, operation, query, verdict, sample, isDrift }) => {
      const { query: ask, series, logged } = await start();
      sandbox.faults.set([{ operation, fault }]);
      await ask(query);
      const labels = `upstream="${system(operation)}",operation="${operation}"`;
      const counted = await series('recollect_upstream_requests_total');
      expect(counted).toContain(`{${labels},verdict="${verdict}",status="200"} 1`);
      const failures = logged().filter(({ msg }) => msg === 'a call to an upstream failed');
      expect(failures).toEqual([
        expect.objectContaining({
          level: 40,
          upstream: system(operation),
          operation,
          verdict,
          status: 200,
          count: 1,
          sample: expect.stringMatching(sample),
        }),
      ]);
      const drift = isDrift ? [`{${labels},kind="envelope"} 1`] : [];
      expect(await series('recollect_upstream_drift_total')).toEqual(drift);
      const differing = logged().filter(({ msg }) => msg === 'a response differs from the documented ones');
      expect(differing.map((line) => [line['operation'], line['kind']])).toEqual(
        isDrift ? [[operation, 'envelope']] : [],
      );
    },
  );

  it.each(faults)('%s, a write: unknown', async (fault) => {
    const { query, series, logged, text } = await start();
    sandbox.faults.set([{ operation: 'InsertNoteline', fault }]);
    await query(addNote);
    const labels = 'upstream="SCOLLECT",operation="InsertNoteline"';
    expect(await series('recollect_upstream_requests_total')).toContain(
      `{${labels},verdict="unknown",status="200"} 1`,
    );
    expect(logged()).toContainEqual(
      expect.objectContaining({ operation: 'InsertNoteline', verdict: 'unknown', status: 200 }),
    );
    expect(text()).not.toContain('CANARY');
  });

  it('html, a log-in: bad_response, and refused credentials: token', async () => {
    const { query, series, logged } = await start();
    sandbox.faults.set([{ operation: 'login', fault: 'html' }]);
    await query(reads.getaccount);
    sandbox.faults.set([{ operation: 'authenticate', fault: 'refuse-token' }]);
    await query(reads.filterOrders);
    const counted = (await series('recollect_upstream_requests_total')).map((line) =>
      line.replace(/ \d+$/, ''),
    );
    expect(counted.sort()).toEqual([
      '{upstream="RECOVERY_CONNECT",operation="authenticate",verdict="token",status="401"}',
      '{upstream="SCOLLECT",operation="login",verdict="bad_response",status="200"}',
    ]);
    expect(logged()).toContainEqual(expect.objectContaining({ operation: 'login', verdict: 'bad_response' }));
    expect(logged()).toContainEqual(expect.objectContaining({ operation: 'authenticate', verdict: 'token' }));
  });
});

describe('drift in the responses of an upstream', () => {
  const canaries = {
    ssn: '912-55-4418',
    card: '4111111111111234',
    phone: '678-932-1578',
    name: 'CANARY Navarro',
    mail: 'canary@example.org',
  };

  it('is counted and logged without any value of the response', async () => {
    const { query, series, logged, text, metrics } = await start();
    const { ssn, card, phone, name, mail } = canaries;
    const row = {
      filenumber: 'R1001',
      id: 2,
      statusname: { [name]: name },
      dateplaced: `placed ${ssn}`,
      currentbalance: card,
      principal: name,
      [mail]: 1,
      [card]: name,
      [name]: ssn,
      timezone: phone,
    };
    const body = { result: [row], state: 'SUCCESS', [name]: ssn };
    sandbox.faults.set([{ operation: 'getaccount', fault: 'replace-answer', body }]);
    const { data, errors } = await query('{ account(fileNumber: "R1001") { status placedDate principal } }');
    expect([data, errors]).toEqual([
      { account: { status: null, placedDate: null, principal: null } },
      undefined,
    ]);

    const counted = await series('recollect_upstream_drift_total');
    const labels = 'upstream="SCOLLECT",operation="getaccount"';
    expect(counted).toContain(`{${labels},kind="unexpected_value"} 3`);
    expect(counted).toContain(`{${labels},kind="unknown_key"} 4`);
    expect(counted).toContain(`{${labels},kind="envelope"} 1`);
    expect(counted.some((line) => line.includes('missing_key'))).toBe(true);
    const lines = logged().filter(({ msg }) => msg === 'a response differs from the documented ones');
    expect(lines.map(({ kind }) => kind).sort()).toEqual([
      'envelope',
      'missing_key',
      'unexpected_value',
      'unknown_key',
    ]);
    const sampleOf = (kind: string) => lines.find((line) => line['kind'] === kind)?.['sample'];
    expect(sampleOf('unexpected_value')).toBe(
      'statusname {{words} words (8-15)}; dateplaced text (16-31); principal words (8-15)',
    );
    expect(sampleOf('unknown_key')).toContain('timezone ###-###-#### (8-15)');
    const everything = text() + (await metrics());
    for (const canary of Object.values(canaries)) expect(everything).not.toContain(canary);
    // No shorter parts: times, ports and ids may have any four digits by chance.
    expect(everything).not.toMatch(/canary|navarro|55-?4418|932-?1578|411111/i);
  });

  it('is none in the answers of the sandbox', async () => {
    const { query, series, text } = await start();
    const list = '{ portfolios { name accounts(first: 50) { edges { node { fileNumber } } } } }';
    for (const one of [...Object.values(reads), list]) expect((await query(one)).errors).toBeUndefined();
    expect(await series('recollect_upstream_drift_total')).toEqual([]);
    expect(text()).toBe('');
  });

  it('is found in the rows of a page of a long list', async () => {
    const { query, series } = await start();
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      lotno: `R${n}`,
      lot_group: 'C2C PDL TEST',
      'CO AMT': n === 0 ? '1.00' : 'none yet',
    }));
    const body = { result: rows, state: 'SUCCESS' };
    sandbox.faults.set([{ operation: 'get_accounts_in_portfolio', fault: 'replace-answer', body }]);
    const { data, errors } = await query(
      '{ portfolio(name: "C2C PDL TEST") { accounts(first: 100) { edges { node { fileNumber } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.portfolio.accounts.edges).toHaveLength(100);
    expect(
      (await series('recollect_upstream_drift_total')).some((line) =>
        line.includes('operation="get_accounts_in_portfolio",kind="unexpected_value"'),
      ),
    ).toBe(true);
  });
});

describe('warnings', () => {
  it('are logged at once, and then once a minute for each operation and verdict', async () => {
    const { query, logged } = await start();
    sandbox.faults.set([{ operation: 'getaccount', fault: 'html' }]);
    for (let n = 0; n < 5; n += 1) await query(reads.getaccount);
    expect(logged().filter(({ verdict }) => verdict === 'bad_response')).toHaveLength(1);
  });
});

describe('the series of known operations', () => {
  it('exist with the count 0 before the first call', async () => {
    const { metrics } = await start();
    const text = await metrics();
    const labels = 'upstream="SCOLLECT",operation="getaccount"';
    expect(text).toContain(`recollect_upstream_drift_total{${labels},kind="unknown_key"} 0`);
    expect(text).toContain(
      `recollect_upstream_requests_total{${labels},verdict="bad_response",status="200"} 0`,
    );
  });
});

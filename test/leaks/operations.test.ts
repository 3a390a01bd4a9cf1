import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { configured } from './canaries.ts';
import { behind, queries, writes } from './documents.ts';
import { type Answer, leaksAmong, startHunt, together, withoutPersonal } from './hunt.ts';
import { conducts, type Indiscreet, operationsOf, startIndiscreet } from './indiscreet.ts';
import { shownToAll, shownToSome, withoutShown } from './shown.ts';

const timeout = 120_000;

const tenantCount = 400;

const startAll = async () => {
  const scollect = await startIndiscreet('SCOLLECT');
  const recoveryConnect = await startIndiscreet('RECOVERY_CONNECT');
  const own = {
    scollect: { url: scollect.url, apiKey: configured['API key'], pin: configured.PIN },
    recoveryConnect: {
      url: recoveryConnect.url,
      username: configured["upstream's user"],
      password: configured["upstream's password"],
    },
  };
  // Each with breakers of its own: an upstream that fails all the time would not be asked any more.
  const names = Array.from({ length: tenantCount }, (_, index) => `t${index}`);
  // These have no token yet when their log-in fails.
  const unknown = conducts.map((_, index) => `new${index}`);
  const tenants = Object.fromEntries([...names, ...unknown].map((name) => [name, own]));
  const hunt = await startHunt({ env: { UPSTREAM_TIMEOUT_MS: '4000' }, tenants });
  let turn = 0;
  const nextTenant = (): string => {
    turn += 1;
    return `t${turn % tenantCount}`;
  };
  const become: typeof scollect.become = (...conduct) => {
    for (const upstream of [scollect, recoveryConnect]) upstream.become(...conduct);
  };
  return { hunt, scollect, recoveryConnect, nextTenant, become };
};

type Started = Awaited<ReturnType<typeof startAll>>;

/** Asks for everything, and writes everything; gives what is left of the answers without what may be shown. */
const askAll = async (
  { hunt, nextTenant }: Started,
  way: string,
  whole: boolean,
  fields = new Set<string>(),
) => {
  const answers: Answer[] = [];
  const allowed = whole ? scopes : withoutPersonal;
  const all = [
    ...queries.map((query) => ({ query, variables: {} })),
    ...writes.map(({ query, input }, place) => ({
      query,
      variables: { input: input(`${way} ${whole} ${place}`) },
    })),
  ];
  await together(all, async ({ query, variables }) => {
    const answer = await hunt.ask(query, variables, { scopes: allowed, tenant: nextTenant() });
    answers.push(withoutShown(answer, whole ? shownToSome : shownToAll, fields));
  });
  return answers;
};

/** Of two ways to list orders the schema takes the one with a search. */
const unused = 'listOrders';

const metBy = ({ met }: Indiscreet, way: string): string[] => [...(met.get(way) ?? [])].sort();

const codesIn = (answers: readonly Answer[]): string[] =>
  [
    ...new Set(
      answers.flatMap(({ body }) => [...body.matchAll(/"code":"(\w+)"/g)].map(([, code = '']) => code)),
    ),
  ].sort();

/** How operations end by that. */
const ends = [
  'BAD_USER_INPUT',
  'OUTCOME_UNKNOWN',
  'UPSTREAM_AUTH_FAILED',
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_RATE_LIMITED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_UNAVAILABLE',
];

const logInBoth = '{ account(fileNumber: "R1001") { fileNumber } order(orderId: "20") { orderId } }';

const files = [
  'data/gateway.db',
  'data/gateway.db-wal',
  'data/gateway.db-shm',
  'log/audit.jsonl',
  'stdout',
  'stderr',
];

describe('whatever upstreams say', { timeout }, () => {
  it('is shown where it is meant to be, and found in no other output', async () => {
    const all = await startAll();
    const { hunt, scollect, recoveryConnect, become, nextTenant } = all;
    const fields = { some: new Set<string>(), all: new Set<string>() };
    const answers = [
      ...(await askAll(all, 'gives', true, fields.some)),
      ...(await askAll(all, 'gives', false, fields.all)),
    ];
    // Or else nothing was shown that could have been too much.
    expect([...fields.some].sort()).toEqual(Object.keys(shownToSome).sort());
    expect([...fields.all]).toEqual(Object.keys(shownToAll));

    for (const [index, way] of conducts.entries()) {
      // What they give as a rule was all asked for above, by both callers.
      if (index > 0) {
        become(way);
        answers.push(...(await askAll(all, way, index % 2 === 0)));
        become(way, 'behind');
        for (const query of behind)
          answers.push(await hunt.ask(query, {}, { tenant: nextTenant(), scopes: withoutPersonal }));
      }
      expect(metBy(scollect, way)).toEqual(operationsOf('SCOLLECT').filter((name) => name !== 'login'));
      expect(metBy(recoveryConnect, way)).toEqual(
        operationsOf('RECOVERY_CONNECT').filter((name) => ![unused, 'authenticate'].includes(name)),
      );
    }
    for (const [index, way] of conducts.entries()) {
      become(way, 'log-in');
      const answer = await hunt.ask(logInBoth, {}, { tenant: `new${index}`, scopes: withoutPersonal });
      answers.push(answer);
      expect(answer.body.includes('"errors"'), way).toBe(index > 0);
    }
    expect(codesIn(answers)).toEqual(ends);
    expect(answers.length).toBe(hunt.answers.length);
    const outputs = await hunt.end();
    expect(outputs.map(({ name }) => name)).toEqual(expect.arrayContaining(files));
    expect(leaksAmong([...answers, ...outputs], hunt.secrets())).toEqual([]);
  });
});

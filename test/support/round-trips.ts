import { setImmediate } from 'node:timers/promises';
import { corpusFile, corpusOf } from './corpus.ts';
import { startCorpusUpstream } from './corpus-upstream.ts';
import { startGateway } from './gateway.ts';
import { forRequest } from './own-keys.ts';
import type { Answer, Received } from './upstream.ts';

/** Holds every call until no other one arrives, then releases all of them: they are one round. */
const createGate = () => {
  let rounds: string[][] = [];
  let open: (() => void)[] = [];
  let arrived: string[] = [];

  /** Waits until nothing has arrived for a while, in which the process had its turns to ask for more. */
  const settle = async (): Promise<void> => {
    let before: number;
    do {
      before = arrived.length;
      for (let turn = 0; turn < 40; turn += 1) await setImmediate();
    } while (arrived.length > before);
    rounds.push(arrived.sort());
    const opening = open;
    [open, arrived] = [[], []];
    for (const one of opening) one();
  };

  return {
    pass: (call: string): Promise<void> =>
      new Promise((resolve) => {
        open.push(resolve);
        arrived.push(call);
        if (arrived.length === 1) void settle();
      }),
    /** Returns the operations of each round since the last use. */
    taken: (): string[][] => {
      const taken = rounds;
      rounds = [];
      return taken;
    },
  };
};

type Rows = { readonly data: readonly [object] };

/** A row for each of the `ids` that are asked for, as the one that is documented. */
const byIds =
  (operation: 'filterOrders' | 'filterAssignments') =>
  ({ query: { ids } }: Received): Answer => {
    const [row] = (corpusFile('recoveryconnect', operation).success as Rows).data;
    return { json: { data: ids ? ids.split(',').map((id) => ({ ...row, id: Number(id) })) : [row] } };
  };

/** The documented phones, and one more of the number that mutations are given. */
const phones = (): Answer => {
  const answer = corpusFile('scollect', 'getphones').success as { readonly result: readonly object[] };
  const [row] = answer.result;
  return { json: { ...answer, result: [...answer.result, { ...row, phonenumber: '614-555-0142' }] } };
};

/** The number of the loan in the documented rows of `filterOrders`. */
const accountNumber = '3700956';

/** The documented account, with a joint debtor and the number of the order's loan. */
const account = (): Answer => {
  const answer = corpusFile('scollect', 'getaccount').success as { readonly result: readonly [object] };
  const [row] = answer.result;
  const added = { jointfullname: 'PAT JOINT', jointprimaryphone: '614-555-0142' };
  return { json: { ...answer, result: [{ ...row, ...added, accountnumber: accountNumber }] } };
};

const answers: Readonly<Record<string, (request: Received) => Answer>> = {
  getaccount: account,
  getphones: phones,
  // Its own success is not documented.
  insert_payplan_external: () => ({ json: corpusFile('scollect', 'insert_payments_external').success }),
  filterOrders: byIds('filterOrders'),
  filterAssignments: byIds('filterAssignments'),
};

/** A gateway whose upstreams give their documented responses in rounds. */
export const startRoundTrips = async (options: Parameters<typeof startGateway>[0] = {}) => {
  const gate = createGate();
  const start = (system: 'scollect' | 'recoveryconnect') => {
    const held = corpusOf(system).map(({ operation, success }) => {
      const answer = answers[operation] ?? (() => ({ json: success }));
      const isLogIn = operation === 'login' || operation === 'authenticate';
      const whenOpen = async (request: Received): Promise<Answer> => {
        if (!isLogIn) await gate.pass(operation);
        const given = answer(request);
        return typeof given === 'object' && 'json' in given
          ? { ...given, json: forRequest(operation, request, given.json) }
          : given;
      };
      return [operation, whenOpen] as const;
    });
    return startCorpusUpstream(system, Object.fromEntries(held));
  };
  const { query } = await startGateway({
    scollect: await start('scollect'),
    recoveryConnect: await start('recoveryconnect'),
    timeoutMs: 30_000,
    requestTimeoutMs: 60_000,
    ...options,
  });
  return {
    /** Sends a query, and returns the rounds of calls that it took. */
    ask: async (document: string, variables: object = {}) => {
      gate.taken();
      const reply = await query(document, variables);
      return { reply, rounds: gate.taken() };
    },
  };
};

import type { Ledger } from '../../src/ledger/ledger.ts';
import { corpusFile } from './corpus.ts';
import { startCorpusUpstream } from './corpus-upstream.ts';
import { startGateway } from './gateway.ts';
import { mutationOf } from './mutation.ts';

const runPayment = mutationOf('runPayment', '__typename');
const charge = { fileNumber: 'R1', amount: '1.00', paymentDate: '2030-01-02' };

/** Starts a gateway on a ledger, with what the tests of failing databases ask it. */
export const startPayingGateway = async (ledger: Ledger) => {
  const scollect = await startCorpusUpstream('scollect');
  const gateway = await startGateway({ scollect, ledger, requestTimeoutMs: 60_000 });
  return {
    gateway,
    ready: async () => {
      const response = await gateway.gateway.fetch('http://gateway/ready');
      return { status: response.status, store: ((await response.json()) as { store: string }).store };
    },
    pay: async (idempotencyKey: string) => {
      const { data } = await gateway.query(runPayment, { input: { ...charge, idempotencyKey } });
      return data.runPayment as { __typename: string; code?: string; outcomeId?: string | null };
    },
    /** The payments that reached the upstream. */
    payments: () =>
      scollect.received.filter(({ path }) => path === corpusFile('scollect', 'run_payment_external').path),
  };
};

import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { type Reply, startGateway } from '../support/gateway.ts';
import type { Answer } from '../support/upstream.ts';

const failure = `... on MutationError { message code }
  ... on InvalidInputError { fields { path message } }
  ... on RejectedError { reason } ... on UnavailableError { retryAfter }
  ... on OutcomeUnknownError { whatToCheck outcomeId }`;

const documentOf = (field: string, success = 'account { fileNumber }'): string => {
  const name = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;
  return `mutation ($input: ${name}Input!) { ${field}(input: $input) {
    __typename ... on ${name}Success { ${success} } ${failure} } }`;
};

const card = {
  type: 'Visa',
  number: '4111111111111111',
  securityCode: '111',
  expirationMonth: 12,
  expirationYear: 2030,
};
const bankAccount = { type: 'Checking', accountNumber: '9876543210', routingNumber: '021000021' };

const payment = {
  idempotencyKey: 'key-1',
  fileNumber: '12345',
  paymentDate: '2023-04-15',
  amount: '100.00',
  payorName: 'John Doe',
  status: 'PENDING',
  type: 'Online',
  acceptedFees: false,
  printed: false,
  invoice: 'INV123456',
};

const documented = (operation: string): object => corpusFile('scollect', operation).request as object;

const sentTo = (
  scollect: { received: readonly { path: string; method: string; body: unknown }[] },
  path: string,
) => scollect.received.filter((one) => one.path === path).map(({ method, body }) => ({ method, body }));

describe('Mutation.recordPayment', () => {
  it('sends every documented key of a card payment, those of a bank account blank', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(documentOf('recordPayment'), { input: { ...payment, card } });
    expect(errors).toBeUndefined();
    expect(data.recordPayment).toEqual({
      __typename: 'RecordPaymentSuccess',
      account: { fileNumber: '12345' },
    });
    const body = {
      ...documented('insert_payments_external'),
      cardexpirationyear: '2030',
      cardexpirationdate: '12/2030',
      acceptedfees: '0',
      checkaccountnumber: '',
      checkroutingnumber: '',
      checkaccounttype: '',
    };
    expect(sentTo(scollect, '/insert_payments_external')).toEqual([{ method: 'POST', body }]);
  });
});

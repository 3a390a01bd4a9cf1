import type { GatewayProcess } from './gateway-process.ts';

/** One use of an idempotency key: its amount names it at the upstream. */
export interface Charge {
  readonly mutation: 'runPayment' | 'recordPayment';
  readonly idempotencyKey: string;
  readonly fileNumber: string;
  readonly amount: string;
}

/** What a mutation answered. */
export interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly outcomeId?: string | null;
  readonly result?: string | null;
  readonly approvalCode?: string | null;
  readonly reason?: string | null;
}

const failures = `... on MutationError { code message } ... on OutcomeUnknownError { outcomeId }
  ... on RejectedError { reason }`;

const documents: Record<Charge['mutation'], string> = {
  runPayment: `mutation ($input: RunPaymentInput!) { runPayment(input: $input) {
    __typename ... on RunPaymentSuccess { result approvalCode } ${failures} } }`,
  recordPayment: `mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) {
    __typename ${failures} } }`,
};

const bankAccount = { type: 'Checking', accountNumber: '9876543210', routingNumber: '021000021' };
const payer = { payorName: 'Jane Doe', type: 'Online', bankAccount };

export const isSuccess = ({ __typename: name }: Answer): boolean => name.endsWith('Success');

/** Sends a charge to a gateway; `null` where that died before it answered. */
export const sendCharge = async (gateway: GatewayProcess, charge: Charge): Promise<Answer | null> => {
  const { mutation, ...input } = charge;
  const reply = await gateway.ask(documents[mutation], {
    input: { ...input, paymentDate: '2030-01-02', ...(mutation === 'recordPayment' ? payer : {}) },
  });
  if (reply === null) return null;
  const answer = reply.data?.[mutation] as Answer | null | undefined;
  if (!answer) throw new Error(`${mutation} has no answer: ${JSON.stringify(reply)}`);
  return answer;
};

export interface Pending {
  readonly outcomeId: string;
  readonly mutation: string;
  readonly amount: string | null;
}

/** The writes whose outcome is not known; `null` where the gateway died before it answered. */
export const pendingOutcomes = async (gateway: GatewayProcess): Promise<readonly Pending[] | null> => {
  const reply = await gateway.ask('{ pendingOutcomes { outcomeId mutation amount } }');
  return reply && (reply.data.pendingOutcomes as readonly Pending[]);
};

/** Reports to a gateway what was found at the upstream; `null` where it died before it answered. */
export const resolveOutcome = async (
  gateway: GatewayProcess,
  outcomeId: string,
  wasCarriedOut: boolean,
): Promise<Answer | null> => {
  const reply = await gateway.ask(
    `mutation ($input: ResolveOutcomeInput!) { resolveOutcome(input: $input) {
      __typename ... on MutationError { code message } } }`,
    { input: { outcomeId, wasCarriedOut } },
  );
  return reply && (reply.data.resolveOutcome as Answer);
};

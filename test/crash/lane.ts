import { type Answer, type Charge, isSuccess, sendCharge } from './charge.ts';
import { type CountingScollect, startCountingScollect } from './counting-scollect.ts';
import type { CrashStoreKind } from './crash-store.ts';
import { type GatewayProcess, type KillAt, startGatewayProcess } from './gateway-process.ts';

/** A store with its upstream, and the gateways that live and die on it one after another. */
export interface Lane {
  readonly scollect: CountingScollect;
  /** The one that lives now. */
  gateway(): GatewayProcess;
  /** Starts the next gateway on the same store. */
  restart(): Promise<void>;
  /** Sends a charge, and compares its reported outcome with the upstream. */
  send(charge: Charge): Promise<Answer | null>;
  /** Records that a charge was resolved as not executed: it may be sent to the upstream once more. */
  allowAnotherCall(charge: Charge): void;
  /** Checks that a charge was executed at most once, and not sent more often than permitted. */
  checkCounts(charge: Charge): void;
  violated(charge: Charge, what: string): void;
  /** Sends a charge to each of the gateways in turn. */
  sendToAny(charge: Charge): Promise<Answer | null>;
  /** Throws if the store is damaged. */
  verifyStore(): void;
  close(): Promise<void>;
}

/** The content of a success; always the same for a key. */
const toldBy = ({ __typename, result, approvalCode, reason }: Answer): string =>
  JSON.stringify([__typename, result, approvalCode, reason]);

const isFinal = (answer: Answer): boolean => isSuccess(answer) || answer.__typename === 'RejectedError';

/**
 * @param arms the step at which each gateway is to end itself, in the order in which they are started.
 * @param onViolation hears of every promise that was not kept.
 */
export const openLane = async (
  arms: Iterable<KillAt | undefined>,
  onViolation: (text: string) => void,
  kind: CrashStoreKind,
): Promise<Lane> => {
  const store = await kind.create();
  const scollect = await startCountingScollect();
  const nextArm = arms[Symbol.iterator]();
  const start = (): Promise<GatewayProcess> =>
    startGatewayProcess({
      env: store.env,
      scollectUrl: scollect.url,
      killAt: nextArm.next().value ?? undefined,
    });
  let gateway = await start();
  // It serves while the others die.
  const replica =
    kind.replicas === 2 ? await startGatewayProcess({ env: store.env, scollectUrl: scollect.url }) : null;
  let turns = 0;

  const allowed = new Map<string, number>();
  const finals = new Map<string, string>();

  const violated: Lane['violated'] = ({ idempotencyKey, mutation }, what) =>
    onViolation(`${mutation} ${idempotencyKey}: ${what}`);

  const checkCounts = (charge: Charge): void => {
    const { amount, idempotencyKey } = charge;
    const most = 1 + (allowed.get(idempotencyKey) ?? 0);
    if (scollect.charges(amount) > 1) violated(charge, `${scollect.charges(amount)} charges`);
    if (scollect.calls(amount) > most) violated(charge, `${scollect.calls(amount)} calls, not ${most}`);
  };

  const hear = (charge: Charge, answer: Answer, final: string | undefined): void => {
    const charges = scollect.charges(charge.amount);
    checkCounts(charge);
    if (isSuccess(answer) && charges !== 1) violated(charge, `reported a success of ${charges} charges`);
    if (answer.__typename === 'RejectedError' && charges > 0)
      violated(charge, 'reported as declined, but charged');
    if (!['OutcomeUnknownError', 'UnavailableError'].includes(answer.__typename) && !isFinal(answer)) {
      violated(charge, `answered by ${JSON.stringify(answer)}`);
    }
    if (final !== undefined && final !== toldBy(answer)) {
      violated(charge, `reported ${final} before, and now ${JSON.stringify(answer)}`);
    }
    if (isFinal(answer)) finals.set(charge.idempotencyKey, toldBy(answer));
  };

  const sendTo = async (receiver: GatewayProcess, charge: Charge): Promise<Answer | null> => {
    // Only of what was reported before this was sent: answers to several at once may come in any order.
    const final = finals.get(charge.idempotencyKey);
    const answer = await sendCharge(receiver, charge);
    if (answer) hear(charge, answer, final);
    return answer;
  };

  return {
    scollect,
    gateway: () => gateway,
    restart: async () => {
      const failure = gateway.failure();
      if (failure !== null) onViolation(`The gateway ${failure}`);
      gateway = await start();
    },
    send: (charge) => sendTo(gateway, charge),
    sendToAny: (charge) => {
      turns += 1;
      return sendTo(replica && turns % 2 === 0 ? replica : gateway, charge);
    },
    allowAnotherCall: ({ idempotencyKey }) => {
      allowed.set(idempotencyKey, (allowed.get(idempotencyKey) ?? 0) + 1);
    },
    checkCounts,
    violated,
    verifyStore: store.verify,
    close: async () => {
      const failure = replica?.failure() ?? null;
      if (failure !== null) onViolation(`The gateway ${failure}`);
      await Promise.all([gateway.kill(), replica?.kill()]);
      scollect.close();
      await store.remove();
    },
  };
};

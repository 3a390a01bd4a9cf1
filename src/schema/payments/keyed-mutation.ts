import { z } from 'zod';
import {
  type Attempt,
  type JsonValue,
  LedgerError,
  type Outcome,
  type PendingWrite,
} from '../../ledger/ledger.ts';
import type { Deadline } from '../../lib/deadline.ts';
import type { Context } from '../../request/context.ts';
import { OutcomeUnknownError } from '../../upstreams/errors.ts';
import { withoutNumbers } from '../../values/text.ts';
import { type AccountWritten, fileNumberInput } from '../accounts/account-written.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { addMutation, type InputFieldBuilder, type MutationDefinition } from '../kit/mutation.ts';
import {
  declined,
  type Failure,
  idempotencyConflict,
  isNotExecuted,
  outcomeUnknown,
  unavailable,
} from '../kit/mutation-errors.ts';

/** What is stored for operators of a write whose outcome is not known. */
export const subjectSchema = z.object({
  fileNumber: z.string(),
  amount: z.string().optional(),
  paymentDate: z.string().optional(),
  installments: z.array(z.object({ amount: z.string(), date: z.string() })).optional(),
  method: z.string().optional(),
  last4: z.string().optional(),
  template: z.string().optional(),
});

export type Subject = z.output<typeof subjectSchema>;

/** How the account itself shows whether a write was executed. */
export interface Evidence {
  /** Reads the account before the call is sent. */
  readonly before: (subject: Subject, context: Context) => Promise<JsonValue>;
  /** Looks again; true only where nothing but this write can have made the difference. */
  readonly shows: (subject: Subject, before: JsonValue, context: Context) => Promise<boolean>;
}

/** The result besides the account; it is stored, and returned again for the same key. */
type StoredResult = { readonly [key: string]: JsonValue };

interface Keyed extends AccountWritten {
  readonly idempotencyKey: string;
}

interface KeyedDefinition<Checked extends Keyed, Answer extends StoredResult>
  extends Omit<MutationDefinition<Checked, AccountWritten & Answer>, 'execute' | 'success' | 'isKeyed'> {
  readonly send: (checked: Checked, context: Context) => Promise<Answer>;
  readonly success: (
    t: FieldBuilder<AccountWritten & Answer>,
  ) => ReturnType<MutationDefinition<Checked, AccountWritten & Answer>['success']>;
  readonly subject: (checked: Checked) => Subject;
  readonly evidence?: Evidence;
  /** The result of a write that an operator found to be executed. */
  readonly found: (approvalCode: string | null) => Answer;
}

/** What is known of a mutation by its name, which is what the ledger stores. */
interface KeyedMutation {
  readonly whatToCheck: string;
  readonly found: (approvalCode: string | null) => JsonValue;
}

/** What is written by hand may hold any number. */
const shown = ({ method, template, ...subject }: Subject): Subject => ({
  ...subject,
  method: method && withoutNumbers(method),
  template: template && withoutNumbers(template),
});

interface StillInFlight {
  readonly kind: 'inFlight';
  readonly outcomeId: string | null;
}

/** The write is not this try's own any more. */
class LostError extends Error {}

/** Claims a write as its call leaves: while it waits for a log-in, its process may stand still. */
const claimOf = (attempt: PendingWrite) => async (): Promise<void> => {
  const isOwn = await attempt.claim().catch((error: unknown) => {
    throw new LedgerError(false, error);
  });
  if (!isOwn) throw new LostError();
};

/** What is known when the deadline has passed: the write continues. */
const afterDeadline = (deadline: Deadline, outcomeId: () => string | null): Promise<StillInFlight> =>
  new Promise((resolve) => {
    const report = (): void => resolve({ kind: 'inFlight', outcomeId: outcomeId() });
    if (deadline.signal.aborted) report();
    deadline.signal.addEventListener('abort', report, { once: true });
  });

export const keyedMutations = new Map<string, KeyedMutation>();

/** An outcome as it is stored: what the mutation answers, but for the account, which is read anew. */
type StoredOutcome =
  | { readonly kind: 'success'; readonly told: StoredResult }
  | { readonly kind: 'failure'; readonly failure: StoredResult };

/** `told` is a name in stored ledgers. */
export const successOutcome = (result: JsonValue): JsonValue => ({ kind: 'success', told: result });

/** The fields that every mutation with an idempotency key has. */
export const keyedInput = (t: InputFieldBuilder) => ({
  idempotencyKey: t.string({
    required: true,
    description:
      'A key that the client chooses for this one request, such as a UUID: 1 to 255 printable characters. A repeated request with the same input returns the first result and executes nothing.',
  }),
  fileNumber: t.string({ required: true, description: fileNumberInput }),
});

/**
 * Adds a mutation that is executed once for each idempotency key.
 *
 * The ledger contains its intent before the call is sent, and its outcome before the response.
 */
export const addKeyedMutation = <Checked extends Keyed, Answer extends StoredResult>(
  field: string,
  definition: KeyedDefinition<Checked, Answer>,
): void => {
  const { send, subject: subjectOf, evidence, found, ...mutation } = definition;
  const { whatToCheck, pathOf } = mutation;
  keyedMutations.set(field, { whatToCheck, found });

  /** Reads the evidence before the call. If that fails there is nothing to compare with afterwards. */
  const lookBefore = async (subject: Subject, attempt: PendingWrite, context: Context): Promise<void> => {
    const before = await evidence?.before(subject, context).catch(() => undefined);
    if (before !== undefined) await attempt.note(before);
  };

  const trySending = async (
    checked: Checked,
    attempt: PendingWrite,
    context: Context,
    onReleased: (error: unknown) => void,
  ): Promise<Attempt<StoredOutcome>> => {
    const beforeSending = claimOf(attempt);
    const write: Context['write'] = (endpoint, input) =>
      context.write(endpoint, input, { beforeSending, outlivesDeadline: true });
    try {
      const result = await send(checked, { ...context, write });
      return { kind: 'settled', outcome: { kind: 'success', told: result } };
    } catch (error) {
      if (error instanceof LostError) return { kind: 'lost' };
      const failure = declined(error, pathOf);
      // A failure is made of texts, numbers and lists of them, as its members' fields are.
      if (failure)
        return { kind: 'settled', outcome: { kind: 'failure', failure: failure as object as StoredResult } };
      if (isNotExecuted(error) || error instanceof LedgerError) {
        onReleased(error);
        return { kind: 'released' };
      }
      if (!(error instanceof OutcomeUnknownError)) {
        context.log.error(
          { ...idsOf(context), name: error instanceof Error ? error.name : typeof error },
          'unexpected error in a write',
        );
      }
      return { kind: 'unknown' };
    }
  };

  /** Settles a write of unknown outcome if the account shows that it was executed. */
  const settleByEvidence = async (outcomeId: string, context: Context): Promise<Answer | undefined> => {
    const open = evidence && (await context.ledger.find(outcomeId));
    if (!open || open.evidence === null) return undefined;
    const subject = subjectSchema.parse(open.subject);
    const others = await context.ledger.since(outcomeId);
    const isAlone = others?.every((other) => subjectSchema.parse(other).fileNumber !== subject.fileNumber);
    if (!isAlone || !(await evidence.shows(subject, open.evidence, context))) return undefined;
    const result = found(null);
    await context.ledger.resolve(outcomeId, successOutcome(result));
    return result;
  };

  const settledAnswer = (
    { fileNumber }: Checked,
    // It was stored by this mutation: its fingerprint has the mutation's name in it.
    outcome: StoredOutcome,
  ): (AccountWritten & Answer) | Failure =>
    outcome.kind === 'failure'
      ? (outcome.failure as object as Failure)
      : { fileNumber, ...(outcome.told as Answer) };

  const answerOf = async (
    ended: Outcome | StillInFlight,
    checked: Checked,
    context: Context,
  ): Promise<(AccountWritten & Answer) | Failure> => {
    switch (ended.kind) {
      case 'settled':
        return settledAnswer(checked, ended.outcome as StoredOutcome);
      case 'unknown': {
        const result = await settleByEvidence(ended.outcomeId, context).catch(() => undefined);
        if (result) return { fileNumber: checked.fileNumber, ...result };
        // Another request with the key may have settled it meanwhile.
        const { caller, ledger } = context;
        const key = { caller: caller.id, idempotencyKey: checked.idempotencyKey };
        const recorded = await ledger.recorded(key).catch(() => null);
        return recorded === null
          ? outcomeUnknown(whatToCheck, { outcomeId: ended.outcomeId })
          : settledAnswer(checked, recorded as StoredOutcome);
      }
      case 'inFlight':
        return outcomeUnknown(whatToCheck, { outcomeId: ended.outcomeId, isUnderWay: true });
      case 'released':
        return unavailable('The first request with this idempotency key was not executed.');
      case 'conflict':
        return idempotencyConflict;
    }
  };

  addMutation<Checked, AccountWritten & Answer>(field, {
    // Its evidence is read before the call, and after one whose response was lost.
    ...(evidence && { calls: 3 }),
    ...mutation,
    isKeyed: true,
    execute: async (checked, context) => {
      const { idempotencyKey, ...input } = checked;
      const { caller, ledger, log } = context;
      const subject = shown(subjectOf(checked));
      const { deadline } = context.life;
      const tellOfLedger = (error: unknown): void => {
        if (!(error instanceof LedgerError)) return;
        const { isSent, cause } = error;
        log.error({ ...idsOf(context), isSent, code: codeOf(cause) }, 'the ledger cannot be written');
      };
      // Ends a little before the deadline, so that there is time to say which write it waited for.
      const waitMs = Math.max(0, deadline.remainingMs() - 100);
      let reason: unknown;
      let outcomeId: string | null = null;
      const write = {
        caller: caller.id,
        idempotencyKey,
        operation: field,
        input,
        subject: subject as JsonValue,
        waitMs,
        onEntry: (id: string) => {
          outcomeId = id;
        },
      };
      try {
        const ending = ledger.once<StoredOutcome>(write, async (attempt) => {
          try {
            await lookBefore(subject, attempt, context);
          } catch (error) {
            reason = new LedgerError(false, error);
            return { kind: 'released' };
          }
          return trySending(checked, attempt, context, (error) => {
            reason = error;
          });
        });
        // A client that asks again after the deadline gets the outcome.
        const ended = await Promise.race([ending, afterDeadline(deadline, () => outcomeId)]);
        if (ended.kind === 'inFlight') ending.catch(tellOfLedger);
        if (ended.kind === 'released' && reason !== undefined) throw reason;
        return await answerOf(ended, checked, context);
      } catch (error) {
        tellOfLedger(error);
        if (!(error instanceof LedgerError)) throw error;
        return ledgerFailure(error, whatToCheck);
      }
    },
  });
};

/** The result of a write whose ledger failed. Only a key that certainly has no entry is known not to be used. */
const ledgerFailure = ({ isSent, entry }: LedgerError, whatToCheck: string): Failure => {
  if (!isSent && entry === null) {
    return unavailable('The ledger of idempotency keys cannot be written; nothing was sent.');
  }
  const outcomeId = entry?.outcomeId ?? null;
  const unread =
    'The ledger of idempotency keys cannot be read. This request sent nothing; whether an earlier one with this key was executed is not known. Ask again with the same idempotency key.';
  return outcomeUnknown(outcomeId === null ? `${unread} ${whatToCheck}` : whatToCheck, { outcomeId });
};

const codeOf = (cause: unknown): string | undefined =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;

/** The ids of a request in the log. */
const idsOf = ({ requestId, traceId }: Context) => ({ requestId, traceId });

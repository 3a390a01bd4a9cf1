import type { Attempt, JsonValue, OpenOutcome } from './ledger.ts';
import type { Entry } from './store.ts';

export const parsed = (text: string | null): JsonValue =>
  text === null ? null : (JSON.parse(text) as JsonValue);

/** The public form of an entry whose outcome is not known. */
export const openOutcomeOf = ({
  id,
  caller,
  operation,
  subject,
  evidence,
  startedAt,
}: Entry): OpenOutcome => ({
  outcomeId: id,
  caller,
  operation,
  subject: parsed(subject),
  evidence: parsed(evidence),
  startedAt: new Date(startedAt),
});

export const settledAs = (outcome: JsonValue): Partial<Entry> => ({
  state: 'SETTLED',
  outcome: JSON.stringify(outcome),
});

export const released: Partial<Entry> = { state: 'RELEASED' };

/** Returns the changes of an entry after an attempt. */
export const changesFor = <Result extends JsonValue>(
  attempt: Exclude<Attempt<Result>, { kind: 'lost' }>,
): Partial<Entry> => {
  if (attempt.kind === 'settled') return settledAs(attempt.outcome);
  return attempt.kind === 'unknown' ? { state: 'UNKNOWN' } : released;
};

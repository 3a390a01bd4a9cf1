import type { OpenOutcome, Shown, Try } from './ledger.ts';
import type { Entry } from './store.ts';

export const parsed = (text: string | null): Shown => (text === null ? null : (JSON.parse(text) as Shown));

/** The public form of an entry whose outcome is not known. */
export const told = ({ id, caller, operation, subject, evidence, startedAt }: Entry): OpenOutcome => ({
  outcomeId: id,
  caller,
  operation,
  subject: parsed(subject),
  evidence: parsed(evidence),
  startedAt: new Date(startedAt),
});

export const settledAs = (outcome: Shown, expiresAt: number): Partial<Entry> => ({
  state: 'SETTLED',
  outcome: JSON.stringify(outcome),
  expiresAt,
});

export const released = (expiresAt: number): Partial<Entry> => ({ state: 'RELEASED', expiresAt });

/** What a try changes in its entry. */
export const changesFor = <Outcome extends Shown>(
  tried: Exclude<Try<Outcome>, { kind: 'lost' }>,
  expiresAt: number,
): Partial<Entry> => {
  if (tried.kind === 'settled') return settledAs(tried.outcome, expiresAt);
  return tried.kind === 'unknown' ? { state: 'UNKNOWN' } : released(expiresAt);
};

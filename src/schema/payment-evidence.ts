import type { Context } from '../context.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { paymentColumns } from '../upstreams/scollect/payments.ts';
import { withCents } from './checks.ts';
import type { Evidence, Subject } from './keyed-mutation.ts';

interface Part {
  readonly amount: string;
  readonly date: string;
}

/** The payments that a write makes. */
const partsOf = ({ installments, amount, paymentDate }: Subject): readonly Part[] => {
  if (installments) return installments;
  return amount !== undefined && paymentDate !== undefined ? [{ amount, date: paymentDate }] : [];
};

const keyOf = ({ amount, date }: Part): string => `${date} ${amount}`;

const partIn = (row: Row): Part | undefined => {
  const amount = paymentColumns.amount.read(row);
  const date = paymentColumns.paymentDate.read(row);
  return amount === null || date === null ? undefined : { amount: withCents(amount), date };
};

/** The payments on the account that could be those of a write: of its days and amounts. */
export const matchingPayments = async (subject: Subject, context: Context): Promise<Row[]> => {
  const wanted = new Set(partsOf(subject).map(keyOf));
  const rows = await context.loaders.payments.load(subject.fileNumber);
  return rows.filter((row) => {
    const part = partIn(row);
    return part !== undefined && wanted.has(keyOf(part));
  });
};

const countOf = (parts: readonly Part[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const part of parts) counts[keyOf(part)] = (counts[keyOf(part)] ?? 0) + 1;
  return counts;
};

/** Asks anew: what the request has read before may be older than the write. */
const countMatching = async (subject: Subject, context: Context): Promise<Record<string, number>> => {
  context.loaders.payments.clear(subject.fileNumber);
  return countOf((await matchingPayments(subject, context)).flatMap((row) => partIn(row) ?? []));
};

const isCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  typeof value === 'object' && value !== null && Object.values(value).every(Number.isInteger);

/**
 * Payments of these days and amounts that were not there before: as many as the write makes.
 *
 * That there are none says nothing, since the upstream may still be at it.
 */
export const paymentEvidence: Evidence = {
  before: countMatching,
  shows: async (subject, before, context) => {
    if (!isCounts(before)) return false;
    const now = await countMatching(subject, context);
    return Object.entries(countOf(partsOf(subject))).every(
      ([key, count]) => (now[key] ?? 0) - (before[key] ?? 0) === count,
    );
  },
};

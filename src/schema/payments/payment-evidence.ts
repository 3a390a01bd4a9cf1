import type { Context } from '../../request/context.ts';
import { leftOutOf } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { BadResponseError } from '../../upstreams/errors.ts';
import { getpayments, paymentColumns } from '../../upstreams/scollect/payments.ts';
import { withCents } from '../kit/checks.ts';
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

/** What a payment's row contains of day and amount; `null` for what cannot be read. */
const readPart = (row: Row): { readonly [Name in keyof Part]: string | null } => {
  const amount = paymentColumns.amount.read(row);
  return { amount: amount === null ? null : withCents(amount), date: paymentColumns.paymentDate.read(row) };
};

const partIn = (row: Row): Part | undefined => {
  const { amount, date } = readPart(row);
  return amount === null || date === null ? undefined : { amount, date };
};

/** Returns the rows that could be payments of a write. @throws {BadResponseError} */
const matching = (rows: readonly Row[], subject: Subject): Row[] => {
  const wanted = partsOf(subject);
  if (leftOutOf(rows).length > 0) throw new BadResponseError(getpayments);
  return rows.filter((row) => {
    const { amount, date } = readPart(row);
    return wanted.some(
      (part) =>
        (amount === null || amount === withCents(part.amount)) && (date === null || date === part.date),
    );
  });
};

/**
 * The payments on the account that could be those of a write: of its days and amounts. A day or an amount that cannot
 * be read could be any.
 *
 * @throws {BadResponseError} if rows were left out: each of them could be one of those.
 */
export const matchingPayments = async (subject: Subject, { loaders }: Context): Promise<Row[]> =>
  matching(await loaders.of(getpayments).load({ fileNumber: subject.fileNumber }), subject);

const countOf = (parts: readonly Part[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const part of parts) counts[keyOf(part)] = (counts[keyOf(part)] ?? 0) + 1;
  return counts;
};

/**
 * Counts the matching payments, by a read of its own. An earlier read may lack a payment of another process, which would
 * then count as that of the write.
 *
 * @throws {BadResponseError} if one of them cannot be read in full: then their number is not known.
 */
const countMatching = async (subject: Subject, { loaders }: Context): Promise<Record<string, number>> => {
  const rows = await loaders.readAnew(getpayments, { fileNumber: subject.fileNumber });
  const parts = matching(rows, subject).map(partIn);
  const read = parts.filter((part) => part !== undefined);
  if (read.length < parts.length) throw new BadResponseError(getpayments);
  return countOf(read);
};

const isCounts = (value: unknown): value is Readonly<Record<string, number>> =>
  typeof value === 'object' && value !== null && Object.values(value).every(Number.isInteger);

/**
 * Payments of these days and amounts that were not there before: as many as the write makes.
 *
 * That there are none says nothing, since the upstream may still be at it. Rows that cannot be read in full, before or
 * now, prove nothing either way: the outcome stays unknown.
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

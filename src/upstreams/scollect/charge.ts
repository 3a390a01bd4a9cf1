import { toText } from '../../values/text.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { isRecord } from '../endpoint/row.ts';
import { accepted, failed, type Verdict } from '../endpoint/verdict.ts';
import { deniesSuccess, isFiller, mostTexts, textValues, valueAt, wordsOf } from './texts.ts';
import { type Sign, signsIn } from './words.ts';

type Body = Readonly<Record<string, unknown>>;

/** The response to a charge. Its three values are not documented, so none of them alone proves anything. */
interface Charge {
  readonly result: string;
  readonly approvalCode: string | null;
  /** The texts under all keys that name an error. */
  readonly errors: readonly string[];
  readonly signs: ReadonlySet<Sign>;
}

// A single or repeated character is no code; neither is a word with a meaning.
const isCode = (text: string): boolean =>
  !isFiller(text) &&
  !/^no\b/i.test(text) &&
  new Set(text.replace(/[^\p{L}\p{N}]/gu, '')).size > 1 &&
  signsIn(text).size === 0;

/** Returns a processor's approval code; `null` for fillers, such as `000000`, `N/A` and `-`. */
const toApprovalCode = (wire: unknown): string | null => {
  const text = toText(wire);
  return text !== null && isCode(text) ? text : null;
};

/** The documented placeholders of a successful charge. */
const documented = { result: 'Payment Result>', approvalcode: '<Payment Approval Code>' };

const isDocumented = (row: Body): boolean =>
  row['result'] === documented.result && row['approvalcode'] === documented.approvalcode;

/** Finds the row with an approval code: the body, its `result`, or the first item of it. */
const rowIn = (body: Body): Body | undefined => {
  const { result } = body;
  const inner = isRecord(result) ? Object.values(result) : [];
  const candidates: readonly unknown[] = [body, result, ...(Array.isArray(result) ? result : []), ...inner];
  const rows = candidates.map((place): unknown => (Array.isArray(place) ? place[0] : place)).filter(isRecord);
  const row = rows.find((one) => valueAt(one, 'approvalcode') !== undefined);
  return row ?? (typeof result === 'string' ? body : undefined);
};

const isNoError = (text: string): boolean => /^no errors?\W*$/i.test(text);

/** Whether the number next to a row, which is the real status, is a failure of the server. */
const hasFailureStatus = (result: unknown): boolean => {
  const [, status] = Array.isArray(result) ? (result as unknown[]) : [];
  return typeof status === 'number' && status >= 500;
};

/** The documented success contains the approval code in its error; processors repeat it there. */
const isHarmless = (error: string, { approvalCode }: Pick<Charge, 'approvalCode'>): boolean => {
  if (error === '' || error === approvalCode || isNoError(error)) return true;
  const signs = [...signsIn(error)];
  return signs.length > 0 && signs.every((sign) => sign === 'approves' || sign === 'confirms');
};

const isApprovalCode = (key: string): boolean => /^approval/i.test(key);

/** Whether an entry is the state of the background task, which says nothing about the charge. */
const isTaskState = (key: string, value: unknown): boolean =>
  key === 'state' || (key === 'status' && value === 'SUCCESS');

/** Returns all statements of the row; `undefined` if there are too many. */
const chargeIn = (row: Body): Charge | undefined => {
  const entries = Object.entries(row).filter(([key, value]) => !isTaskState(key, value));
  const texts = entries.filter(([key]) => !isApprovalCode(key)).flatMap(([, value]) => textValues(value));
  if (texts.length > mostTexts) return undefined;
  return {
    result: wordsOf(valueAt(row, 'result')),
    approvalCode: toApprovalCode(valueAt(row, 'approvalcode')),
    errors: entries.filter(([key]) => /error/i.test(key)).map(([, value]) => wordsOf(value)),
    signs: new Set(texts.filter((text) => !isNoError(text)).flatMap((text) => [...signsIn(text)])),
  };
};

const contradictions = [
  'declines',
  'open',
  'breaks',
  'changesNothing',
  'absent',
  'invalid',
  'faults',
] as const satisfies readonly Sign[];

const isApproved = (charge: Charge): boolean =>
  charge.approvalCode !== null &&
  signsIn(charge.result).has('approves') &&
  !contradictions.some((sign) => charge.signs.has(sign)) &&
  charge.errors.every((error) => isHarmless(error, charge));

const approvals = ['approves', 'confirms', 'open', 'breaks'] as const satisfies readonly Sign[];

const isDeclined = ({ approvalCode, signs }: Charge): boolean =>
  approvalCode === null && signs.has('declines') && !approvals.some((sign) => signs.has(sign));

/**
 * Determines the verdict on a charge by its result, its approval code and its error together.
 *
 * It was approved if the words affirm it, a code confirms it and nothing contradicts. It was declined if the words
 * decline it and nothing contradicts. Otherwise the outcome is unknown.
 *
 * @returns `undefined` if the body has no such row.
 */
export const judgeCharge = (endpoint: Endpoint, body: Body): Verdict | undefined => {
  const row = rowIn(body);
  if (!row) return undefined;
  if (hasFailureStatus(body['result'])) return failed(endpoint, 'unavailable');
  if (isDocumented(row)) return accepted(endpoint, row);
  const charge = chargeIn(row);
  if (!charge) return failed(endpoint, 'unreadable');
  if (isApproved(charge) && !deniesSuccess(row)) {
    // The other keys are kept: one of them may identify the account.
    return accepted(endpoint, { ...row, result: charge.result, approvalcode: charge.approvalCode });
  }
  if (isDeclined(charge)) {
    const texts = [...charge.errors, charge.result];
    return { kind: 'refused', text: texts.find((text) => signsIn(text).has('declines')) ?? wordsOf(row) };
  }
  return failed(endpoint, charge.signs.has('breaks') ? 'unavailable' : 'unreadable');
};

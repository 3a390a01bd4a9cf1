import { toFlag } from '../../values/flag.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { isRecord } from '../endpoint/row.ts';
import { accepted, failed, noContent, type Verdict } from '../endpoint/verdict.ts';
import { deniesSuccess, hasErrorText, mostTexts, textValues, wordsOf } from './texts.ts';
import { type Sign, signsIn, statesAbsence } from './words.ts';

type Body = Readonly<Record<string, unknown>>;

const hasAny = (signs: ReadonlySet<Sign>, wanted: readonly Sign[]): boolean =>
  wanted.some((sign) => signs.has(sign));

const signsOf = (texts: readonly string[]): ReadonlySet<Sign> =>
  new Set(texts.slice(0, mostTexts).flatMap((text) => [...signsIn(text)]));

/** `updatedbase` reports a column that is missing as a 404: the input has a fault, and no account is missing. */
export const unknownField = /\bfield\b.*\bdoes not exist\b/i;

/** A text of an error that leaves open whether a write was executed. */
const isOpen = ({ isOnce }: Endpoint, signs: ReadonlySet<Sign>): boolean =>
  // An existing phone is declined. A payment that was already made was executed.
  hasAny(signs, isOnce ? ['approves', 'confirms', 'open', 'breaks'] : ['approves', 'confirms', 'breaks']);

const statusesOfInput: ReadonlySet<unknown> = new Set([400, 422]);

interface WriteError {
  readonly text: string;
  /** The number next to the text, or else the HTTP status. */
  readonly status: number | undefined;
  /** The row that contains the error. */
  readonly row: Body;
}

/** Whether the row of an error claims a success as well. */
const claimsSuccess = ({ error: _, state: __, ...rest }: Body): boolean => {
  const texts = textValues(rest);
  return (
    texts.length > mostTexts ||
    toFlag(rest['success']) === true ||
    hasAny(signsOf(texts), ['approves', 'confirms'])
  );
};

/**
 * Determines the verdict on a write that Scollect did not confirm.
 *
 * For a write that must not be executed twice, only known words prove that it was not executed. A blank error is the
 * documented failure of `insert_payments_external`.
 */
export const judgeWriteError = (endpoint: Endpoint, { text, status, row }: WriteError): Verdict => {
  const signs = signsIn(text);
  const isBlank = text === '';
  // Other writes may be repeated, so that the number alone is enough.
  const isTrusted = isBlank || !endpoint.isOnce;
  const badInput: Verdict = { kind: 'badInput', text };
  if (isOpen(endpoint, signs)) return failed(endpoint, signs.has('breaks') ? 'unavailable' : 'unreadable');
  if (claimsSuccess(row)) return failed(endpoint, 'unreadable');
  if (status === 403) return { kind: 'refused', text };
  if (unknownField.test(text)) return badInput;
  if (statesAbsence(text, endpoint.operation) || (status === 404 && isTrusted)) return { kind: 'nothing' };
  if (signs.has('invalid') || (statusesOfInput.has(status) && isTrusted)) return badInput;
  return isTrusted || hasAny(signs, ['declines', 'changesNothing'])
    ? { kind: 'refused', text }
    : failed(endpoint, 'unreadable');
};

const contradictions = [
  'declines',
  'open',
  'breaks',
  'changesNothing',
  'faults',
] as const satisfies readonly Sign[];

const isUnderSuccess = ({ result }: Body): boolean =>
  isRecord(result) && ('success' in result || 'Success' in result);

/** Whether a write says that it was executed, by the key of its text or by the text, and nothing contradicts. */
const isConfirmed = (body: Body, payload: unknown, signs: ReadonlySet<Sign>): boolean => {
  if (deniesSuccess(body) || hasErrorText(body) || hasAny(signs, contradictions)) return false;
  if (typeof payload !== 'string') return true;
  return (isUnderSuccess(body) && textValues(payload).length > 0) || signsIn(payload).has('confirms');
};

/** Whether a write says that nothing was done: by a flag, an empty list, a count of zero, or a word that declines. */
const isRefused = (body: Body, payload: unknown, signs: ReadonlySet<Sign>): boolean =>
  deniesSuccess(body) ||
  signs.has('changesNothing') ||
  (typeof payload === 'string' && !isUnderSuccess(body) && signs.has('declines'));

/** Judges the answer to a write that reports no error, or a blank one next to a success. */
export const judgeWrite = (endpoint: Endpoint, body: Body, payload: unknown): Verdict => {
  const { state: _, ...stated } = body;
  const texts = textValues(stated);
  if (texts.length > mostTexts) return failed(endpoint, 'unreadable');
  const signs = signsOf(texts);
  const isEmpty = Array.isArray(payload) && payload.length === 0;
  if (isEmpty && texts.length === 0) return noContent(endpoint);
  if (!isEmpty && isConfirmed(body, payload, signs)) return accepted(endpoint, payload);
  return isRefused(body, payload, signs) && !isOpen(endpoint, signs)
    ? { kind: 'refused', text: wordsOf(stated) }
    : failed(endpoint, signs.has('breaks') ? 'unavailable' : 'unreadable');
};

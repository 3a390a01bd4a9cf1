import { describe, expect, it } from 'vitest';
import { type Sign, signsIn, signWords } from './words.ts';

/** What each text states. One more finding is one more row. */
const texts: readonly (readonly [string, ...Sign[]])[] = [
  ['Approved', 'approves'],
  ['APPROVAL 123456', 'approves'],
  ['Approval denied', 'declines', 'faults'],
  ['not approved', 'declines', 'faults'],
  ['This transaction has been declined.', 'declines'],
  ['card_declined', 'declines'],
  ['Insufficient Funds', 'declines'],
  ['Do not honor', 'declines', 'faults'],
  ['Transaction not permitted to cardholder', 'declines', 'faults'],
  ['Account is closed', 'declines'],
  ['Your user has no permission for this account', 'declines'],
  ['Invalid card number', 'declines', 'invalid'],
  ['HELD FOR REVIEW', 'open'],
  ['PARTIAL APPROVAL', 'approves', 'open'],
  ['VOIDED', 'open'],
  ['Duplicate transaction', 'open'],
  ['Payment queued', 'open'],
  ['Payment will be processed', 'open', 'faults'],
  ['1 of 3 payments updated', 'confirms', 'open'],
  ['3 of 3 payments updated', 'confirms'],
  ['Phone number already inserted', 'open', 'faults'],
  ['Internal Server Error', 'breaks', 'faults'],
  ['list index out of range', 'breaks'],
  ["KeyError: 'pin'", 'breaks'],
  ["'NoneType' object is not subscriptable", 'breaks', 'faults'],
  ['Max retries exceeded with url', 'breaks'],
  ['Server not found', 'breaks', 'faults'],
  ['Payment successfully inserted', 'approves', 'confirms'],
  ['Payments have been updated.', 'confirms'],
  ['Pending payments updated', 'confirms'],
  ['Callback has been uploaded', 'confirms'],
  ['10 payments updated', 'confirms'],
  ['0 payments updated.', 'changesNothing', 'faults'],
  ['No payments were updated', 'changesNothing', 'faults'],
  ['Updated 0 payments', 'changesNothing', 'faults'],
  ['Payments updated: 0', 'changesNothing', 'faults'],
  ['0 of 3 payments updated', 'changesNothing', 'faults'],
  ['0 rows affected', 'changesNothing', 'faults'],
  ['Payment was not successfully inserted', 'faults'],
  ['Phone number could not be inserted', 'faults'],
  ['Unsuccessful', 'faults'],
  ['Nothing was updated', 'faults'],
  ['Card wasn’t charged', 'faults'],
  ['must be scheduled within business hours', 'invalid', 'faults'],
  ['At least one update field must be provided.', 'invalid'],
  ['No payment info found with filenumber R46', 'absent'],
  ['Data not found for this filenumber', 'absent', 'faults'],
  ['Transaction not found', 'faults'],
  ['Something broke'],
  [''],
];

describe('signsIn', () => {
  it.each(texts)('%s → %s', (text, ...signs) => {
    expect([...signsIn(text)].sort()).toEqual([...signs].sort());
  });

  it('every sign has a text in this table', () => {
    const seen = new Set(texts.flatMap(([, ...signs]) => signs));
    expect([...seen].sort()).toEqual(Object.keys(signWords).sort());
  });

  it('a text of more than 1,000 characters → open, and the rest is not read', () => {
    expect([...signsIn(`${'a '.repeat(500)}declined`)]).toEqual(['open']);
    expect([...signsIn('no a '.repeat(200_000))]).toEqual(['open']);
  });
});

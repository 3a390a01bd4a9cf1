import { describe, expect, it } from 'vitest';
import { mutate, type ScollectWrite, wrapped } from '../support/scollect-writes.ts';

const sendEmail: ScollectWrite = {
  field: 'sendEmail',
  operation: 'send_email_c2c',
  input: { idempotencyKey: 'key-1', fileNumber: 'R1000', template: 'Reminder', updatePermissions: false },
};

const failed = (response: object, success: unknown = true) =>
  wrapped({ response: { Errors: null, ResultObject: null, Success: false, ...response }, success });

describe('sendEmail: a reason of Scollect', () => {
  it.each([
    ['Recipient has unsubscribed', 'Recipient has unsubscribed'],
    ['The mailbox is full.', 'The mailbox is full.'],
    [
      'E-mail bounced: recipient suppressed for spam complaint',
      'E-mail bounced: recipient suppressed for spam complaint',
    ],
    ['Recipient opted out', 'Recipient opted out'],
    ['Message undeliverable, mailbox is inactive', 'Message undeliverable, mailbox is inactive'],
    ['Template is not enabled', 'Template is not enabled'],
    ['john.doe@example.com is blocked', '… is blocked'],
    ['Account R1000 of John Doe, SSN 111-22-3333, has no e-mail', 'Account … of …, SSN …, has no e-mail'],
    ['Call to 614-555-0142 is not permitted', 'Call to … is not permitted'],
    ['Order 1081-1 is closed', 'Order 1081-1 is closed'],
  ])('in ErrorMessage reaches RejectedError.reason: %s', async (ErrorMessage, reason) => {
    for (const answer of [
      failed({ ErrorMessage }),
      failed({ ErrorMessage }, false),
      failed({ Errors: [ErrorMessage] }),
    ]) {
      const { result, errors, writes } = await mutate(sendEmail, { answer });
      expect(errors).toBeUndefined();
      expect(result).toMatchObject({
        __typename: 'RejectedError',
        code: 'UPSTREAM_REJECTED',
        reason,
        message: `Scollect declined: ${reason}`,
      });
      expect(writes).toHaveLength(1);
    }
  });
});

import { z } from 'zod';
import { getAlaccountdata } from '../../upstreams/scollect/accounts.ts';
import { getemails, getemailstats, send_email_c2c, send_text } from '../../upstreams/scollect/messages.ts';
import { fileNumber, idempotencyKey, text } from '../kit/checks.ts';
import { addKeyedMutation, keyedInput } from '../payments/keyed-mutation.ts';
import { accountField, logOfAccount } from './account-written.ts';

const template = text(200);

addKeyedMutation('sendEmail', {
  endpoint: send_email_c2c,
  scope: 'contact:write',
  description:
    'Sends an e-mail by a template to the debtor of an account (Scollect: send_email_c2c, which needs that provider to be set up). Whether the debtor may be written to is for the caller to know.',
  input: (t) => ({
    ...keyedInput(t),
    template: t.string({ required: true, description: 'The name of the template.' }),
    updatePermissions: t.boolean({
      required: true,
      description:
        "Whether the sending may change the account's permissions, such as the date of the next e-mail.",
    }),
  }),
  check: z.strictObject({ idempotencyKey, fileNumber, template, updatePermissions: z.boolean() }),
  send: async ({ fileNumber: file, template: emailTemplate, updatePermissions: updateap }, { write }) => {
    const body = { sendType: 'email', emailTemplate, referenceNumbers: [file], updateap };
    await write(send_email_c2c, { params: {}, body });
    return {};
  },
  success: (t) => ({ account: accountField(t) }),
  subject: ({ fileNumber: file, template: used }) => ({ fileNumber: file, template: used }),
  found: () => ({}),
  changes: ({ updatePermissions }) => [
    ...logOfAccount,
    getemails,
    getemailstats,
    // The offered settlement is one of the permissions.
    ...(updatePermissions ? [getAlaccountdata] : []),
  ],
  whatToCheck:
    "Look among the account's e-mails (`Account.emails`) whether it was sent, then settle it by `resolveOutcome`.",
});

addKeyedMutation('sendText', {
  endpoint: send_text,
  scope: 'contact:write',
  description:
    'Sends a text message by an approved template to the subscribers of an account (Scollect: send_text, which needs Solutions By Text to be set up). Whether they may be written to is for the caller to know.',
  input: (t) => ({
    ...keyedInput(t),
    template: t.string({ required: true, description: 'The name of the template.' }),
    messageType: t.string({ required: true, description: 'The kind of message, as in `Multicast`.' }),
    environment: t.string({
      required: true,
      description: "Which of the provider's environments sends it, as in `LIVE`.",
    }),
  }),
  check: z.strictObject({
    idempotencyKey,
    fileNumber,
    template,
    messageType: text(50),
    environment: text(50),
  }),
  send: async (
    { fileNumber: filenumber, template: textTemplate, messageType, environment: sbt_env },
    { write },
  ) => {
    await write(send_text, { params: {}, body: { filenumber, textTemplate, messageType, sbt_env } });
    return {};
  },
  success: (t) => ({ account: accountField(t) }),
  subject: ({ fileNumber: file, template: used }) => ({ fileNumber: file, template: used }),
  found: () => ({}),
  // Nothing else shows text messages.
  changes: logOfAccount,
  whatToCheck:
    'Ask the provider (Solutions By Text) whether it was sent, then settle it by `resolveOutcome`.',
});

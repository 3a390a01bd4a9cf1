import { z } from 'zod';
import { costing } from '../../operation/cost/field-cost.ts';
import { prefetch } from '../../operation/prefetch.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { searchbyphone } from '../../upstreams/scollect/accounts.ts';
import { getphones, insertphone, phoneColumns, updatephone } from '../../upstreams/scollect/phones.ts';
import { get_accounts_in_portfolio } from '../../upstreams/scollect/portfolios.ts';
import { toPhoneNumber } from '../../values/phone-number.ts';
import { changing, fileNumber, optional, phoneNumber, text } from '../kit/checks.ts';
import type { FieldBuilder } from '../kit/column-fields.ts';
import { addMutation } from '../kit/mutation.ts';
import { numberOf, type Phone, PhoneType, phoneKnown, phonesOfAccount } from '../people/phone.ts';
import { ofAccountOfWrite, phonesOf } from './account-things.ts';
import { type AccountWritten, accountField, fileNumberInput, logOfAccount } from './account-written.ts';

interface PhoneWritten extends AccountWritten {
  /** As `###-###-####`. */
  readonly number: string;
}

const idOf = ({ row }: Phone): number => Number(phoneColumns.phoneId.read(row) ?? 0);

const phoneField = <Written extends PhoneWritten>(t: FieldBuilder<Written>) =>
  t.field({
    type: PhoneType,
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      'The phone as it is now (getphones); of several with this number the latest. Null, with an error if it cannot be read, if it is not found there.',
    extensions: costing(ofAccountOfWrite([getphones], (account) => [phonesOf(account, 1)])),
    resolve: async ({ fileNumber: owner, number }, _, context, info): Promise<Phone | null> => {
      const reading = phonesOfAccount({ fileNumber: owner, row: {} }, context);
      prefetch('Phone', phoneKnown(owner), context, info);
      const phones = await reading;
      const same = phones.filter((phone) => numberOf(phone) === toPhoneNumber(number));
      return same.sort((one, other) => idOf(other) - idOf(one))[0] ?? absentFrom(getphones, phones);
    },
  });

const responsesWithPhones = [
  ...logOfAccount,
  getphones,
  searchbyphone,
  // Its rows contain the phones of the accounts.
  get_accounts_in_portfolio,
];

const kindOfPhone = 'Type of the phone, in words of the agency, as in `CELL`; at most 50 characters.';
const statusOfPhone = 'Status of the number, as in `Good Number`; at most 50 characters.';

addMutation('addAccountPhone', {
  endpoint: insertphone,
  scope: 'accounts:write',
  description:
    'Adds a phone to an account (Scollect: insertphone). Whether the account has the number already is not looked at.',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    number: t.field({ type: 'PhoneNumber', required: true, description: 'A number of North America.' }),
    type: t.string({ required: true, description: kindOfPhone }),
    status: t.string({ required: true, description: statusOfPhone }),
    origin: t.string({
      required: true,
      description: 'Origin of the number, as in `LOAD` or `USER`; at most 50 characters.',
    }),
  }),
  check: z.strictObject({
    fileNumber,
    number: phoneNumber,
    type: text(50),
    status: text(50),
    origin: text(50),
  }),
  execute: async (input, { write }) => {
    const { fileNumber: filenumber, number: phonenumber, type: phonetype, status: phonestatus } = input;
    const body = { filenumber, phonenumber, phonetype, phonestatus, source: input.origin };
    await write(insertphone, { params: {}, body });
    return input;
  },
  success: (t) => ({ account: accountField(t), phone: phoneField(t) }),
  changes: responsesWithPhones,
  whatToCheck: "Look for the number among the account's phones (`Account.phones`) before it is added again.",
});

addMutation('updateAccountPhone', {
  endpoint: updatephone,
  scope: 'accounts:write',
  description:
    'Changes the type or the status of a phone of an account, or both (Scollect: updatephone). Omitted or null fields are unchanged.',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    number: t.field({
      type: 'PhoneNumber',
      required: true,
      description: 'The number of the phone, by which Scollect finds it; a number of North America.',
    }),
    type: t.string({ description: kindOfPhone }),
    status: t.string({ description: statusOfPhone }),
  }),
  check: changing(
    z.strictObject({
      fileNumber,
      number: phoneNumber,
      type: optional(text(50)),
      status: optional(text(50)),
    }),
    'fileNumber',
    'number',
  ),
  execute: async (input, { write }) => {
    const { fileNumber: filenumber, number: phonenumber, type: phonetype, status: phonestatus } = input;
    await write(updatephone, { params: {}, body: { filenumber, phonenumber, phonetype, phonestatus } });
    return input;
  },
  success: (t) => ({ account: accountField(t), phone: phoneField(t) }),
  changes: responsesWithPhones,
  whatToCheck:
    "Look at the phone among the account's (`Account.phones`); to set the same once more does no harm.",
});

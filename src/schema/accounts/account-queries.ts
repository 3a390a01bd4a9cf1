import { costing } from '../../operation/cost/field-cost.ts';
import { bareRow } from '../../operation/cost/known-row.ts';
import { callsFor, severalOf } from '../../operation/cost/things.ts';
import { getaccountbysocial, searchbyphone } from '../../upstreams/scollect/accounts.ts';
import { toNationalNumber } from '../../values/phone-number.ts';
import { builder } from '../kit/builder.ts';
import { badInput, fileNumberOf, wellFormed } from '../kit/input-error.ts';
import { pageSize } from '../kit/page-size.ts';
import { AccountType } from './account.ts';
import { accountOf, accountsCost, accountsIn } from './account-reads.ts';
import { accountsFound, foundBy } from './account-things.ts';

/** The assumed number of accounts of one social security number. */
const accountsPerPerson = 5;

builder.queryFields((t) => ({
  account: t.field({
    type: AccountType,
    authScopes: { 'accounts:read': true },
    nullable: true,
    description: 'One account by its file number (Scollect: getaccount); null if there is none.',
    args: {
      fileNumber: t.arg.string({
        required: true,
        description: "The agency's number for the account, in any letter case.",
      }),
    },
    extensions: costing({ ...accountsCost('fileNumber'), naming: 'fileNumber' }),
    resolve: (_, { fileNumber }, context, info) =>
      accountOf(fileNumberOf(fileNumber, 'fileNumber'), context, info),
  }),
  accounts: t.field({
    type: [AccountType],
    authScopes: { 'accounts:read': true },
    nullable: { list: false, items: true },
    description: `Several accounts by their file numbers, in the same order, ${pageSize.max} at most (Scollect: getaccount, once for each distinct number); null if there is none.`,
    args: {
      fileNumbers: t.arg.stringList({
        required: true,
        description: "The agency's numbers for the accounts, in any letter case.",
      }),
    },
    extensions: costing(accountsCost('fileNumbers')),
    // The list itself is never null: each of its items is, if it cannot be read.
    unauthorizedResolver: (_, { fileNumbers }, __, ___, error) => fileNumbers.map(() => error) as never,
    resolve: (_, { fileNumbers }, context, info) => {
      if (fileNumbers.length > pageSize.max) {
        throw badInput('fileNumbers', `at most ${pageSize.max} of them`);
      }
      // One that cannot be used, or read, is an error in its own place.
      return fileNumbers.map(async (fileNumber, index) =>
        accountOf(fileNumberOf(fileNumber, `fileNumbers.${index}`), context, info),
      );
    },
  }),
  accountsBySsn: t.field({
    type: [AccountType],
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      'The accounts of a person by the social security number (Scollect: getaccountbysocial). Null, with an error, if they cannot be read.',
    args: { ssn: t.arg({ type: 'SSN', required: true, description: 'The whole number, all nine digits.' }) },
    extensions: costing({
      naming: 'ssn',
      calls: ({ args }) => [callsFor(getaccountbysocial, foundBy('ssn', args['ssn']))],
      gives: ({ args }) => [
        // Their rows are full.
        severalOf(foundBy('ssn', args['ssn']), 'accounts', accountsPerPerson, {
          parent: { fileNumber: '', row: bareRow },
        }),
      ],
    }),
    resolve: async (_, { ssn }, { loaders, audit }) => {
      const wanted = wellFormed(ssn, 'ssn');
      audit.searched('ssn', wanted);
      return accountsIn(await loaders.accountsBySsn.load(wanted));
    },
  }),
  accountsByPhone: t.field({
    type: [AccountType],
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      'Accounts with a phone number (Scollect: searchbyphone). Any number is searched as given, one that identifies nobody too. Null, with an error, if they cannot be read.',
    args: {
      number: t.arg({ type: 'PhoneNumber', required: true, description: 'A phone number of North America.' }),
    },
    extensions: costing({
      naming: 'number',
      calls: ({ args }) => [callsFor(searchbyphone, foundBy('number', args['number']))],
      gives: ({ args }) => [accountsFound(foundBy('number', args['number']))],
    }),
    resolve: async (_, { number }, { loaders, audit }) => {
      const national = toNationalNumber(wellFormed(number, 'number'));
      if (national === null) throw badInput('number', 'a number of North America, as in 678-932-1578');
      audit.searched('phone', national);
      return accountsIn(await loaders.of(searchbyphone).load({ number: national }));
    },
  }),
}));

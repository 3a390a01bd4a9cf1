import { accountFields, borrowerFields, foundFields, paymentFields, phoneFields, pick } from './answers.ts';
import type { Dialect, Operation } from './operations.ts';
import { ownOf } from './recollect-dialect.ts';
import { hole } from './template.ts';
import { accountOf, accountsFound, type Row } from './wire.ts';

// Gateways that are set up by a mapping alone: their schema is the upstream's, and the document gives the names.

const aliased = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, column]) => `${name}: ${column}`)
    .join(' ');

const mappedLists = `phones { result { ${aliased(phoneFields)} } } payments { result { ${aliased(paymentFields)} } }`;

const mappedDocument = (fields: Readonly<Record<string, string>>): string =>
  `${aliased({ ...fields, ...borrowerFields })} ${mappedLists}`;

const accountDocument = (name: string): string =>
  `query ${name}($key: String!) { account: getaccount(filenumber: $key) { result { ${mappedDocument(accountFields)} } } }`;

const mapped = (fields: Readonly<Record<string, string>>, row: Row): Row => {
  const { phones, payments } = ownOf(String(row['filenumber']));
  return {
    ...pick({ ...fields, ...borrowerFields }, row),
    phones: { result: phones.map((phone) => pick(phoneFields, phone)) },
    payments: { result: payments.map((payment) => pick(paymentFields, payment)) },
  };
};

const account = (key: string): unknown => ({
  account: { result: [mapped(accountFields, accountOf(key))] },
});

const mappedExpectations: Readonly<Partial<Record<Operation, (key: string) => unknown>>> = {
  account,
  newDocument: account,
  accountsOfPhone: (key) => ({
    accountsByPhone: {
      result: { success: accountsFound(key.slice(-4)).map((row) => mapped(foundFields, row)) },
    },
  }),
};

/** As gateways are asked that are set up by a mapping: the same data, in the forms of the upstream. */
export const mappedDialect: Dialect = {
  documents: {
    account: accountDocument('Account'),
    newDocument: accountDocument(`NewDocument_${hole}`),
    accountsOfPhone: `query AccountsOfPhone($key: String!) { accountsByPhone: searchbyphone(input: { PhoneNumber: $key }) { result { success { ${mappedDocument(foundFields)} } } } }`,
  },
  expected: (operation, key) => ({ data: mappedExpectations[operation]?.(key) }),
};

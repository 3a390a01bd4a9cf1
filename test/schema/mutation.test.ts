import { isInputObjectType, isNonNullType, isUnionType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';

const failures = [
  'InvalidInputError',
  'NotFoundError',
  'OutcomeUnknownError',
  'RejectedError',
  'UnavailableError',
];

const once = [
  'createPaymentPlan',
  'recordPayment',
  'runPayment',
  'sendEmail',
  'sendText',
  'updatePendingPayments',
];

const all = [
  ...once,
  'addAccountPhone',
  'addBorrowerPhone',
  'addNote',
  'createOrder',
  'deleteBorrowerPhone',
  'recordContactAttempt',
  'resolveOutcome',
  'scheduleCallback',
  'transferPhotos',
  'updateAccount',
  'updateAccountPermissions',
  'updateAccountPhone',
  'updateAssignment',
  'updateBorrowerPhone',
];

const mutations = schema.getMutationType()?.getFields() ?? {};

describe('Mutation', () => {
  it('has every documented write, and the settling of outcomes', () => {
    expect(Object.keys(mutations).sort()).toEqual([...all].sort());
  });

  it.each(Object.values(mutations).map((field) => [field.name, field] as const))(
    '%s takes one input and answers a union of what can become of it',
    (name, { args, type }) => {
      const Name = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
      const isOnce = once.includes(name);
      expect(args.map((arg) => [arg.name, String(arg.type)])).toEqual([['input', `${Name}Input!`]]);
      const input = schema.getType(`${Name}Input`);
      const keys = isInputObjectType(input) ? input.getFields() : {};
      expect('idempotencyKey' in keys && String(keys['idempotencyKey']?.type)).toBe(isOnce && 'String!');
      // One that is an error must not take the results of the others with it.
      expect(isNonNullType(type)).toBe(false);
      expect(String(type)).toBe(`${Name}Result`);
      const members = isUnionType(type) ? type.getTypes().map((member) => member.name) : [];
      expect(members.sort()).toEqual(
        [`${Name}Success`, ...failures, ...(isOnce ? ['IdempotencyConflictError'] : [])].sort(),
      );
    },
  );
});

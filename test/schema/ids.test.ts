import { type GraphQLObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';

/** Types without an id, each with the reason. */
const withoutId: Readonly<Record<string, readonly string[]>> = {
  'page of a list': [
    'AccountConnection',
    'AccountEdge',
    'AccountOrderConnection',
    'AccountOrderEdge',
    'ContactAttemptConnection',
    'ContactAttemptEdge',
    'EmailEventConnection',
    'EmailEventEdge',
    'NoteConnection',
    'NoteEdge',
    'OrderConnection',
    'OrderEdge',
    'PageInfo',
    'PaymentConnection',
    'PaymentEdge',
  ],
  'part of its account, without a number': [
    'AccountFees',
    'AccountVerification',
    'AccountWork',
    'Asset',
    'Attorney',
    'Bankruptcy',
    'Court',
    'CustomField',
    'Employer',
    'Garnishment',
    'Judgment',
    'Lien',
    'Payee',
    'PortfolioEntry',
  ],
  'row without a number': ['Callback', 'ContactAttempt', 'LastPayment', 'Payment', 'PaymentMethod'],
  'computed from other objects': [
    'AccountLink',
    'CallFrequency',
    'ContactSummary',
    'EmailStats',
    'PhoneContactSummary',
    'PhoneMatch',
    'Settlement',
  ],
  'reported once': ['AccountUpdate', 'OrderUpdate'],
  'part of a result, or of an outcome': ['FieldFailure', 'InputFault', 'Installment', 'PhotoTransfer'],
};

const objectTypes = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);

const isNode = (type: GraphQLObjectType): boolean => type.getInterfaces().some(({ name }) => name === 'Node');

const isResult = ({ name }: GraphQLObjectType): boolean =>
  /Success$|Error$/.test(name) || ['Query', 'Mutation', 'Subscription'].includes(name);

const namesOf = (types: readonly GraphQLObjectType[]): string[] => types.map(({ name }) => name).sort();

describe('An id', () => {
  const identified = objectTypes.filter((type) => 'id' in type.getFields());

  it('is in every type whose objects have a stable number', () => {
    expect(namesOf(objectTypes.filter((type) => !isResult(type) && !identified.includes(type)))).toEqual(
      Object.values(withoutId).flat().sort(),
    );
  });

  it('is that of a node where the object can be read again', () => {
    expect(namesOf(identified.filter(isNode))).toEqual([
      'Account',
      'Address',
      'Assignment',
      'Borrower',
      'Collateral',
      'EmailEvent',
      'Note',
      'Order',
      'PendingOutcome',
      'Phone',
      'Photo',
      'Portfolio',
      'SpecialInstruction',
    ]);
    expect(namesOf(identified.filter((type) => !isNode(type)))).toEqual([
      'Company',
      'PhotoKind',
      'Vehicle',
      'VehicleMake',
      'VehicleModel',
      'VehicleProperty',
    ]);
  });

  it.each(namesOf(identified))('of %s is never null, takes no call and no scope of its own', (name) => {
    const { id } = (schema.getType(name) as GraphQLObjectType).getFields();
    expect(String(id?.type)).toBe('ID!');
    expect(id?.extensions).not.toHaveProperty('cost');
    expect(id?.extensions).not.toHaveProperty('read');
  });

  it.each(namesOf(identified.filter((type) => !isNode(type))))(
    'of %s says that `node` does not accept it',
    (name) => {
      const { id } = (schema.getType(name) as GraphQLObjectType).getFields();
      expect(id?.description).toContain('`node` does not accept it');
    },
  );
});

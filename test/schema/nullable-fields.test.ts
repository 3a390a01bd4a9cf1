import { isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { fieldsOf } from '../support/operation-fields.ts';
import { readOperations } from '../support/reads.ts';

/** Fields with calls that their descriptions do not name. */
const furtherFields = [
  'Account.coBorrowers',
  'Account.portfolioEntry',
  'Borrower.account',
  'Phone.account',
  'Query.node',
];

const readFields = readOperations.flatMap(fieldsOf).map(({ typeName, field }) => `${typeName}.${field.name}`);

describe('the fields with upstream calls', () => {
  it.each([...new Set([...furtherFields, ...readFields])].sort())(
    '%s is nullable, or a list of nullable items: a failed call nulls this field only',
    (coordinate) => {
      const [typeName = '', fieldName = ''] = coordinate.split('.');
      const type = schema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
      expect(String(field?.type)).toMatch(/[^!]$|^\[\w+\]!$/);
    },
  );
});

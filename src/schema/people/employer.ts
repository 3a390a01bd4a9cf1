import { costing } from '../../operation/cost/field-cost.ts';
import type { Things } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import type { EmployerColumns } from '../../upstreams/scollect/people-columns.ts';
import { type AccountRow, fullAccountRow, partOf } from '../accounts/account-row.ts';
import { partAt } from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { AddressType, addressOfAccount } from './address.ts';

interface Employer extends AccountRow {
  readonly columns: EmployerColumns;
}

const employerIn = ({ parent }: Pick<Things, 'parent'>): Employer => parent as Employer;

export const EmployerType = builder.objectRef<Employer>('Employer').implement({
  description: 'Employer of a person. A field is null if no value is recorded.',
  fields: (t) => {
    const column = columnFields(t, ({ columns }) => columns, fullAccountRow);
    return {
      name: column.text('name', 'The name of the employer.'),
      phone: column.phoneNumber('phone', "The employer's phone."),
      rawPhone: column.rawPhoneNumber('rawPhone', 'phone'),
      address: t.field({
        type: AddressType,
        nullable: true,
        description: 'Address of the employer.',
        extensions: costing({
          reads: ({ things }) => Object.values(employerIn(things).columns.address),
          gives: ({ things }) => partAt(things, 'address', employerIn(things).columns.address),
        }),
        resolve: (employer, _, context) => addressOfAccount(employer, employer.columns.address, context),
      }),
    };
  },
});

/** Returns all columns of an employer. */
export const columnsOfEmployer = ({ address, ...columns }: EmployerColumns) => [
  ...Object.values(columns),
  ...Object.values(address),
];

/** An employer in the row of an account; null if nothing is recorded. */
export const employerOf = (
  { fileNumber, row }: AccountRow,
  columns: EmployerColumns,
  context: Context,
): Promise<Employer | null> => partOf({ fileNumber, row, columns }, columnsOfEmployer(columns), context);

import type { Context } from '../../request/context.ts';
import type { EmployerColumns } from '../../upstreams/scollect/people-columns.ts';
import { type AccountRow, fullAccountRow, partOf } from '../accounts/account-row.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { AddressType, addressOfAccount } from './address.ts';

interface Employer extends AccountRow {
  readonly columns: EmployerColumns;
}

export const EmployerType = builder.objectRef<Employer>('Employer').implement({
  description: 'Who somebody works for. What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, ({ columns }) => columns, fullAccountRow);
    return {
      name: column.text('name', 'The name of the employer.'),
      phone: column.phoneNumber('phone', "The employer's phone."),
      rawPhone: column.rawPhoneNumber('rawPhone', 'phone'),
      address: t.field({
        type: AddressType,
        nullable: true,
        description: 'Where the employer is.',
        resolve: (employer, _, context) => addressOfAccount(employer, employer.columns.address, context),
      }),
    };
  },
});

/** All that may be recorded of an employer. */
export const columnsOfEmployer = ({ address, ...columns }: EmployerColumns) => [
  ...Object.values(columns),
  ...Object.values(address),
];

/** An employer in the row of an account; null where nothing is recorded. */
export const employerOf = (
  { fileNumber, row }: AccountRow,
  columns: EmployerColumns,
  context: Context,
): Promise<Employer | null> => partOf({ fileNumber, row, columns }, columnsOfEmployer(columns), context);

import { companyColumns } from '../../upstreams/recoveryconnect/assignments.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

export interface Company {
  readonly row: Part;
}

export const CompanyType = builder.objectRef<Company>('Company').implement({
  description: 'A company in RecoveryConnect, as the row of an assignment tells of its owner.',
  fields: (t) => {
    const column = columnFields(t, () => companyColumns);
    return {
      companyId: t.id({
        description: "RecoveryConnect's number for the company.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Its name.'),
      isGlobal: column.flag(
        'isGlobal',
        'Whether all companies of RecoveryConnect know it; null where the row does not tell.',
      ),
      createdAt: column.localDateTime(
        'createdAt',
        'When its record was made; null where the row does not tell.',
      ),
      updatedAt: column.localDateTime(
        'updatedAt',
        'When its record was last changed; null where the row does not tell.',
      ),
    };
  },
});

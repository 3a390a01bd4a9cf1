import { companyColumns } from '../../upstreams/recoveryconnect/assignments.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { cacheId } from '../kit/node.ts';

export interface Company {
  readonly row: Part;
}

export const CompanyType = builder.objectRef<Company>('Company').implement({
  description: 'The company that owns an assignment (RecoveryConnect: the row of the assignment).',
  fields: (t) => {
    const column = columnFields(t, () => companyColumns);
    return {
      id: cacheId(t, 'Company', ({ row }) => [canonicalId(row.id)]),
      companyId: t.id({
        description: "RecoveryConnect's number for the company.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Name of the company.'),
      isGlobal: column.flag(
        'isGlobal',
        'Whether the company is visible to all companies of RecoveryConnect. Null if the row does not contain it.',
      ),
      createdAt: column.localDateTime(
        'createdAt',
        'When the record was created. Null if the row does not contain it.',
      ),
      updatedAt: column.localDateTime(
        'updatedAt',
        'When the record was last changed. Null if the row does not contain it.',
      ),
    };
  },
});

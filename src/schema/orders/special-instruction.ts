import type { Row } from '../../upstreams/endpoint/row.ts';
import { specialInstructionColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

export interface SpecialInstruction {
  readonly row: Row;
}

export const SpecialInstructionType = builder.objectRef<SpecialInstruction>('SpecialInstruction').implement({
  description:
    'What a company wants to be heeded with its orders (RecoveryConnect: filterOrders). What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => specialInstructionColumns);
    return {
      instructionId: column.id(
        'instructionId',
        "RecoveryConnect's number for the instruction; null where the row has none.",
      ),
      content: column.text('content', 'The instruction itself.'),
      collateralStatusId: column.id(
        'collateralStatusId',
        'The status of the collateral in which it applies, as `Collateral.statusId`.',
      ),
      isShownToServiceProvider: column.flag(
        'isShownToServiceProvider',
        'Whether the company that carries the order out is shown it.',
      ),
      lienholderId: column.id('lienholderId', 'The company that holds the lien on what it applies to.'),
      createdForCompanyId: column.id('createdForCompanyId', 'The company whose orders it applies to.'),
      createdByCompanyId: column.id('createdByCompanyId', 'The company that gave it.'),
      createdById: column.id('createdById', 'The user of RecoveryConnect who wrote it.'),
      createdAt: column.localDateTime('createdAt', 'When it was written.'),
      updatedAt: column.localDateTime('updatedAt', 'When it was last changed.'),
      deletedAt: column.localDateTime('deletedAt', 'When it was deleted; null while it stands.'),
    };
  },
});

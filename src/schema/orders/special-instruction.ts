import type { Row } from '../../upstreams/endpoint/row.ts';
import { specialInstructionColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { byNumber, keyOfListed, type Listed, listed } from '../kit/listed.ts';
import { NodeInterface, nodeId, withoutNumber } from '../kit/node.ts';

export type SpecialInstruction = Listed;

export const SpecialInstructionType = builder.objectRef<SpecialInstruction>('SpecialInstruction').implement({
  description:
    'An instruction of a company for its orders (RecoveryConnect: filterOrders). A field is null if no value is recorded.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => specialInstructionColumns);
    return {
      id: nodeId(
        t,
        'SpecialInstruction',
        keyOfListed,
        ` An instruction for several orders has a different one on each of them.${withoutNumber}`,
      ),
      instructionId: column.id(
        'instructionId',
        "RecoveryConnect's number for the instruction; null if the row has none.",
      ),
      content: column.text('content', 'Text of the instruction.'),
      collateralStatusId: column.id(
        'collateralStatusId',
        'The status of the collateral in which it applies, as `Collateral.statusId`.',
      ),
      isShownToServiceProvider: column.flag(
        'isShownToServiceProvider',
        'Whether the instruction is shown to the company that executes the order.',
      ),
      lienholderId: column.id(
        'lienholderId',
        'The company that holds the lien on the collateral that the instruction applies to.',
      ),
      createdForCompanyId: column.id('createdForCompanyId', 'The company whose orders it applies to.'),
      createdByCompanyId: column.id('createdByCompanyId', 'The company that created the instruction.'),
      createdById: column.id('createdById', 'The RecoveryConnect user who created the instruction.'),
      createdAt: column.localDateTime('createdAt', 'When the instruction was created.'),
      updatedAt: column.localDateTime('updatedAt', 'When the instruction was last changed.'),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the instruction was deleted. Null if it was not deleted.',
      ),
    };
  },
});

/** Returns the instructions in the row of an order. */
export const instructionsIn = (
  rows: readonly Row[],
  { orderId }: { readonly orderId: string },
): SpecialInstruction[] => listed(rows, ['R', orderId], byNumber(specialInstructionColumns.instructionId));

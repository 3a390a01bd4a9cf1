import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { assignmentColumns } from '../../upstreams/recoveryconnect/assignments.ts';
import { builder } from '../kit/builder.ts';
import { numericId } from '../kit/input-error.ts';
import { findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { caseFields } from './case-fields.ts';
import { CollateralType } from './collateral.ts';
import { CompanyType } from './company.ts';

/** An assignment by its number, with its row of `filterAssignments`, `listOrderAssignments` or `updateAssignment`. */
export interface Assignment {
  readonly assignmentId: string;
  readonly row: Row;
}

export const AssignmentType = builder.objectRef<Assignment>('Assignment').implement({
  description:
    'An order as handed on to the company that carries it out: a case of its own (RecoveryConnect: filterAssignments, listOrderAssignments). What is not recorded, or not told by the row that it came with, is null.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: nodeId(t, 'Assignment', ({ assignmentId }) => [assignmentId]),
    assignmentId: t.exposeID('assignmentId', { description: "RecoveryConnect's number for the assignment." }),
    ...caseFields(t, assignmentColumns),
    owner: t.field({
      type: CompanyType,
      nullable: true,
      description:
        'The company that carries it out; null where the row tells its number alone, as `ownerCompanyId`.',
      resolve: ({ row }) => {
        const owner = assignmentColumns.owner.read(row);
        return owner && { row: owner };
      },
    }),
    primaryCollateral: t.field({
      type: CollateralType,
      nullable: true,
      description:
        'The first collateral, with its vehicle (RecoveryConnect: updateAssignment); null in listings.',
      resolve: ({ row }) => {
        const collateral = assignmentColumns.primaryCollateral.read(row);
        return collateral && { collateralId: String(collateral.id), row: collateral };
      },
    }),
  }),
});

const assignmentOf = async (assignmentId: string, { loaders }: Context): Promise<Assignment | null> => {
  const row = await loaders.assignment.load(assignmentId);
  return row && { assignmentId, row };
};

/** The assignments that were made of an order (RecoveryConnect: listOrderAssignments). */
export const assignmentsOfOrder = async (orderId: string, { loaders }: Context): Promise<Assignment[]> => {
  const rows = await loaders.assignmentsOfOrder.load(orderId);
  return rows.map((row) => ({ assignmentId: String(row.id), row }));
};

builder.queryField('assignment', (t) =>
  t.field({
    type: AssignmentType,
    authScopes: { 'orders:read': true },
    nullable: true,
    description:
      'One assignment by its number (RecoveryConnect: filterAssignments, all assignments of a request in one call); null when there is none.',
    args: {
      assignmentId: t.arg.id({ required: true, description: "RecoveryConnect's number for the assignment." }),
    },
    resolve: (_, { assignmentId }, context) => assignmentOf(numericId(assignmentId, 'assignmentId'), context),
  }),
);

findNodesBy(
  'Assignment',
  () => 'orders:read',
  ([assignmentId = '', ...rest], context) =>
    rest.length > 0 ? undefined : assignmentOf(numericId(assignmentId, 'id'), context),
);

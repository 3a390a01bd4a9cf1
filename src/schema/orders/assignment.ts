import { costing, textsIn } from '../../operation/cost/field-cost.ts';
import { batchOf, named } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import {
  assignmentColumns,
  filterAssignments,
  type listOrderAssignments,
} from '../../upstreams/recoveryconnect/assignments.ts';
import { rowsPerCall } from '../../upstreams/recoveryconnect/page.ts';
import { canonicalId, numericIdForm, parseNumericId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { numericId } from '../kit/input-error.ts';
import { costOfSingleKeys, findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { caseFields } from './case-fields.ts';
import { CollateralType, collateralOfAssignment } from './collateral.ts';
import { CompanyType } from './company.ts';

/** An assignment by its number, with its row of `filterAssignments`, `listOrderAssignments` or `updateAssignment`. */
export interface Assignment {
  readonly assignmentId: string;
  readonly row: Row;
}

export const AssignmentType = builder.objectRef<Assignment>('Assignment').implement({
  description:
    'An order assigned to the company that executes it; a case of its own (RecoveryConnect: filterAssignments, listOrderAssignments). A field is null if no value is recorded, or if the response does not contain it.',
  interfaces: [NodeInterface],
  fields: (t) => ({
    id: nodeId(t, 'Assignment', ({ assignmentId }) => [assignmentId]),
    assignmentId: t.exposeID('assignmentId', { description: "RecoveryConnect's number for the assignment." }),
    ...caseFields(t, assignmentColumns),
    owner: t.field({
      type: CompanyType,
      nullable: true,
      description:
        'The company that executes the assignment. Null if the row contains only its number, `ownerCompanyId`.',
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
      resolve: ({ assignmentId, row }) => {
        const collateral = assignmentColumns.primaryCollateral.read(row);
        return collateral && collateralOfAssignment(collateral, assignmentId);
      },
    }),
  }),
});

const assignmentOf = async (assignmentId: string, { loaders }: Context): Promise<Assignment | null> => {
  const row = await loaders.assignment.load(assignmentId);
  return row && { assignmentId, row };
};

/** Returns the assignments in rows of listOrderAssignments. */
export const assignmentsIn = (rows: ReplyOf<typeof listOrderAssignments>): Assignment[] =>
  rows.map((row) => ({ assignmentId: canonicalId(row.id), row }));

/** The calls for assignments by their numbers, and the assignments. */
const findAssignments = (ids: readonly string[]) => {
  const things = named('assignment', ids.map(canonicalId), { parent: {} });
  return { calls: [batchOf(filterAssignments, things, rowsPerCall)], gives: [things] };
};

builder.queryField('assignment', (t) =>
  t.field({
    type: AssignmentType,
    authScopes: { 'orders:read': true },
    nullable: true,
    description:
      'One assignment by its number (RecoveryConnect: filterAssignments, all assignments of a request in one call). Null if it does not exist.',
    args: {
      assignmentId: t.arg.id({ required: true, description: "RecoveryConnect's number for the assignment." }),
    },
    extensions: costing({
      naming: 'assignmentId',
      calls: ({ args }) => findAssignments(textsIn(args['assignmentId'])).calls,
      gives: ({ args }) => findAssignments(textsIn(args['assignmentId'])).gives,
    }),
    resolve: (_, { assignmentId }, context) => assignmentOf(numericId(assignmentId, 'assignmentId'), context),
  }),
);

findNodesBy('Assignment', {
  scopeOf: () => 'orders:read',
  find: ([assignmentId = '', ...rest], context) =>
    rest.length > 0 ? undefined : assignmentOf(numericId(assignmentId, 'id'), context),
  ...costOfSingleKeys(findAssignments),
  keyField: { name: 'assignmentId', form: numericIdForm, read: parseNumericId },
});

import { z } from 'zod';
import { updateAssignment } from '../../upstreams/recoveryconnect/assignments.ts';
import { changing, id, longText, numericIdCheck, optional } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { pathIn, toWire } from '../kit/wire-keys.ts';
import { AssignmentType } from './assignment.ts';

const placeKeys = { assignmentId: 'assignment_id' } as const;
const changeKeys = {
  orderTypeId: 'order_type',
  statusId: 'status',
  statusNote: 'status_note',
  collectorId: 'collector_id',
} as const;

addMutation('updateAssignment', {
  scope: 'orders:write',
  description:
    'Changes an assignment (RecoveryConnect: updateAssignment). At least one field is to be given; those that are left out, or null, stay as they are.',
  input: (t) => ({
    assignmentId: t.id({ required: true, description: 'The assignment, by `Assignment.assignmentId`.' }),
    orderTypeId: t.id({ description: "RecoveryConnect's number for what is to be done." }),
    statusId: t.id({ description: "RecoveryConnect's number for where the assignment stands." }),
    statusNote: t.string({ description: 'A remark on the status, at most 2,000 characters.' }),
    collectorId: t.id({ description: 'The collector who is to be in charge.' }),
  }),
  check: changing(
    z.strictObject({
      assignmentId: id,
      orderTypeId: optional(numericIdCheck),
      statusId: optional(numericIdCheck),
      statusNote: optional(longText(2000)),
      collectorId: optional(numericIdCheck),
    }),
    'assignmentId',
  ),
  carryOut: async ({ assignmentId, ...changes }, { write }) => {
    const row = await write(updateAssignment, {
      params: toWire({ assignmentId }, placeKeys),
      body: toWire(changes, changeKeys),
    });
    return { assignment: { assignmentId, row } };
  },
  success: (t) => ({
    assignment: t.field({
      type: AssignmentType,
      authScopes: { 'orders:read': true },
      description: 'The assignment as it is now, with its first collateral.',
      resolve: ({ assignment }) => assignment,
    }),
  }),
  forget: ({ assignment, assignmentsOfOrder }, { assignmentId }) => {
    assignment.clear(assignmentId);
    // Whose order it is does not follow from its number.
    assignmentsOfOrder.clearAll();
  },
  whatToCheck:
    'Look at the assignment (`Query.assignment`) whether it is changed before it is changed again.',
  pathOf: pathIn({ ...placeKeys, ...changeKeys }),
});

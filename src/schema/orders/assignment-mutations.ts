import { z } from 'zod';
import {
  filterAssignments,
  listOrderAssignments,
  updateAssignment,
} from '../../upstreams/recoveryconnect/assignments.ts';
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
  endpoint: updateAssignment,
  scope: 'orders:write',
  description:
    'Changes an assignment (RecoveryConnect: updateAssignment). At least one field is required; omitted and null fields stay unchanged.',
  input: (t) => ({
    assignmentId: t.id({ required: true, description: 'The assignment, by `Assignment.assignmentId`.' }),
    orderTypeId: t.id({ description: "RecoveryConnect's number for the type of order." }),
    statusId: t.id({ description: "RecoveryConnect's number for the status of the assignment." }),
    statusNote: t.string({ description: 'Note on the status, at most 2,000 characters.' }),
    collectorId: t.id({ description: "RecoveryConnect's number for the new collector." }),
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
  execute: async ({ assignmentId, ...changes }, { write }) => {
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
      description: 'The assignment after the change, with its first collateral.',
      resolve: ({ assignment }) => assignment,
    }),
  }),
  changes: [filterAssignments, listOrderAssignments],
  whatToCheck: 'Check whether the assignment (`Query.assignment`) is changed before you change it again.',
  pathOf: pathIn({ ...placeKeys, ...changeKeys }),
});

import { microsecondTime, sqlTime } from '../dates.ts';
import { statusName } from './catalog.ts';
import { filterCases } from './filters.ts';
import { findOrder, type Handler, idIn } from './handler.ts';
import { noSuch } from './laravel.ts';
import { barePage } from './paging.ts';
import type { Case } from './records.ts';
import { type Fields, numberOf, textOf, validate } from './validation.ts';
import { assignmentListing, primaryOf, updatedAssignment } from './views.ts';

export const filterAssignments: Handler = (request) =>
  barePage(request, filterCases(request.state.assignments, request.query), assignmentListing);

export const listOrderAssignments: Handler = (request) => {
  const { row } = findOrder(request);
  const assignments = [...request.state.assignments.values()].filter(
    ({ row: { parent_id } }) => parent_id === row.id,
  );
  return { data: assignments.map(assignmentListing) };
};

/** The status of a case is that of its first collateral. */
const applyStatus = (assignment: Case, body: Fields, now: Date): void => {
  const collateral = primaryOf(assignment);
  if (!collateral) return;
  const status = numberOf(body, 'status');
  if (status !== null) {
    collateral.row.status_id = status;
    collateral.row.status = statusName(status);
    collateral.row.status_date = sqlTime(now);
    collateral.updated_at = sqlTime(now);
    assignment.row.status_date = microsecondTime(now);
  }
  if ('status_note' in body) collateral.row.status_note = textOf(body, 'status_note') || null;
};

export const updateAssignment: Handler = ({ state, params, body, now }) => {
  const id = params['assignment_id'] ?? '';
  const assignment = state.assignments.get(idIn(id));
  if (!assignment) throw noSuch('Assignment', id);
  validate(body, {
    order_type: ['integer'],
    status: ['integer'],
    status_note: ['string'],
    collector_id: ['integer'],
  });
  const { row } = assignment;
  row.order_type = numberOf(body, 'order_type') ?? row.order_type;
  if ('collector_id' in body) row.collector_id = numberOf(body, 'collector_id');
  applyStatus(assignment, body, now);
  row.updated_at = sqlTime(now);
  return { data: updatedAssignment(assignment), status: 'success' };
};

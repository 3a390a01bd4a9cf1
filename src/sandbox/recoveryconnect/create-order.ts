import { microsecondTime, sqlTime } from '../dates.ts';
import { caseRow } from './blank-case.ts';
import { ownCompany } from './catalog.ts';
import { createAddress, createBorrower } from './create-borrower.ts';
import { createCollateral } from './create-collateral.ts';
import type { Handler, Request } from './handler.ts';
import { type Case, nextId, type Order } from './records.ts';
import { listOf, numberOf, type Rules, textOf, validate } from './validation.ts';
import { createdOrder } from './views.ts';

const rules: Rules = {
  case_type_id: ['required', 'integer'],
  client_id: ['required', 'integer'],
  lienholder_id: ['required', 'integer'],
  assign_service_provider_id: ['integer'],
  tier_level: ['integer'],
  placement_level: ['integer'],
  collaterals: ['required', 'array'],
  'collaterals.*.identification_number': ['required', 'string'],
  'collaterals.*.vehicle_type_id': ['integer'],
  borrowers: ['required', 'array'],
  'borrowers.*.firstname': ['required', 'string'],
  'borrowers.*.lastname': ['required', 'string'],
  'borrowers.*.type': ['required', 'string'],
  'borrowers.*.phones.*.type': ['integer'],
  'borrowers.*.addresses': ['required', 'array'],
  'borrowers.*.addresses.*.name': ['required', 'string'],
  'borrowers.*.addresses.*.address_1': ['required', 'string'],
  'borrowers.*.addresses.*.zip_code': ['required', 'string'],
  'borrowers.*.addresses.*.latitude': ['numeric'],
  'borrowers.*.addresses.*.longitude': ['numeric'],
  'additional_addresses.*.address_1': ['required', 'string'],
  'additional_addresses.*.zip_code': ['required', 'string'],
  'additional_addresses.*.latitude': ['numeric'],
  'additional_addresses.*.longitude': ['numeric'],
};

const newCaseRow = ({ state, body, now }: Request) => {
  const time = sqlTime(now);
  return caseRow({
    id: nextId(state, 'order'),
    client_id: numberOf(body, 'client_id') ?? 0,
    owner_id: ownCompany,
    lienholder: numberOf(body, 'lienholder_id') ?? 0,
    status_date: microsecondTime(now),
    order_type: numberOf(body, 'case_type_id') ?? 1,
    client_accountno: textOf(body, 'client_account_number'),
    // The documented response repeats the account number of the client, not that of the lienholder.
    lien_accountno: textOf(body, 'client_account_number'),
    company_orderno: nextId(state, 'companyOrder'),
    accepted_date: time,
    tier_level: textOf(body, 'tier_level') || null,
    placement_level: numberOf(body, 'placement_level'),
    created_at: time,
  });
};

/** The case of the company that the order is assigned to. */
const assign = (request: Request, order: Order, ownerId: number): Case => {
  const { state, body, now } = request;
  const row = caseRow({
    ...order.row,
    id: nextId(state, 'assignment'),
    client_id: ownCompany,
    owner_id: ownerId,
    parent_id: order.row.id,
    accepted_date: null,
    created_at: sqlTime(now),
  });
  const collaterals = listOf(body, 'collaterals').map((fields, index) =>
    createCollateral(request, fields, index, order.collaterals[index]?.row.id),
  );
  return { row: { ...row, parent_case: row.id }, collaterals };
};

/** Additional addresses belong to the order; they are listed with the first borrower. */
const createBorrowers = (request: Request, orderId: number) => {
  const { state, body, now } = request;
  const borrowers = listOf(body, 'borrowers').map((fields, index) =>
    createBorrower(state, fields, orderId, index === 0, now),
  );
  const [first] = borrowers;
  if (first) {
    for (const fields of listOf(body, 'additional_addresses')) createAddress(state, fields, first, now);
  }
  return borrowers;
};

export const createOrder: Handler = (request) => {
  const { state, body } = request;
  validate(body, rules);
  const row = newCaseRow(request);
  const order: Order = {
    row,
    collaterals: listOf(body, 'collaterals').map((fields, index) => createCollateral(request, fields, index)),
    borrowers: createBorrowers(request, row.id),
    photos: [],
    special_instructions: [],
    number_of_runs: 0,
    client_office_location: null,
  };
  state.orders.set(row.id, order);
  const provider = numberOf(body, 'assign_service_provider_id');
  if (provider !== null) {
    const assignment = assign(request, order, provider);
    state.assignments.set(assignment.row.id, assignment);
  }
  return { data: createdOrder(order), status: 'success', warnings: [] };
};

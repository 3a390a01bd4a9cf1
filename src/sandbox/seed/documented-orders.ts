import { firstOf } from '../first-of.ts';
import { caseRow } from '../recoveryconnect/blank-case.ts';
import { createBorrower } from '../recoveryconnect/create-borrower.ts';
import { createCollateral } from '../recoveryconnect/create-collateral.ts';
import type { CaseRow, Collateral, Order, RecoveryConnectState } from '../recoveryconnect/records.ts';
import { vehicleOf } from '../recoveryconnect/vehicles.ts';
import { sharedWithOrder } from './documented-accounts.ts';
import {
  addressesOf124927241,
  borrowersOf57062885,
  collateralOf57062885,
  instructionsOf20,
  officeOf20,
  phoneOf124941995,
  phonesOf124927241,
} from './documented-order-rows.ts';
import {
  type VehicleFields,
  vehicleOf20,
  vehicleOf28758,
  vehicleOf57074730,
  vehicleOf57074901,
} from './order-vehicles.ts';
import { photoRow } from './photo-rows.ts';

type Parts = Partial<Omit<Order, 'row'>>;

const orderOf = (row: CaseRow, parts: Parts = {}): Order => ({
  row,
  collaterals: [],
  borrowers: [],
  photos: [],
  special_instructions: [],
  number_of_runs: 0,
  client_office_location: null,
  ...parts,
});

const someone = (firstname: string, lastname: string, number: string) => ({
  firstname,
  lastname,
  type: 'borrower',
  phones: [{ type: 6, number }],
  addresses: [
    { name: 'Home Address', address_1: '1 Main St', city: 'Marfa', state: 'TX', zip_code: '79843' },
  ],
});

/** Undocumented values of these orders are those of created ones. */
const filledIn = (
  state: RecoveryConnectState,
  row: CaseRow,
  vehicle: VehicleFields,
  person: ReturnType<typeof someone>,
): Order => {
  const now = new Date(`${row.created_at.replace(' ', 'T')}Z`);
  return orderOf(row, {
    collaterals: [createCollateral({ state, now }, vehicle, 0)],
    borrowers: [createBorrower(state, person, row.id, true, now)],
  });
};

const order20 = (state: RecoveryConnectState): Order => {
  const row = caseRow({
    id: 20,
    client_id: 26930,
    owner_id: 10004,
    parent_id: 2009347,
    source: 172724,
    other_refno: '10230481',
    status_date: '2023-12-06T15:27:49.000000Z',
    accepted_date: '2016-06-03 14:19:00',
    created_at: '2014-10-29 18:46:48',
    client_accountno: '3700956',
    lien_accountno: '3700956',
    company_orderno: 1081,
    order_type: 2,
  });
  return {
    ...filledIn(state, row, vehicleOf20, someone('Jane', 'Smith', '2175550199')),
    special_instructions: instructionsOf20,
    client_office_location: officeOf20,
  };
};

const order28758 = (state: RecoveryConnectState): Order => {
  const row = caseRow({
    id: 28758,
    client_id: 65690,
    owner_id: 10004,
    created_at: '2016-02-26 18:30:11',
    client_accountno: '56545',
    lien_accountno: '56545',
    company_orderno: 1031,
  });
  return filledIn(state, row, vehicleOf28758, someone('Anthony', 'Pope', '7166289899'));
};

const order57062885 = (): Order => {
  const created_at = '2026-02-17 10:45:03';
  const row = caseRow({
    id: 57062885,
    client_id: 65690,
    owner_id: 10004,
    status_date: '2026-02-17T10:48:34.000000Z',
    accepted_date: '2026-02-17 10:45:40',
    created_at,
    client_accountno: sharedWithOrder.accountNumber,
    lien_accountno: sharedWithOrder.accountNumber,
    company_orderno: 266840,
  });
  const [, ...others] = borrowersOf57062885;
  const vehicle = { ...collateralOf57062885 };
  const collateral: Collateral = {
    row: vehicle,
    parent_id: 58842866,
    delinquent_since: 'No Data',
    created_at,
    updated_at: vehicle.status_date,
    vehicle: vehicleOf(vehicle, 5441000, 10004, created_at),
  };
  return orderOf(row, {
    collaterals: [collateral],
    borrowers: [
      {
        row: firstOf(borrowersOf57062885),
        phones: phonesOf124927241.map((phone) => ({ ...phone })),
        addresses: [...addressesOf124927241],
      },
      ...others.map((row) => ({ row, phones: [{ ...phoneOf124941995 }], addresses: [] })),
    ],
  });
};

/** Orders that are documented only as parents of assignments or targets of photo transfers. */
const bareOrders = (state: RecoveryConnectState): Order[] => {
  const order = (id: number, company_orderno: number, created_at: string) =>
    caseRow({ id, client_id: 65690, owner_id: 10004, company_orderno, created_at });
  const pictured = order(57076503, 267031, '2026-03-10 16:02:10');
  return [
    filledIn(
      state,
      order(57074730, 267014, '2026-03-10 09:58:12'),
      vehicleOf57074730,
      someone('Walter', 'Hobbs', '5205550197'),
    ),
    filledIn(
      state,
      order(57074901, 267002, '2026-03-10 11:27:04'),
      vehicleOf57074901,
      someone('Clara', 'Nolan', '6145550197'),
    ),
    orderOf(order(57076502, 267030, '2026-03-10 16:01:44')),
    orderOf(pictured, {
      photos: [
        photoRow(180461378, pictured.id, 27, 'standard-key', 'download'),
        photoRow(180461379, pictured.id, 28, 'front', 'front'),
        photoRow(180461381, pictured.id, 29, 'rear', 'rear'),
        photoRow(180461382, pictured.id, 30, 'odometer', 'odometer'),
      ],
    }),
  ];
};

/** New copies for every call, since a sandbox changes them. */
export const documentedOrders = (state: RecoveryConnectState): Order[] => [
  order20(state),
  order28758(state),
  order57062885(),
  ...bareOrders(state),
];

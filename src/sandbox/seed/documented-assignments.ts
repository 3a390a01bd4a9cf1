import { caseRow } from '../recoveryconnect/blank-case.ts';
import { createCollateral } from '../recoveryconnect/create-collateral.ts';
import type { Case, Collateral, RecoveryConnectState } from '../recoveryconnect/records.ts';
import { collateralOf57062885, documentedVehicle } from './documented-order-rows.ts';
import { vehicleOf28758, vehicleOf57074730 } from './order-vehicles.ts';

const assignment30554 = (state: RecoveryConnectState): Case => {
  const created_at = '2016-02-26 18:32:33';
  const row = caseRow({
    id: 30554,
    client_id: 65690,
    owner_id: 10002,
    parent_id: 28758,
    status_date: '2026-03-10T14:52:58.000000Z',
    created_at,
    client_accountno: '56545',
    lien_accountno: '56545',
    company_orderno: 1031,
  });
  return {
    row,
    collaterals: [createCollateral({ state, now: new Date('2016-02-26T18:32:33Z') }, vehicleOf28758, 0)],
  };
};

const assignment57075006 = (state: RecoveryConnectState): Case => {
  const row = caseRow({
    id: 57075006,
    client_id: 10004,
    owner_id: 10001,
    parent_id: 57074730,
    status_date: '2026-03-10T14:19:52.000000Z',
    created_at: '2026-03-10 14:19:27',
    company_orderno: 267014,
  });
  return {
    row,
    collaterals: [createCollateral({ state, now: new Date('2026-03-10T14:19:27Z') }, vehicleOf57074730, 0)],
  };
};

/** Before the documented update, without order type and collector. */
const assignment57074903 = (): Case => {
  const created_at = '2026-03-10 11:27:47';
  const row = caseRow({
    id: 57074903,
    client_id: 10004,
    owner_id: 10001,
    parent_id: 57074901,
    status_date: '2026-03-10T18:27:04.000000Z',
    accepted_date: '2026-03-10 11:48:00',
    assignment_situation: '232',
    created_at,
    updated_at: '2026-03-10 11:48:28',
    company_orderno: 267002,
  });
  const collateral: Collateral = {
    row: {
      ...collateralOf57062885,
      id: 58854526,
      vehicle_type_id: 3,
      vehicle_type: 'SUV',
      year: '2010',
      make: 'Nissan',
      model: 'Xterra',
      color: '',
      drive_train: '',
      fuel_type: '',
      engine: '',
      license_no: 'DQK4516',
      license_state: 'OH',
      license_exp: '2021-01-10',
      vin: 'WP0AA29898U760244',
      status: 'Open',
      status_id: 0,
      status_date: '2026-03-10 11:48:00',
    },
    parent_id: 58854524,
    delinquent_since: 'No Data',
    created_at,
    updated_at: '2026-03-10 11:48:28',
    vehicle: documentedVehicle,
  };
  return { row, collaterals: [collateral] };
};

export const documentedAssignments = (state: RecoveryConnectState): Case[] => [
  assignment30554(state),
  assignment57075006(state),
  assignment57074903(),
];

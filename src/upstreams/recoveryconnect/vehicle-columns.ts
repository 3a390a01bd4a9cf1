import { toDate, toLocalDateTime } from '../../values/date.ts';
import { toInteger } from '../../values/identifier.ts';
import { toText } from '../../values/text.ts';
import { column } from '../column.ts';
import { toPart, toParts } from './nested.ts';

const current = 'object_properties';

/** The vehicle inside a collateral's row, with what is held true of it now and all that was ever entered. */
export const vehicleColumns = {
  modelId: column(toText, 'model_id', ['object_model', 'id']),
  model: column(toPart, 'object_model'),
  properties: column(toParts, 'properties'),
  vin: column(toText, 'identification_number'),
  color: column(toText, [current, 'color']),
  bodyType: column(toText, [current, 'body_type']),
  driveTrain: column(toText, [current, 'drive_train']),
  engine: column(toText, [current, 'engine']),
  fuelType: column(toText, [current, 'fuel_type']),
  trim: column(toText, [current, 'trim']),
  licensePlate: column(toText, [current, 'license_no']),
  licenseState: column(toText, [current, 'license_state']),
  licenseExpirationDate: column(toDate, [current, 'license_exp']),
  keyCodes: column(toText, [current, 'keycodes']),
  sellingDealer: column(toText, [current, 'selling_dealer']),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

export const vehicleModelColumns = {
  name: column(toText, 'name'),
  year: column(toInteger, 'year'),
  typeId: column(toText, 'type'),
  makeId: column(toText, 'manufacturer', ['make', 'id']),
  make: column(toPart, 'make'),
  bodyType: column(toText, 'body_type'),
  driveTrain: column(toText, 'drive_train'),
  engine: column(toText, 'engine'),
  fuelType: column(toText, 'fuel_type'),
  trim: column(toText, 'trim'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

export const vehicleMakeColumns = {
  name: column(toText, 'name'),
  description: column(toText, 'description'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

export const vehiclePropertyColumns = {
  vehicleId: column(toText, 'object_id'),
  name: column(toText, 'name'),
  value: column(toText, 'data'),
  origin: column(toText, 'data_source'),
  employeeId: column(toText, 'employee_id'),
  companyId: column(toText, 'company_id'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

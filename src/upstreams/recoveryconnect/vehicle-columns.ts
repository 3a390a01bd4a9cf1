import { toDate, toLocalDateTime } from '../../values/date.ts';
import { toInteger } from '../../values/identifier.ts';
import { toText, toVehicleText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { toPart, toParts } from './nested.ts';

const current = 'object_properties';

/** The vehicle in the row of a collateral: its present values, and all values that were ever entered. */
export const vehicleColumns = {
  modelId: column(toText, 'model_id', ['object_model', 'id']),
  model: column(toPart, 'object_model'),
  properties: column(toParts, 'properties'),
  vin: column(toText, 'identification_number'),
  color: column(toVehicleText, [current, 'color']),
  bodyType: column(toVehicleText, [current, 'body_type']),
  driveTrain: column(toVehicleText, [current, 'drive_train']),
  engine: column(toVehicleText, [current, 'engine']),
  fuelType: column(toVehicleText, [current, 'fuel_type']),
  trim: column(toVehicleText, [current, 'trim']),
  licensePlate: column(toVehicleText, [current, 'license_no']),
  licenseState: column(toVehicleText, [current, 'license_state']),
  licenseExpirationDate: column(toDate, [current, 'license_exp']),
  keyCodes: column(toVehicleText, [current, 'keycodes']),
  sellingDealer: column(toVehicleText, [current, 'selling_dealer']),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

export const vehicleModelColumns = {
  name: column(toText, 'name'),
  year: column(toInteger, 'year'),
  typeId: column(toText, 'type'),
  makeId: column(toText, 'manufacturer', ['make', 'id']),
  make: column(toPart, 'make'),
  bodyType: column(toVehicleText, 'body_type'),
  driveTrain: column(toVehicleText, 'drive_train'),
  engine: column(toVehicleText, 'engine'),
  fuelType: column(toVehicleText, 'fuel_type'),
  trim: column(toVehicleText, 'trim'),
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
  propertyId: column(toText, 'id'),
  vehicleId: column(toText, 'object_id'),
  name: column(toText, 'name'),
  value: column(toVehicleText, 'data'),
  origin: column(toText, 'data_source'),
  employeeId: column(toText, 'employee_id'),
  companyId: column(toText, 'company_id'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

import type { CollateralRow, Vehicle, VehicleProperty } from './records.ts';

const propertiesOf = (row: CollateralRow, bodyType: string, trim: string): Record<string, string> => ({
  selling_dealer: row.selling_dealer,
  keycodes: row.key_codes,
  license_state: row.license_state,
  license_no: row.license_no,
  trim,
  drive_train: row.drive_train,
  color: row.color,
  license_exp: row.license_exp ?? '',
  engine: row.engine,
  body_type: bodyType,
  fuel_type: row.fuel_type,
});

/** The model of a vehicle; its number is not that of the vehicle. */
const modelOf = (row: CollateralRow, id: number, time: string) => ({
  id,
  manufacturer: 8,
  type: 82,
  name: row.model,
  year: row.year,
  body_type: null,
  fuel_type: null,
  drive_train: null,
  trim: null,
  engine: null,
  created_at: time,
  updated_at: time,
  make: { id: 8, name: row.make, description: null, created_at: time, updated_at: time },
});

/** Creates the vehicle of a collateral, with each property entered once. */
export const vehicleOf = (
  row: CollateralRow,
  id: number,
  companyId: number,
  time: string,
  extra: { readonly bodyType?: string; readonly trim?: string } = {},
): Vehicle => {
  const object_properties = propertiesOf(row, extra.bodyType ?? 'NA', extra.trim ?? '');
  const properties = Object.entries(object_properties).map(
    ([name, data], index): VehicleProperty => ({
      id: id * 20 + index,
      object_id: id,
      employee_id: 10000,
      company_id: companyId,
      name,
      data,
      data_source: 'User Input',
      created_at: time,
      updated_at: time,
    }),
  );
  return {
    id,
    model_id: 3000 + (id % 900),
    identification_number: row.vin,
    created_at: time,
    updated_at: time,
    object_properties,
    object_model: modelOf(row, 3000 + (id % 900), time),
    properties,
  };
};

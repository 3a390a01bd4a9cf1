import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import {
  vehicleColumns,
  vehicleMakeColumns,
  vehicleModelColumns,
  vehiclePropertyColumns,
} from '../../upstreams/recoveryconnect/vehicle-columns.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FieldBuilder } from '../kit/column-fields.ts';
import { byNumber, keyOfListed, type Listed, listed } from '../kit/listed.ts';
import { cacheId, withoutNumber } from '../kit/node.ts';

/** A vehicle, its model or its make: nested rows, each with its own number. */
export interface VehiclePart {
  readonly row: Part;
}

const keyOfPart = ({ row }: VehiclePart): readonly string[] => [canonicalId(row.id)];

export const vehiclePartOf = (row: Part | null): VehiclePart | null => row && { row };

type Texts<Name extends string> = Readonly<Record<Name, Column<string>>>;

/** The fields that models and vehicles have in common. */
const buildFields = <Parent extends { readonly row: Row }>(
  t: FieldBuilder<Parent>,
  columns: Texts<'bodyType' | 'driveTrain' | 'engine' | 'fuelType' | 'trim'>,
) => {
  const column = columnFields(t, () => columns);
  return {
    bodyType: column.text('bodyType', 'Body type, such as `Short Bed`.'),
    driveTrain: column.text('driveTrain', 'Drive train, such as `Four-Wheel Drive`.'),
    engine: column.text('engine', 'Engine, such as `5.3L V8`.'),
    fuelType: column.text('fuelType', 'Fuel type, such as `Gasoline`.'),
    trim: column.text('trim', 'Trim, such as `4dr 1500 LS`.'),
  };
};

/** The current data of one vehicle: fields of vehicles and of collaterals. */
export const vehicleFields = <Parent extends { readonly row: Row }>(
  t: FieldBuilder<Parent>,
  columns: Parameters<typeof buildFields>[1] &
    Texts<
      | 'vin'
      | 'color'
      | 'licensePlate'
      | 'licenseState'
      | 'licenseExpirationDate'
      | 'keyCodes'
      | 'sellingDealer'
    >,
) => {
  const column = columnFields(t, () => columns);
  return {
    vin: column.text('vin', 'Vehicle identification number.'),
    color: column.text('color', 'Color.'),
    ...buildFields(t, columns),
    licensePlate: column.text('licensePlate', 'License plate.'),
    licenseState: column.text('licenseState', 'State that issued the license plate, two letters.'),
    licenseExpirationDate: column.date('licenseExpirationDate', 'Expiration date of the license plate.'),
    keyCodes: column.text('keyCodes', 'Codes for cutting its keys.'),
    sellingDealer: column.text('sellingDealer', 'Dealer that sold the vehicle.'),
  };
};

const VehicleMakeType = builder.objectRef<VehiclePart>('VehicleMake').implement({
  description: 'Make of a vehicle model.',
  fields: (t) => {
    const column = columnFields(t, () => vehicleMakeColumns);
    return {
      id: cacheId(t, 'VehicleMake', keyOfPart),
      makeId: t.id({
        description: "RecoveryConnect's number for the make.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Name of the make, such as `Nissan`.'),
      description: column.text('description', 'Description of the make. Null if none is recorded.'),
      createdAt: column.localDateTime('createdAt', 'When the record was created.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed.'),
    };
  },
});

const VehicleModelType = builder.objectRef<VehiclePart>('VehicleModel').implement({
  description: 'A vehicle model of one model year. A field is null if no value is recorded.',
  fields: (t) => {
    const column = columnFields(t, () => vehicleModelColumns);
    return {
      id: cacheId(t, 'VehicleModel', keyOfPart),
      modelId: t.id({
        description: "RecoveryConnect's number for the model.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Name of the model, such as `Xterra`.'),
      year: column.integer('year', 'The model year.'),
      typeId: column.id('typeId', "RecoveryConnect's number for the kind of model."),
      makeId: column.id('makeId', "RecoveryConnect's number for its make."),
      make: t.field({
        type: VehicleMakeType,
        nullable: true,
        description: 'Make of the model. Null if the row does not contain it.',
        resolve: ({ row }) => vehiclePartOf(vehicleModelColumns.make.read(row)),
      }),
      ...buildFields(t, vehicleModelColumns),
      createdAt: column.localDateTime('createdAt', 'When the record was created.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed.'),
    };
  },
});

const VehiclePropertyType = builder.objectRef<Listed>('VehicleProperty').implement({
  description: 'A property that was entered for a vehicle. A field is null if no value is recorded.',
  fields: (t) => {
    const column = columnFields(t, () => vehiclePropertyColumns);
    return {
      id: cacheId(t, 'VehicleProperty', keyOfListed, withoutNumber),
      propertyId: column.id(
        'propertyId',
        "RecoveryConnect's number for the entry; null if the row has none.",
      ),
      vehicleId: column.id('vehicleId', 'The vehicle of the property.'),
      name: column.text('name', 'Name of the property in RecoveryConnect, such as `license_no`.'),
      value: column.text('value', 'Value of the property. Null if it is blank.'),
      origin: column.text('origin', 'Origin of the value, such as `User Input`.'),
      employeeId: column.id('employeeId', 'Employee who entered the value.'),
      companyId: column.id('companyId', 'Company of that employee.'),
      createdAt: column.localDateTime('createdAt', 'When the value was entered.'),
      updatedAt: column.localDateTime('updatedAt', 'When the value was last changed.'),
    };
  },
});

export const VehicleType = builder.objectRef<VehiclePart>('Vehicle').implement({
  description:
    'A vehicle; several collaterals may refer to it (RecoveryConnect: updateAssignment). A field is null if no value is recorded.',
  fields: (t) => {
    const column = columnFields(t, () => vehicleColumns);
    return {
      id: cacheId(t, 'Vehicle', keyOfPart),
      vehicleId: t.id({
        description: "RecoveryConnect's number for the vehicle.",
        resolve: ({ row }) => String(row.id),
      }),
      ...vehicleFields(t, vehicleColumns),
      modelId: column.id('modelId', "RecoveryConnect's number for its model."),
      model: t.field({
        type: VehicleModelType,
        nullable: true,
        description: 'Model of the vehicle. Null if the row does not contain it.',
        resolve: ({ row }) => vehiclePartOf(vehicleColumns.model.read(row)),
      }),
      properties: t.field({
        type: [VehiclePropertyType],
        description:
          'All recorded properties of the vehicle, in the sequence of the upstream. Current values are in the separate fields.',
        resolve: ({ row }) =>
          listed(
            vehicleColumns.properties.read(row) ?? [],
            keyOfPart({ row }),
            byNumber(vehiclePropertyColumns.propertyId),
          ),
      }),
      createdAt: column.localDateTime('createdAt', 'When the record was created.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed.'),
    };
  },
});

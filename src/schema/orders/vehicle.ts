import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import {
  vehicleColumns,
  vehicleMakeColumns,
  vehicleModelColumns,
  vehiclePropertyColumns,
} from '../../upstreams/recoveryconnect/vehicle-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FieldBuilder } from '../kit/column-fields.ts';

/** A vehicle, its model or make: rows inside one another, each with its own number. */
export interface VehiclePart {
  readonly row: Part;
}

export const vehiclePartOf = (row: Part | null): VehiclePart | null => row && { row };

type Texts<Name extends string> = Readonly<Record<Name, Column<string>>>;

/** What a model tells of all its vehicles, and a vehicle of itself. */
const buildFields = <Parent extends { readonly row: Row }>(
  t: FieldBuilder<Parent>,
  columns: Texts<'bodyType' | 'driveTrain' | 'engine' | 'fuelType' | 'trim'>,
) => {
  const column = columnFields(t, () => columns);
  return {
    bodyType: column.text('bodyType', 'Its body, such as `Short Bed`.'),
    driveTrain: column.text('driveTrain', 'Which wheels are driven, such as `Four-Wheel Drive`.'),
    engine: column.text('engine', 'Its engine, such as `5.3L V8`.'),
    fuelType: column.text('fuelType', 'What it runs on, such as `Gasoline`.'),
    trim: column.text('trim', 'Its trim, such as `4dr 1500 LS`.'),
  };
};

/** What is held true of one vehicle now: the fields of a vehicle, and of a collateral, which is one. */
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
    color: column.text('color', 'Its color.'),
    ...buildFields(t, columns),
    licensePlate: column.text('licensePlate', 'What its license plate reads.'),
    licenseState: column.text('licenseState', 'The state that issued the license plate, by its two letters.'),
    licenseExpirationDate: column.date(
      'licenseExpirationDate',
      'The day on which the license plate expires.',
    ),
    keyCodes: column.text('keyCodes', 'The codes by which its keys can be cut.'),
    sellingDealer: column.text('sellingDealer', 'The dealer who sold it.'),
  };
};

const VehicleMakeType = builder.objectRef<VehiclePart>('VehicleMake').implement({
  description: 'Who makes a model of vehicle.',
  fields: (t) => {
    const column = columnFields(t, () => vehicleMakeColumns);
    return {
      makeId: t.id({
        description: "RecoveryConnect's number for the make.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Its name, such as `Nissan`.'),
      description: column.text('description', 'What there is to say of it; null where nothing is recorded.'),
      createdAt: column.localDateTime('createdAt', 'When the record was made.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed.'),
    };
  },
});

const VehicleModelType = builder.objectRef<VehiclePart>('VehicleModel').implement({
  description: 'A model of vehicle in its year. What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => vehicleModelColumns);
    return {
      modelId: t.id({
        description: "RecoveryConnect's number for the model.",
        resolve: ({ row }) => String(row.id),
      }),
      name: column.text('name', 'Its name, such as `Xterra`.'),
      year: column.integer('year', 'The model year.'),
      typeId: column.id('typeId', "RecoveryConnect's number for the kind of model."),
      makeId: column.id('makeId', "RecoveryConnect's number for its make."),
      make: t.field({
        type: VehicleMakeType,
        nullable: true,
        description: 'Who makes it; null where the row does not tell.',
        resolve: ({ row }) => vehiclePartOf(vehicleModelColumns.make.read(row)),
      }),
      ...buildFields(t, vehicleModelColumns),
      createdAt: column.localDateTime('createdAt', 'When the record was made.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed.'),
    };
  },
});

const VehiclePropertyType = builder.objectRef<{ readonly row: Row }>('VehicleProperty').implement({
  description: 'Something that was entered of a vehicle at some time. What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => vehiclePropertyColumns);
    return {
      propertyId: column.id(
        'propertyId',
        "RecoveryConnect's number for the entry; null where the row has none.",
      ),
      vehicleId: column.id('vehicleId', 'The vehicle that it is about.'),
      name: column.text('name', 'What of the vehicle it tells, in words of RecoveryConnect: `license_no`.'),
      value: column.text('value', 'What was entered; null where that was blank.'),
      origin: column.text('origin', 'How it came there, such as `User Input`.'),
      employeeId: column.id('employeeId', 'Who entered it.'),
      companyId: column.id('companyId', 'The company of whoever entered it.'),
      createdAt: column.localDateTime('createdAt', 'When it was entered.'),
      updatedAt: column.localDateTime('updatedAt', 'When it was last changed.'),
    };
  },
});

export const VehicleType = builder.objectRef<VehiclePart>('Vehicle').implement({
  description:
    'A vehicle, which several collaterals may be about (RecoveryConnect: updateAssignment). What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => vehicleColumns);
    return {
      vehicleId: t.id({
        description: "RecoveryConnect's number for the vehicle.",
        resolve: ({ row }) => String(row.id),
      }),
      ...vehicleFields(t, vehicleColumns),
      modelId: column.id('modelId', "RecoveryConnect's number for its model."),
      model: t.field({
        type: VehicleModelType,
        nullable: true,
        description: 'What model it is; null where the row does not tell.',
        resolve: ({ row }) => vehiclePartOf(vehicleColumns.model.read(row)),
      }),
      properties: t.field({
        type: [VehiclePropertyType],
        description:
          'All that was ever entered of it, in the order of the upstream: what counts now stands in the fields of their own.',
        resolve: ({ row }) =>
          vehicleColumns.properties.read(row)?.map((property) => ({ row: property })) ?? [],
      }),
      createdAt: column.localDateTime('createdAt', 'When the record was made.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed.'),
    };
  },
});

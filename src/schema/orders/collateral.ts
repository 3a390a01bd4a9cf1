import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { collateralColumns } from '../../upstreams/recoveryconnect/collateral-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { VehicleType, vehicleFields, vehiclePartOf } from './vehicle.ts';

/** A collateral by its number, with its row of `listOrderCollaterals` or `updateAssignment`. */
export interface Collateral {
  readonly collateralId: string;
  readonly row: Row;
}

export const CollateralType = builder.objectRef<Collateral>('Collateral').implement({
  description:
    'What secures the loan of an order: a vehicle, with what is owed on it (RecoveryConnect: listOrderCollaterals; the first one of an assignment: updateAssignment). Each tells things that the other does not: what is not recorded, or not told, is null. Amounts are in US dollars.',
  fields: (t) => {
    const column = columnFields(t, () => collateralColumns);
    return {
      collateralId: t.exposeID('collateralId', {
        description: "RecoveryConnect's number for it on this order.",
      }),
      parentCollateralId: column.id(
        'parentCollateralId',
        'The collateral on the order that this one was made from.',
      ),
      caseId: column.id('caseId', 'The order or assignment that it is on (updateAssignment).'),
      displayName: column.text('displayName', 'Year, make, model and VIN in one text (updateAssignment).'),
      isPrimary: column.flag('isPrimary', 'Whether it is the first one of its order.'),
      isDamaged: column.flag('isDamaged', 'Whether it is damaged (updateAssignment).'),

      status: column.text(
        'status',
        'Where the recovery stands, such as `Repossessed` (listOrderCollaterals).',
      ),
      statusId: column.id('statusId', "RecoveryConnect's number for the status."),
      priorStatusId: column.id('priorStatusId', 'The status before that (updateAssignment).'),
      statusReason: column.text('statusReason', 'Why it came to that status (listOrderCollaterals).'),
      statusNote: column.text('statusNote', 'A remark on the status (listOrderCollaterals).'),
      statusChangedAt: column.localDateTime('statusChangedAt', 'When the status last changed.'),
      collateralDisposition: column.text(
        'collateralDisposition',
        'What became of the collateral (updateAssignment).',
      ),
      reason: column.text('reason', 'A reason kept with the collateral (updateAssignment).'),
      note: column.text('note', 'A note on the collateral (updateAssignment).'),
      additionalInfo: column.text('additionalInfo', 'What else there is to know.'),
      onHookBy: column.text('onHookBy', 'Who has it on the hook (listOrderCollaterals).'),
      completedBy: column.text('completedBy', 'Who completed the recovery (updateAssignment).'),
      recoveryId: column.id('recoveryId', "RecoveryConnect's number for the recovery (updateAssignment)."),
      pendingRecoveryId: column.id(
        'pendingRecoveryId',
        "RecoveryConnect's number for a recovery that is not confirmed yet (updateAssignment).",
      ),
      orderFulfillmentHistoryId: column.id(
        'orderFulfillmentHistoryId',
        "RecoveryConnect's number for how the order was fulfilled (updateAssignment).",
      ),
      sourceCode: column.text(
        'sourceCode',
        'What it came from, in a code of RecoveryConnect (updateAssignment).',
      ),

      vehicleId: column.id('vehicleId', "RecoveryConnect's number for the vehicle (updateAssignment)."),
      vehicle: t.field({
        type: VehicleType,
        nullable: true,
        description:
          'The vehicle itself, with all that was ever entered of it (updateAssignment); null in listings.',
        resolve: ({ row }) => vehiclePartOf(collateralColumns.vehicle.read(row)),
      }),
      vehicleType: column.text('vehicleType', 'What kind it is, such as `Truck` (listOrderCollaterals).'),
      vehicleTypeId: column.id(
        'vehicleTypeId',
        "RecoveryConnect's number for the kind of vehicle (listOrderCollaterals).",
      ),
      year: column.integer('year', 'The model year.'),
      make: column.text('make', 'Who makes it, such as `Chevrolet`.'),
      model: column.text('model', 'Its model, such as `Silverado 1500`.'),
      ...vehicleFields(t, collateralColumns),

      originalLoanAmount: column.decimal('originalLoanAmount', 'The loan that the borrower took.'),
      paymentAmount: column.decimal('paymentAmount', 'What is to be paid at a time.'),
      pastDueAmount: column.decimal('pastDueAmount', 'What was due and is not paid.'),
      unpaidBalance: column.decimal('unpaidBalance', 'The principal that is not paid yet.'),
      outstandingBalance: column.decimal(
        'outstandingBalance',
        'All that is owed on the loan (updateAssignment).',
      ),
      principalAmount: column.decimal('principalAmount', 'The principal of it (updateAssignment).'),
      interestAmount: column.decimal('interestAmount', 'The interest of it (updateAssignment).'),
      chargeOffAmount: column.decimal(
        'chargeOffAmount',
        'What was owed when the lender declared it a loss (updateAssignment).',
      ),
      chargeOffDate: column.date('chargeOffDate', 'The day on which the lender declared the loan a loss.'),
      contractDate: column.date('contractDate', 'The day on which the loan was agreed.'),
      delinquentSince: column.date(
        'delinquentSince',
        'The day on which a payment was first missed (updateAssignment).',
      ),
      daysPastDue: column.integer(
        'daysPastDue',
        'For how many days a payment has been due (updateAssignment).',
      ),
      delinquentPaymentCount: column.integer(
        'delinquentPaymentCount',
        'How many payments were missed (updateAssignment).',
      ),
      tranche: column.text('tranche', 'The part of a pool of loans that it belongs to (updateAssignment).'),
      lastPaymentAmount: column.decimal('lastPaymentAmount', 'What was last paid (updateAssignment).'),
      lastPaymentType: column.text('lastPaymentType', 'How it was last paid (updateAssignment).'),
      lastPaymentDate: column.date('lastPaymentDate', 'The day of the last payment (updateAssignment).'),
      maximumBailout: column.decimal(
        'maximumBailout',
        'The most that may be paid to others to get the collateral out.',
      ),
      estimatedValue: column.decimal('estimatedValue', 'What it is held to be worth (updateAssignment).'),
      baseCashValue: column.decimal(
        'baseCashValue',
        'What it is worth in cash, before its condition counts (updateAssignment).',
      ),
      averageCashValue: column.decimal(
        'averageCashValue',
        'What it is worth in cash on average (updateAssignment).',
      ),
      averageWholesaleValue: column.decimal(
        'averageWholesaleValue',
        'What it is worth to a dealer on average (updateAssignment).',
      ),

      createdAt: column.localDateTime('createdAt', 'When the record was made (updateAssignment).'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed (updateAssignment).'),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the record was deleted; null while it stands (updateAssignment).',
      ),
    };
  },
});

/** What secures the loan of an order (RecoveryConnect: listOrderCollaterals). */
export const collateralsOfOrder = async (orderId: string, { loaders }: Context): Promise<Collateral[]> => {
  const rows = await loaders.collateralsOfOrder.load(orderId);
  return rows.map((row) => ({ collateralId: String(row.id), row }));
};

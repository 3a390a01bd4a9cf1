import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import { collateralColumns } from '../../upstreams/recoveryconnect/collateral-columns.ts';
import type { Part } from '../../upstreams/recoveryconnect/nested.ts';
import { listOrderCollaterals } from '../../upstreams/recoveryconnect/orders.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { byId, keyOfListed, type Listed, listed, onlyListed } from '../kit/listed.ts';
import { NodeInterface, nodeId } from '../kit/node.ts';
import { findNodesInList } from '../kit/nodes-in-lists.ts';
import { parentOrder } from './order-things.ts';
import { VehicleType, vehicleFields, vehiclePartOf } from './vehicle.ts';

/** A collateral by its number, with its row of `listOrderCollaterals` or `updateAssignment`. */
export interface Collateral extends Listed {
  readonly collateralId: string;
}

export const CollateralType = builder.objectRef<Collateral>('Collateral').implement({
  description:
    'A vehicle that secures the loan of an order, with the amounts owed (RecoveryConnect: listOrderCollaterals; the first one of an assignment: updateAssignment). Each operation returns fields that the other does not. A field is null if no value is recorded, or if the response does not contain it. Amounts are in US dollars.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => collateralColumns);
    return {
      id: nodeId(
        t,
        'Collateral',
        keyOfListed,
        ' The same in listOrderCollaterals and updateAssignment. `node` reads listOrderCollaterals.',
      ),
      collateralId: t.exposeID('collateralId', {
        description: "RecoveryConnect's number for the collateral on this order.",
      }),
      parentCollateralId: column.id(
        'parentCollateralId',
        'The collateral that this one was copied from, on the parent order.',
      ),
      caseId: column.id('caseId', 'The order or assignment of the collateral (updateAssignment).'),
      displayName: column.text('displayName', 'Year, make, model and VIN in one text (updateAssignment).'),
      isPrimary: column.flag('isPrimary', 'Whether it is the primary collateral of its order.'),
      isDamaged: column.flag('isDamaged', 'Whether it is damaged (updateAssignment).'),

      status: column.text('status', 'Status of the recovery, such as `Repossessed` (listOrderCollaterals).'),
      statusId: column.id('statusId', "RecoveryConnect's number for the status."),
      priorStatusId: column.id(
        'priorStatusId',
        "RecoveryConnect's number for the previous status (updateAssignment).",
      ),
      statusReason: column.text('statusReason', 'Reason for the status (listOrderCollaterals).'),
      statusNote: column.text('statusNote', 'Note on the status (listOrderCollaterals).'),
      statusChangedAt: column.localDateTime('statusChangedAt', 'Time of the last change of the status.'),
      collateralDisposition: column.text(
        'collateralDisposition',
        'Disposition of the collateral (updateAssignment).',
      ),
      reason: column.text('reason', 'Reason recorded for the collateral (updateAssignment).'),
      note: column.text('note', 'A note on the collateral (updateAssignment).'),
      additionalInfo: column.text('additionalInfo', 'Additional information, in free text.'),
      onHookBy: column.text(
        'onHookBy',
        'Agent who has the vehicle on the hook of the tow truck (listOrderCollaterals).',
      ),
      completedBy: column.text('completedBy', 'Person who completed the recovery (updateAssignment).'),
      recoveryId: column.id('recoveryId', "RecoveryConnect's number for the recovery (updateAssignment)."),
      pendingRecoveryId: column.id(
        'pendingRecoveryId',
        "RecoveryConnect's number for a recovery that is not confirmed yet (updateAssignment).",
      ),
      orderFulfillmentHistoryId: column.id(
        'orderFulfillmentHistoryId',
        "RecoveryConnect's number for the fulfillment history of the order (updateAssignment).",
      ),
      sourceCode: column.text(
        'sourceCode',
        'Source of the collateral, as a RecoveryConnect code (updateAssignment).',
      ),

      vehicleId: column.id('vehicleId', "RecoveryConnect's number for the vehicle (updateAssignment)."),
      vehicle: t.field({
        type: VehicleType,
        nullable: true,
        description: 'The vehicle with all its recorded properties (updateAssignment). Null in lists.',
        resolve: ({ row }) => vehiclePartOf(collateralColumns.vehicle.read(row)),
      }),
      vehicleType: column.text('vehicleType', 'Type of vehicle, such as `Truck` (listOrderCollaterals).'),
      vehicleTypeId: column.id(
        'vehicleTypeId',
        "RecoveryConnect's number for the kind of vehicle (listOrderCollaterals).",
      ),
      year: column.integer('year', 'The model year.'),
      make: column.text('make', 'Make, such as `Chevrolet`.'),
      model: column.text('model', 'Model, such as `Silverado 1500`.'),
      ...vehicleFields(t, collateralColumns),

      originalLoanAmount: column.decimal('originalLoanAmount', 'Original amount of the loan.'),
      paymentAmount: column.decimal('paymentAmount', 'Amount of one scheduled payment.'),
      pastDueAmount: column.decimal('pastDueAmount', 'Amount past due.'),
      unpaidBalance: column.decimal('unpaidBalance', 'Unpaid principal.'),
      outstandingBalance: column.decimal(
        'outstandingBalance',
        'Total amount owed on the loan (updateAssignment).',
      ),
      principalAmount: column.decimal('principalAmount', 'Principal of the amount owed (updateAssignment).'),
      interestAmount: column.decimal('interestAmount', 'Interest of the amount owed (updateAssignment).'),
      chargeOffAmount: column.decimal(
        'chargeOffAmount',
        'Amount owed when the lender charged the loan off (updateAssignment).',
      ),
      chargeOffDate: column.date('chargeOffDate', 'Date on which the lender charged the loan off.'),
      contractDate: column.date('contractDate', 'Date of the loan contract.'),
      delinquentSince: column.date('delinquentSince', 'Date of the first missed payment (updateAssignment).'),
      daysPastDue: column.integer('daysPastDue', 'Number of days past due (updateAssignment).'),
      delinquentPaymentCount: column.integer(
        'delinquentPaymentCount',
        'Number of missed payments (updateAssignment).',
      ),
      tranche: column.text('tranche', 'Tranche of the loan pool (updateAssignment).'),
      lastPaymentAmount: column.decimal(
        'lastPaymentAmount',
        'Amount of the last payment (updateAssignment).',
      ),
      lastPaymentType: column.text('lastPaymentType', 'Type of the last payment (updateAssignment).'),
      lastPaymentDate: column.date('lastPaymentDate', 'Date of the last payment (updateAssignment).'),
      maximumBailout: column.decimal(
        'maximumBailout',
        'Maximum amount that may be paid to third parties to release the collateral.',
      ),
      estimatedValue: column.decimal('estimatedValue', 'Estimated value (updateAssignment).'),
      baseCashValue: column.decimal(
        'baseCashValue',
        'Cash value before adjustment for condition (updateAssignment).',
      ),
      averageCashValue: column.decimal('averageCashValue', 'Average cash value (updateAssignment).'),
      averageWholesaleValue: column.decimal(
        'averageWholesaleValue',
        'Average dealer value (updateAssignment).',
      ),

      createdAt: column.localDateTime('createdAt', 'When the record was created (updateAssignment).'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed (updateAssignment).'),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the record was deleted (updateAssignment). Null if it was not deleted.',
      ),
    };
  },
});

/** Returns the collaterals in rows of listOrderCollaterals. */
export const collateralsIn = (
  rows: ReplyOf<typeof listOrderCollaterals>,
  { orderId }: { readonly orderId: string },
): Collateral[] =>
  listed(rows, ['R', orderId], byId).map((one) => ({ ...one, collateralId: canonicalId(one.row['id']) }));

/** Returns the first collateral of an assignment, which names its case: most likely the assignment itself. */
export const collateralOfAssignment = (row: Part, assignmentId: string): Collateral => {
  const caseId = canonicalId(collateralColumns.caseId.read(row) ?? assignmentId);
  return { ...onlyListed(row, ['R', caseId]), collateralId: canonicalId(row.id) };
};

findNodesInList('Collateral', { ...parentOrder, endpoint: listOrderCollaterals, itemsOf: collateralsIn });

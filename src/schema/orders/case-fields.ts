import type { Row } from '../../upstreams/endpoint/row.ts';
import type { caseColumns } from '../../upstreams/recoveryconnect/case-columns.ts';
import { columnFields, type FieldBuilder, type FullRow } from '../kit/column-fields.ts';

/**
 * The fields that orders and assignments have in common: both are cases.
 *
 * @param fullRow left out if no other row contains more.
 */
export const caseFields = <Parent extends { readonly row: Row }>(
  t: FieldBuilder<Parent>,
  columns: typeof caseColumns,
  fullRow?: FullRow<Parent>,
) => {
  const column = columnFields(t, () => columns, fullRow);
  return {
    caseNumber: column.text('caseNumber', "The owner company's own number for the case, such as `1081-1`."),
    status: column.text('status', 'Status of the case, such as `Open`.'),
    statusId: column.id('statusId', "RecoveryConnect's number for the status."),
    orderType: column.text('orderType', 'Type of order, such as `Involuntary Repossession`.'),
    orderTypeId: column.id('orderTypeId', "RecoveryConnect's number for the type of order."),
    priorOrderTypeId: column.id(
      'priorOrderTypeId',
      "RecoveryConnect's number for the type of order before the case became a live recovery.",
    ),
    parentOrderId: column.id('parentOrderId', 'The order that this case was created from.'),
    mainParentOrderId: column.id(
      'mainParentOrderId',
      'The first order in the chain that this case was forwarded from, if those orders are visible to one another.',
    ),
    rootCaseId: column.id(
      'rootCaseId',
      'The first case that was opened for the same collateral; the own number of the case if it is the first.',
    ),

    clientId: column.id('clientId', 'The company that placed the case.'),
    ownerCompanyId: column.id('ownerCompanyId', 'The company that the case belongs to.'),
    lienholderId: column.id('lienholderId', 'The company that holds the lien.'),
    originCompanyId: column.id('originCompanyId', 'The company that the case came from.'),
    managingCompanyId: column.id(
      'managingCompanyId',
      'The company that manages the case for its owner. Null if there is none.',
    ),
    companyAddress: column.text('companyAddress', "The company's address for this case, as one text."),
    companyAddressId: column.id('companyAddressId', "RecoveryConnect's number for that address."),
    collectorId: column.id('collectorId', 'The collector in charge.'),
    associationId: column.id('associationId', "RecoveryConnect's number for the association of the case."),
    assignmentManager: column.text('assignmentManager', 'Manager of the assignment of the case.'),
    determinationId: column.id(
      'determinationId',
      "RecoveryConnect's number for the determination on how to continue the case. Null if none was requested.",
    ),

    clientAccountNumber: column.number('clientAccountNumber', "The loan's account number at the client."),
    lienholderAccountNumber: column.number(
      'lienholderAccountNumber',
      "The loan's account number at the lienholder.",
    ),
    otherReferenceNumber: column.text('otherReferenceNumber', 'A further reference number.'),
    sourceCode: column.text('sourceCode', 'Source of the case, as a RecoveryConnect code.'),
    sourceFile: column.text('sourceFile', 'The file that the case was loaded from.'),
    hasMbsiSource: column.flag(
      'hasMbsiSource',
      "Whether the case came from another of the vendor's systems (MBSi).",
    ),
    agreementType: column.text('agreementType', 'Type of agreement that applies to the case.'),
    note: column.text('note', 'A note on the case.'),
    reason: column.text('reason', 'Reason for the status of the case.'),
    assignmentSituation: column.text(
      'assignmentSituation',
      'Situation of the assignment, as a RecoveryConnect code.',
    ),
    recoverySituation: column.text(
      'recoverySituation',
      'Situation of the recovery, as a RecoveryConnect code.',
    ),
    tierLevel: column.integer('tierLevel', 'Tier level of the case.'),
    placementLevel: column.integer('placementLevel', 'Placement level of the case.'),
    reopenCount: column.integer('reopenCount', 'Number of times the case was opened, including the first.'),

    isLatestCase: column.flag('isLatestCase', 'Whether no later case was opened for the same collateral.'),
    isViolent: column.flag('isViolent', 'Whether agents are warned of violence.'),
    isLender: column.flag('isLender', 'Whether the company that placed the case is the lender itself.'),
    isSkip: column.flag('isSkip', 'Whether the debtor moved without leaving an address.'),
    isFlaggedForDeletion: column.flag('isFlaggedForDeletion', 'Whether the case is marked to be deleted.'),
    isFromTransparencySet: column.flag(
      'isFromTransparencySet',
      'Whether the case belongs to a set of companies that share visibility (transparency set).',
    ),
    transparencySetByClientId: column.id(
      'transparencySetByClientId',
      'The client that added the case to its transparency set.',
    ),

    expirationDate: column.date('expirationDate', 'The day on which the case expires.'),
    statusChangedAt: column.localDateTime('statusChangedAt', 'Time of the last change of the status.'),
    acceptedAt: column.localDateTime('acceptedAt', 'When the case was accepted.'),
    createdAt: column.localDateTime('createdAt', 'When the case was created.'),
    updatedAt: column.localDateTime('updatedAt', 'When the case was last changed.'),
    deletedAt: column.localDateTime('deletedAt', 'When the case was deleted. Null if it was not deleted.'),
  };
};

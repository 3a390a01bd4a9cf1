import type { Row } from '../../upstreams/endpoint/row.ts';
import type { caseColumns } from '../../upstreams/recoveryconnect/case-columns.ts';
import { columnFields, type FieldBuilder, type FullRow } from '../kit/column-fields.ts';

/**
 * The fields that orders and assignments have in common: both are cases.
 *
 * @param fullRow left out where no other row tells more.
 */
export const caseFields = <Parent extends { readonly row: Row }>(
  t: FieldBuilder<Parent>,
  columns: typeof caseColumns,
  fullRow?: FullRow<Parent>,
) => {
  const column = columnFields(t, () => columns, fullRow);
  return {
    caseNumber: column.text('caseNumber', "The owner company's own number for the case, such as `1081-1`."),
    status: column.text('status', 'Where the case stands, such as `Open`.'),
    statusId: column.id('statusId', "RecoveryConnect's number for the status."),
    orderType: column.text('orderType', 'What is to be done, such as `Involuntary Repossession`.'),
    orderTypeId: column.id('orderTypeId', "RecoveryConnect's number for the type of order."),
    priorOrderTypeId: column.id(
      'priorOrderTypeId',
      'The type of order that it had before it became a live recovery.',
    ),
    parentOrderId: column.id('parentOrderId', 'The order that this case was made from.'),
    mainParentOrderId: column.id(
      'mainParentOrderId',
      'The first of the orders that it was passed on from, where those are shown to one another.',
    ),
    rootCaseId: column.id(
      'rootCaseId',
      'The case that was opened first for the same thing: its own number, unless it is a later one.',
    ),

    clientId: column.id('clientId', 'The company that placed the case.'),
    ownerCompanyId: column.id('ownerCompanyId', 'The company that the case belongs to.'),
    lienholderId: column.id('lienholderId', 'The company that holds the lien.'),
    originCompanyId: column.id('originCompanyId', 'The company that the case came from.'),
    managingCompanyId: column.id(
      'managingCompanyId',
      'The company that manages the case for its owner; null where none does.',
    ),
    companyAddress: column.text('companyAddress', "The company's address for this case, as one text."),
    companyAddressId: column.id('companyAddressId', "RecoveryConnect's number for that address."),
    collectorId: column.id('collectorId', 'The collector in charge.'),
    associationId: column.id('associationId', 'The association that the case runs through.'),
    assignmentManager: column.text('assignmentManager', 'Who manages the assignment of the case.'),
    determinationId: column.id(
      'determinationId',
      'Identifies what determined how the case goes on, where that was asked for.',
    ),

    clientAccountNumber: column.number('clientAccountNumber', "The loan's account number at the client."),
    lienholderAccountNumber: column.number(
      'lienholderAccountNumber',
      "The loan's account number at the lienholder.",
    ),
    otherReferenceNumber: column.text('otherReferenceNumber', 'A further reference number.'),
    sourceCode: column.text('sourceCode', 'What the case came from, in a code of RecoveryConnect.'),
    sourceFile: column.text('sourceFile', 'The file that the case was loaded from.'),
    hasMbsiSource: column.flag(
      'hasMbsiSource',
      "Whether the case came from another of the vendor's systems (MBSi).",
    ),
    agreementType: column.text('agreementType', 'The kind of agreement that the case is worked under.'),
    note: column.text('note', 'A note on the case.'),
    reason: column.text('reason', 'Why the case stands where it stands.'),
    assignmentSituation: column.text(
      'assignmentSituation',
      'The situation of the assignment, in a code of RecoveryConnect.',
    ),
    recoverySituation: column.text(
      'recoverySituation',
      'The situation of the recovery, in a code of RecoveryConnect.',
    ),
    tierLevel: column.integer('tierLevel', 'Tier level of the case.'),
    placementLevel: column.integer('placementLevel', 'Placement level of the case.'),
    reopenCount: column.integer('reopenCount', 'How many times the case was opened, the first included.'),

    isLatestCase: column.flag('isLatestCase', 'Whether no later case was opened for the same thing.'),
    isViolent: column.flag('isViolent', 'Whether agents are warned of violence.'),
    isLender: column.flag('isLender', 'Whether the company that placed the case is the lender itself.'),
    isSkip: column.flag('isSkip', 'Whether the debtor went away without leaving an address.'),
    isFlaggedForDeletion: column.flag('isFlaggedForDeletion', 'Whether the case is marked to be deleted.'),
    isFromTransparencySet: column.flag(
      'isFromTransparencySet',
      'Whether the case is one of a set of companies that see what the others see.',
    ),
    transparencySetByClientId: column.id(
      'transparencySetByClientId',
      'The client that made it one of such a set.',
    ),

    expirationDate: column.date('expirationDate', 'The day on which the case expires.'),
    statusChangedAt: column.localDateTime('statusChangedAt', 'When the status last changed.'),
    acceptedAt: column.localDateTime('acceptedAt', 'When the case was accepted.'),
    createdAt: column.localDateTime('createdAt', 'When the case was made.'),
    updatedAt: column.localDateTime('updatedAt', 'When the case was last changed.'),
    deletedAt: column.localDateTime('deletedAt', 'When the case was deleted; null while it stands.'),
  };
};

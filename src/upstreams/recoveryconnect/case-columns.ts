import { toDate, toLocalDateTime } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger, toName } from '../../values/identifier.ts';
import { toNumericId } from '../../values/numeric-id.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';

/**
 * The common columns of orders and assignments, which are both cases.
 *
 * The responses of `createOrder` and `updateAssignment` have all keys. Those of reads are documented with about half of
 * them.
 */
export const caseColumns = {
  caseNumber: column(toText, 'company_orderno'),
  status: column(toText, 'status'),
  statusId: column(toText, 'status_id'),
  // A number in one response, and a name next to `order_type_id` in another.
  orderType: column(toName, 'order_type'),
  orderTypeId: column(toNumericId, 'order_type_id', 'order_type'),
  priorOrderTypeId: column(toText, 'prior_case_type_live_recovery'),
  parentOrderId: column(toText, 'parent_order_id', 'parent_id'),
  mainParentOrderId: column(toText, 'trans_main_parent_id'),
  rootCaseId: column(toText, 'parent_case'),
  clientId: column(toText, 'client_id'),
  ownerCompanyId: column(toText, 'owner_id'),
  lienholderId: column(toText, 'lienholder_id', 'lienholder'),
  originCompanyId: column(toText, 'company_origin'),
  managingCompanyId: column(toText, 'managed_by_company'),
  companyAddress: column(toText, 'company_address'),
  companyAddressId: column(toText, 'company_address_id'),
  collectorId: column(toText, 'collector_id'),
  associationId: column(toText, 'association_id'),
  assignmentManager: column(toText, 'assignment_manager'),
  determinationId: column(toText, 'det_guid'),
  clientAccountNumber: column(toText, 'client_account_number', 'client_accountno'),
  lienholderAccountNumber: column(toText, 'lienholder_account_number', 'lien_accountno'),
  otherReferenceNumber: column(toText, 'other_refno'),
  sourceCode: column(toText, 'source'),
  sourceFile: column(toText, 'source_file'),
  hasMbsiSource: column(toFlag, 'has_mbsi_source'),
  agreementType: column(toText, 'agreement_type'),
  note: column(toText, 'note'),
  reason: column(toText, 'reason'),
  assignmentSituation: column(toText, 'assignment_situation'),
  recoverySituation: column(toText, 'recovery_situation'),
  tierLevel: column(toInteger, 'tier_level'),
  placementLevel: column(toInteger, 'placement_level'),
  reopenCount: column(toInteger, 'reopen_num'),
  isLatestCase: column(toFlag, 'is_latest_case'),
  isViolent: column(toFlag, 'is_violent'),
  isLender: column(toFlag, 'is_lender'),
  isSkip: column(toFlag, 'debtor_skipped'),
  isFlaggedForDeletion: column(toFlag, 'flagged_delete'),
  isFromTransparencySet: column(toFlag, 'from_transparency_set'),
  transparencySetByClientId: column(toText, 'trans_set_by_client_id'),
  expirationDate: column(toDate, 'expiration'),
  statusChangedAt: column(toLocalDateTime, 'status_date'),
  acceptedAt: column(toLocalDateTime, 'accepted_date'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
  deletedAt: column(toLocalDateTime, 'deleted_at'),
} as const;

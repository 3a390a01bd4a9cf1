import { toLocalDateTime } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger, toName, toNumericId } from '../../values/identifier.ts';
import { toText } from '../../values/text.ts';
import { column } from '../column.ts';

/** An order, whose keys differ between the answers of `createOrder` and those of the reads. */
export const orderColumns = {
  orderId: column(toText, 'id'),
  caseNumber: column(toText, 'company_orderno'),
  status: column(toText, 'status'),
  statusId: column(toText, 'status_id'),
  // A number in one answer, a name beside `order_type_id` in another.
  orderType: column(toName, 'order_type'),
  orderTypeId: column(toNumericId, 'order_type_id', 'order_type'),
  parentOrderId: column(toText, 'parent_order_id', 'parent_id'),
  clientId: column(toText, 'client_id'),
  ownerCompanyId: column(toText, 'owner_id'),
  lienholderId: column(toText, 'lienholder_id', 'lienholder'),
  clientAccountNumber: column(toText, 'client_account_number', 'client_accountno'),
  lienholderAccountNumber: column(toText, 'lienholder_account_number', 'lien_accountno'),
  otherReferenceNumber: column(toText, 'other_refno'),
  isViolent: column(toFlag, 'is_violent'),
  isLatestCase: column(toFlag, 'is_latest_case'),
  reopenCount: column(toInteger, 'reopen_num'),
  statusChangedAt: column(toLocalDateTime, 'status_date'),
  acceptedAt: column(toLocalDateTime, 'accepted_date'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;

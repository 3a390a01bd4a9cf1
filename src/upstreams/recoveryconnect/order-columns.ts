import { toLocalDateTime } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger } from '../../values/identifier.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { caseColumns } from './case-columns.ts';
import { toPart, toParts } from './nested.ts';

export const orderColumns = {
  ...caseColumns,
  orderId: column(toText, 'id'),
  runCount: column(toInteger, 'number_of_runs'),
  specialInstructions: column(toParts, 'special_instructions'),
  clientOffice: column(toPart, 'client_office_location'),
} as const;

export const clientOfficeColumns = {
  addressId: column(toText, 'id'),
  name: column(toText, 'name'),
  line1: column(toText, 'address_1'),
  line2: column(toText, 'address_2'),
} as const;

export const specialInstructionColumns = {
  instructionId: column(toText, 'id'),
  content: column(toText, 'content'),
  collateralStatusId: column(toText, 'collateral_status'),
  isShownToServiceProvider: column(toFlag, 'display_to_serviceprovider'),
  lienholderId: column(toText, 'caselien'),
  createdForCompanyId: column(toText, 'created_for_company'),
  createdByCompanyId: column(toText, 'created_by_company'),
  createdById: column(toText, 'created_by'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
  deletedAt: column(toLocalDateTime, 'deleted_at'),
} as const;

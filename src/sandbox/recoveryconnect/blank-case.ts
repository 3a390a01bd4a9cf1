import { ownCompany } from './catalog.ts';
import type { CaseRow } from './records.ts';

type Given = Pick<CaseRow, 'id' | 'client_id' | 'owner_id' | 'created_at' | 'company_orderno'> &
  Partial<CaseRow>;

/** Creates a case with values in the given columns only. */
export const caseRow = (given: Given): CaseRow => ({
  lienholder: 65690,
  collector_id: null,
  association_id: null,
  assignment_manager: null,
  status_date: `${given.created_at.replace(' ', 'T')}.000000Z`,
  note: null,
  reason: null,
  parent_id: null,
  is_lender: '0',
  order_type: 1,
  prior_case_type_live_recovery: null,
  client_accountno: '',
  lien_accountno: '',
  debtor_skipped: null,
  is_violent: 0,
  expiration: null,
  company_address: null,
  accepted_date: null,
  other_refno: null,
  company_address_id: null,
  tier_level: null,
  placement_level: null,
  det_guid: null,
  updated_at: given.created_at,
  deleted_at: null,
  source: null,
  company_origin: ownCompany,
  source_file: null,
  managed_by_company: null,
  flagged_delete: 0,
  from_transparency_set: 0,
  trans_set_by_client_id: null,
  trans_main_parent_id: null,
  parent_case: given.id,
  reopen_num: 1,
  is_latest_case: 1,
  assignment_situation: null,
  recovery_situation: null,
  ...given,
});

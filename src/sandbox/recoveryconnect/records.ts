// The tables of the API. Their keys are those of the documented responses.

type Nullable<T> = T | null;

/** An order or an assignment: both are cases and have the same columns. */
export interface CaseRow {
  readonly id: number;
  readonly client_id: number;
  readonly owner_id: number;
  readonly lienholder: number;
  collector_id: Nullable<number>;
  readonly association_id: Nullable<number>;
  readonly assignment_manager: Nullable<number>;
  /** With microseconds; lists omit them. */
  status_date: string;
  readonly note: Nullable<string>;
  readonly reason: Nullable<string>;
  readonly parent_id: Nullable<number>;
  readonly is_lender: string;
  order_type: number;
  readonly prior_case_type_live_recovery: Nullable<number>;
  readonly client_accountno: string;
  readonly lien_accountno: string;
  /** Lists append the number of the reopening: `1081-1`. */
  readonly company_orderno: number;
  readonly debtor_skipped: Nullable<number>;
  readonly is_violent: number;
  readonly expiration: Nullable<string>;
  readonly company_address: Nullable<string>;
  readonly accepted_date: Nullable<string>;
  readonly other_refno: Nullable<string>;
  readonly company_address_id: Nullable<number>;
  readonly tier_level: Nullable<string>;
  readonly placement_level: Nullable<number>;
  readonly det_guid: Nullable<string>;
  readonly created_at: string;
  updated_at: string;
  readonly deleted_at: Nullable<string>;
  readonly source: Nullable<number>;
  readonly company_origin: number;
  readonly source_file: Nullable<string>;
  readonly managed_by_company: Nullable<number>;
  readonly flagged_delete: number;
  readonly from_transparency_set: number;
  readonly trans_set_by_client_id: Nullable<number>;
  readonly trans_main_parent_id: Nullable<number>;
  readonly parent_case: number;
  readonly reopen_num: number;
  readonly is_latest_case: number;
  readonly assignment_situation: Nullable<string>;
  readonly recovery_situation: Nullable<string>;
}

/** A collateral as the list of an order's collaterals writes it. */
export interface CollateralRow {
  readonly id: number;
  readonly is_primary: number;
  readonly vehicle_type_id: number;
  readonly vehicle_type: string;
  readonly year: string;
  readonly make: string;
  readonly model: string;
  readonly color: string;
  readonly drive_train: string;
  readonly fuel_type: string;
  readonly engine: string;
  readonly selling_dealer: string;
  readonly original_loan_amount: string;
  readonly payment_amount: string;
  readonly past_due_amount: string;
  readonly unpaid_balance: string;
  readonly chargeoff_date: string;
  readonly key_codes: string;
  readonly maximum_bailout: Nullable<string>;
  readonly additional_info: string;
  readonly contract_date: string;
  readonly license_no: string;
  readonly license_state: string;
  readonly license_exp: Nullable<string>;
  readonly vin: string;
  status: string;
  status_id: number;
  status_date: string;
  readonly status_reason: Nullable<string>;
  status_note: Nullable<string>;
  readonly on_hook_by: Nullable<string>;
}

/** A property of a vehicle, as entered by a user. */
export interface VehicleProperty {
  readonly id: number;
  readonly object_id: number;
  readonly employee_id: number;
  readonly company_id: number;
  readonly name: string;
  readonly data: string;
  readonly data_source: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The vehicle, which several collaterals may share. */
export interface Vehicle {
  readonly id: number;
  readonly model_id: number;
  readonly identification_number: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly object_properties: Readonly<Record<string, string>>;
  readonly object_model: Readonly<Record<string, unknown>>;
  readonly properties: readonly VehicleProperty[];
}

export interface Collateral {
  readonly row: CollateralRow;
  readonly parent_id: number;
  readonly delinquent_since: string;
  readonly created_at: string;
  updated_at: string;
  readonly vehicle: Vehicle;
}

export interface PhoneRow {
  readonly id: number;
  type: number;
  mobile_carrier_id: Nullable<number>;
  number: string;
  extension: Nullable<string>;
  memo: Nullable<string>;
  valid: number;
  no_contact: number;
  readonly created_at: string;
  updated_at: string;
  readonly deleted_at: null;
  readonly migration: null;
  readonly address_with_number: string;
}

export interface AddressRow {
  readonly id: number;
  readonly address_id: number;
  readonly name: string;
  readonly address_1: string;
  readonly address_2: string;
  readonly unit: string;
  readonly zip_code_id: Nullable<number>;
  readonly type: number;
  readonly latitude: Nullable<string>;
  readonly longitude: Nullable<string>;
  readonly zip_code: string;
  readonly city_name: string;
  readonly state_name: string;
  readonly county_name: string;
  readonly hits: number;
  readonly no_contact: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface BorrowerRow {
  readonly id: number;
  readonly parent_id: number;
  readonly order_id: number;
  readonly person_id: number;
  readonly role: string;
  readonly is_violent: number;
  readonly is_primary: number;
  readonly active_military: number;
  readonly is_deceased: number;
  readonly is_fraud: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly deleted_at: null;
  readonly bankruptcy: Nullable<string>;
  readonly firstname: string;
  readonly middle_initial: string;
  readonly lastname: string;
  readonly birthday: Nullable<string>;
  readonly license_no: Nullable<string>;
  readonly license_state: Nullable<string>;
  readonly validated: number;
  readonly migration: null;
  /** Always empty here: the phones of the borrower have a list of their own. */
  readonly phones: readonly [];
  readonly ssn: Nullable<string>;
}

export interface PhotoRow {
  readonly id: number;
  readonly type: Readonly<Record<string, unknown>>;
  readonly order_attachment_type_id: number;
  readonly recovery_has_damage_type_location_id: null;
  readonly order_id: number;
  readonly name: string;
  readonly photo_url: string;
}

export interface Borrower {
  readonly row: BorrowerRow;
  readonly phones: PhoneRow[];
  readonly addresses: AddressRow[];
}

export interface Case {
  readonly row: CaseRow;
  readonly collaterals: readonly Collateral[];
}

export interface Order extends Case {
  readonly borrowers: readonly Borrower[];
  readonly photos: PhotoRow[];
  readonly special_instructions: readonly Readonly<Record<string, unknown>>[];
  readonly number_of_runs: number;
  readonly client_office_location: Readonly<Record<string, unknown>> | null;
}

export interface RecoveryConnectState {
  readonly orders: Map<number, Order>;
  readonly assignments: Map<number, Case>;
  /** The last assigned number by kind of row. */
  readonly lastIds: Record<
    'order' | 'companyOrder' | 'assignment' | 'borrower' | 'phone' | 'address' | 'collateral' | 'vehicle',
    number
  >;
}

export const nextId = (state: RecoveryConnectState, kind: keyof RecoveryConnectState['lastIds']): number => {
  state.lastIds[kind] += 1;
  return state.lastIds[kind];
};

import { toPhoneNumber } from '../../values/phone-number.ts';
import { toText } from '../../values/text.ts';
import { type Column, type Columns, column } from '../endpoint/column.ts';
import type { UpstreamSystem } from '../errors.ts';
import { assignmentColumns, companyColumns } from '../recoveryconnect/assignments.ts';
import { borrowerAddressColumns, borrowerColumns } from '../recoveryconnect/borrowers.ts';
import { collateralColumns } from '../recoveryconnect/collateral-columns.ts';
import {
  clientOfficeColumns,
  orderColumns,
  specialInstructionColumns,
} from '../recoveryconnect/order-columns.ts';
import { borrowerPhoneColumns } from '../recoveryconnect/phones.ts';
import { photoColumns, photoTypeColumns } from '../recoveryconnect/photos.ts';
import {
  vehicleColumns,
  vehicleMakeColumns,
  vehicleModelColumns,
  vehiclePropertyColumns,
} from '../recoveryconnect/vehicle-columns.ts';
import {
  accountColumns,
  assetColumns,
  assetsColumns,
  attorneyColumns,
  bankruptcyColumns,
  courtColumns,
  creditReportColumns,
  customColumns,
  feeColumns,
  garnishmentColumns,
  judgmentColumns,
  lienColumns,
  payeeColumns,
  portfolioEntryColumns,
  portfolioPhonePlaces,
  verificationColumns,
  workColumns,
} from '../scollect/account-columns.ts';
import { settlementColumns } from '../scollect/accounts.ts';
import { attemptColumns } from '../scollect/attempts.ts';
import { emailColumns, emailStatsColumns } from '../scollect/messages.ts';
import { noteColumns } from '../scollect/notes.ts';
import { lastPaymentColumns, paymentColumns, paymentMethodColumns } from '../scollect/payments.ts';
import {
  accountAddresses,
  coBorrowerColumns,
  debtorColumns,
  debtorEmployerColumns,
} from '../scollect/people-columns.ts';
import { phoneColumns } from '../scollect/phones.ts';
import { portfolioColumns } from '../scollect/portfolios.ts';

/** The columns that read the rows of an operation, and those of the rows nested in them, by their key. */
export interface RowColumns {
  readonly columns: readonly Column<unknown>[];
  readonly nested?: Readonly<Record<string, RowColumns>>;
}

const rowOf = (tables: readonly object[], nested: RowColumns['nested'] = {}): RowColumns => ({
  columns: tables.flatMap((table) => Object.values(table as Columns)),
  nested,
});

const { address: _, ...employerColumns } = debtorEmployerColumns;

const peopleTables = coBorrowerColumns.flatMap(({ person, employer: { address, ...employer } }) => [
  person,
  employer,
]);

const phonesInPortfolio = portfolioPhonePlaces.map(({ numberKey, statusKey }) => ({
  number: column(toPhoneNumber, numberKey),
  status: column(toText, statusKey),
}));

const account = rowOf([
  accountColumns,
  portfolioEntryColumns,
  feeColumns,
  workColumns,
  attorneyColumns,
  courtColumns,
  judgmentColumns,
  garnishmentColumns,
  lienColumns,
  bankruptcyColumns,
  verificationColumns,
  payeeColumns,
  assetsColumns,
  ...assetColumns,
  customColumns,
  creditReportColumns,
  debtorColumns,
  employerColumns,
  ...peopleTables,
  ...accountAddresses.values(),
  ...phonesInPortfolio,
]);

// It never returns null.
const { hasDisposition, ...readAttemptColumns } = attemptColumns;

const company = rowOf([companyColumns]);
const model = rowOf([vehicleModelColumns], { make: rowOf([vehicleMakeColumns]) });
const vehicle = rowOf([vehicleColumns], {
  object_model: model,
  properties: rowOf([vehiclePropertyColumns]),
});
const collateral = rowOf([collateralColumns], { base_object: vehicle });
const assignment = rowOf([assignmentColumns], { owner: company, primary_collateral: collateral });
const order = rowOf([orderColumns], {
  client_office_location: rowOf([clientOfficeColumns]),
  special_instructions: rowOf([specialInstructionColumns]),
});
const borrowerPhone = rowOf([borrowerPhoneColumns]);

/** By operation; one that is not listed has no rows that columns read. */
export const rowColumns: Readonly<Record<UpstreamSystem, Readonly<Record<string, RowColumns>>>> = {
  SCOLLECT: {
    get_accounts_in_portfolio: account,
    get_lastpayinfo: rowOf([lastPaymentColumns]),
    getaccount: account,
    getaccountbysocial: account,
    getAlaccountdata: rowOf([settlementColumns]),
    getAlpaymentdata: rowOf([paymentMethodColumns]),
    getattempts: rowOf([readAttemptColumns]),
    getemails: rowOf([emailColumns]),
    getemailstats: rowOf([emailStatsColumns]),
    getnotes: rowOf([noteColumns]),
    getpayments: rowOf([paymentColumns]),
    getphones: rowOf([phoneColumns]),
    getportfoliolist: rowOf([portfolioColumns]),
    searchbyphone: account,
  },
  RECOVERY_CONNECT: {
    createBorrowerPhone: borrowerPhone,
    createOrder: order,
    filterAssignments: assignment,
    filterOrders: order,
    getBorrowerPhone: borrowerPhone,
    getOrder: order,
    listBorrowerAddresses: rowOf([borrowerAddressColumns]),
    listBorrowerPhones: borrowerPhone,
    listOrderAssignments: assignment,
    listOrderBorrowers: rowOf([borrowerColumns]),
    listOrderCollaterals: rowOf([collateralColumns, vehicleColumns], {
      object_model: model,
      properties: rowOf([vehiclePropertyColumns]),
    }),
    listOrderPhotos: rowOf([photoColumns], { type: rowOf([photoTypeColumns]) }),
    listOrders: order,
    updateAssignment: assignment,
    updateBorrowerPhone: borrowerPhone,
  },
};

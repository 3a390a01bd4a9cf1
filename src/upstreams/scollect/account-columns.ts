import { toDate, toLocalDateTime, toPastDate, toRecordedDate } from '../../values/date.ts';
import { toDecimal, toPercent } from '../../values/decimal.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger } from '../../values/identifier.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { phoneNumberColumns } from '../endpoint/phone-number-columns.ts';

// Rows of getaccount and getaccountbysocial have 290 keys. Those of get_accounts_in_portfolio use other names for some
// of them, and those of searchbyphone contain a few of them.

export const accountColumns = {
  fileNumber: column(toText, 'filenumber', 'lotno'),
  accountId: column(toText, 'id'),
  originalAccountNumber: column(toText, 'accountnumber', 'origacctno'),
  status: column(toText, 'statusname'),
  statusType: column(toText, 'statustype'),
  statusColor: column(toText, 'statuscolor'),
  client: column(toText, 'clientname', 'creditor'),
  originalCreditor: column(toText, 'originalcreditor', 'Originator'),
  portfolio: column(toText, 'portfolio', 'lot_group'),
  portfolioGroup: column(toText, 'portfoliogroup', 'Lot_Group_master'),
  debtType: column(toText, 'typeofdebt'),
  customerType: column(toText, 'customertype'),
  closedReason: column(toText, 'closedreason'),
  claimType: column(toText, 'claimtype'),
  claimStatus: column(toText, 'claimstatus'),
  authorizedUser: column(toText, 'authorizeduser'),
  assignedTo: column(toText, 'assignedto'),
  collectorName: column(toText, 'collectorname'),

  currentBalance: column(toDecimal, 'currentbalance', 'Current UPB'),
  originalBalance: column(toDecimal, 'originalbalance'),
  principal: column(toDecimal, 'principal'),
  originalPrincipal: column(toDecimal, 'originalprincipal'),
  chargeOffAmount: column(toDecimal, 'chargedoffprincipal', 'CO AMT'),
  accruedInterest: column(toDecimal, 'accruedinterest'),
  interestRate: column(toPercent, 'interestpercentage'),
  calculatesInterest: column(toFlag, 'calculateinterest'),
  adjustments: column(toDecimal, 'adjustments'),
  pastDueAmount: column(toDecimal, 'pastdue'),
  paidToDate: column(toDecimal, 'paidtodate'),
  lastPaymentAmount: column(toDecimal, 'lastpaymentamount'),
  paymentPlan: column(toText, 'paymentplan'),
  contingencyRate: column(toPercent, 'contingencyamount'),
  contingency: column(toText, 'contingencyamount'),

  placedDate: column(toPastDate, 'dateplaced'),
  receivedDate: column(toPastDate, 'datereceived'),
  openedDate: column(toPastDate, 'dateaccountopened', 'OrigDate'),
  delinquencyDate: column(toPastDate, 'delinquencydate'),
  chargeOffDate: column(toPastDate, 'datechargedoff', 'CO Date'),
  statuteOfLimitationsDate: column(toDate, 'statuteoflimdate', 'SOLdate'),
  lastWorkedDate: column(toRecordedDate, 'lastworked', 'lastactive'),
  lastDialedDate: column(toRecordedDate, 'datelastdialed'),
  lastPaymentDate: column(toRecordedDate, 'lastpaymentdate', 'Last Paid Date'),
  closedDate: column(toPastDate, 'dateclosed'),
  lastAssignedAt: column(toLocalDateTime, 'datelastassigned'),
  statusChangedAt: column(toLocalDateTime, 'datelaststatuschg'),
} as const;

/** Columns of get_accounts_in_portfolio only. */
export const portfolioEntryColumns = {
  totalPaidSinceChargeOff: column(toDecimal, 'Total Paid since CO'),
  creditBureauDate: column(toDate, 'CBR'),
  productType: column(toText, 'producttype'),
  level: column(toText, 'level'),
  description: column(toText, 'description'),
  remark: column(toText, 'mm_notes'),
} as const;

export const feeColumns = {
  advanced: column(toDecimal, 'advancedfees'),
  attorney: column(toDecimal, 'attorneyfees'),
  collection: column(toDecimal, 'collectionfees'),
  court: column(toDecimal, 'courtfees'),
  judgment: column(toDecimal, 'judgementfees'),
  late: column(toDecimal, 'latefees'),
  miscellaneous: column(toDecimal, 'miscfees'),
  nonSufficientFunds: column(toDecimal, 'nsffees'),
  penalty: column(toDecimal, 'penaltyfees'),
  reimbursed: column(toDecimal, 'reimbursedfees'),
} as const;

/** The work on the account. Most of these columns were never observed with a value, and are returned as text. */
export const workColumns = {
  // One spelling is used by getaccountbysocial, the other by getaccount.
  managerName: column(toText, 'managername', 'managename'),
  salesperson: column(toText, 'salesman'),
  salespersonRate: column(toPercent, 'salesmanpercentage'),
  alert: column(toText, 'groupname'),
  clientNotes: column(toText, 'clientnotes'),
  hotList: column(toText, 'hotlist'),
  hotListComments: column(toText, 'hotlistcomments'),
  activated: column(toText, 'activated'),
  callbacks: column(toText, 'callbacks'),
  promises: column(toText, 'promises'),
  skips: column(toText, 'skips'),
  goodNumbers: column(toText, 'goodnumbers'),
  dialerStatus: column(toText, 'dialerstatus'),
  startTime: column(toText, 'starttime'),
  endTime: column(toText, 'endtime'),
  orderByDate: column(toDate, 'orderbydate'),
  hasDuplicates: column(toFlag, 'hasduplicates'),
  hasImages: column(toFlag, 'hasimages'),
  daysAssigned: column(toInteger, 'daysassignedto'),
  daysInStatus: column(toInteger, 'daysinstatus'),
  daysSinceWorked: column(toInteger, 'dayslastworked'),
  daysSincePayment: column(toInteger, 'dayssincelastpayment'),
} as const;

export const attorneyColumns = {
  name: column(toText, 'attorneyname'),
  ...phoneNumberColumns('phone', 'attorneyphone'),
  ...phoneNumberColumns('cellPhone', 'attorneycellphone'),
  ...phoneNumberColumns('pager', 'attorneybeepernumber'),
  ...phoneNumberColumns('fax', 'attorneyfax'),
  emailAddress: column(toText, 'attorneyemailaddress'),
  letters: column(toText, 'attorneyletters'),
} as const;

export const courtColumns = {
  ...phoneNumberColumns('phone', 'courtphone'),
  docketNumber: column(toText, 'docketnumber'),
  filedDate: column(toPastDate, 'datefiled'),
  courtFiledDate: column(toPastDate, 'courtfiled'),
} as const;

// Scollect writes "judgement" and "lein".
export const judgmentColumns = {
  isGranted: column(toFlag, 'judgement'),
  grantedDate: column(toPastDate, 'judgementdate'),
  interestRate: column(toPercent, 'judgementpercentage'),
} as const;

export const garnishmentColumns = {
  isInPlace: column(toFlag, 'garnishment'),
  amount: column(toDecimal, 'garnishmentamount'),
  startDate: column(toDate, 'garnishmentdate'),
  source: column(toText, 'garnishmentsource'),
  type: column(toText, 'garnishmenttype'),
} as const;

export const lienColumns = {
  isInPlace: column(toFlag, 'lein'),
  amount: column(toDecimal, 'leinamount'),
  filedDate: column(toPastDate, 'leindate'),
  type: column(toText, 'leintype'),
} as const;

export const bankruptcyColumns = {
  type: column(toText, 'bankruptcytype'),
  verificationStatus: column(toText, 'bankruptcyverificationstatus'),
} as const;

export const verificationColumns = {
  isVerified: column(toFlag, 'verified'),
  verifiedDate: column(toPastDate, 'verifieddate'),
  method: column(toText, 'verificationmethod'),
} as const;

export const payeeColumns = {
  name: column(toText, 'makepayabletoname'),
} as const;

export const assetsColumns = {
  hasAssets: column(toFlag, 'hasassets'),
} as const;

/** The asset columns; the key of the first value is spelled differently. */
export const assetColumns = [1, 2, 3, 4, 5].map((place) => ({
  type: column(toText, `assettype${place}`),
  value: column(toDecimal, place === 1 ? 'asset1value' : `assettype${place}value`),
}));

/** Custom fields of agencies. */
export const customColumns = Array.from({ length: 60 }, (_, index) => column(toText, `custom${index + 1}`));

export const creditReportColumns = [1, 2, 3, 4, 5].map((place) => column(toText, `creditreport${place}`));

/** The phones in a row of a portfolio. */
export const portfolioPhonePlaces = Array.from({ length: 15 }, (_, index) => ({
  numberKey: `phone${index + 1}`,
  statusKey: `phonestatus${index + 1}`,
}));

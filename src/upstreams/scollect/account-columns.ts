import { toDate, toDateOfBirth, toLocalDateTime } from '../../values/date.ts';
import { toDecimal, toPercent } from '../../values/decimal.ts';
import { toFlag } from '../../values/flag.ts';
import { toSsn } from '../../values/ssn.ts';
import { toText } from '../../values/text.ts';
import { column } from '../column.ts';

/** The account in the rows of `getaccount` and `getaccountbysocial`. */
export const accountColumns = {
  fileNumber: column(toText, 'filenumber'),
  accountId: column(toText, 'id'),
  originalAccountNumber: column(toText, 'accountnumber'),
  status: column(toText, 'statusname'),
  statusType: column(toText, 'statustype'),
  client: column(toText, 'clientname'),
  originalCreditor: column(toText, 'originalcreditor'),
  portfolio: column(toText, 'portfolio'),
  debtType: column(toText, 'typeofdebt'),
  assignedTo: column(toText, 'assignedto'),
  collectorName: column(toText, 'collectorname'),

  currentBalance: column(toDecimal, 'currentbalance'),
  originalBalance: column(toDecimal, 'originalbalance'),
  principal: column(toDecimal, 'principal'),
  originalPrincipal: column(toDecimal, 'originalprincipal'),
  chargeOffAmount: column(toDecimal, 'chargedoffprincipal'),
  accruedInterest: column(toDecimal, 'accruedinterest'),
  interestRate: column(toPercent, 'interestpercentage'),
  adjustments: column(toDecimal, 'adjustments'),
  lastPaymentAmount: column(toDecimal, 'lastpaymentamount'),

  placedDate: column(toDate, 'dateplaced'),
  receivedDate: column(toDate, 'datereceived'),
  openedDate: column(toDate, 'dateaccountopened'),
  delinquencyDate: column(toDate, 'delinquencydate'),
  chargeOffDate: column(toDate, 'datechargedoff'),
  statuteOfLimitationsDate: column(toDate, 'statuteoflimdate'),
  lastWorkedDate: column(toDate, 'lastworked'),
  lastDialedDate: column(toDate, 'datelastdialed'),
  lastPaymentDate: column(toDate, 'lastpaymentdate'),
  closedDate: column(toDate, 'dateclosed'),
  lastAssignedAt: column(toLocalDateTime, 'datelastassigned'),
  statusChangedAt: column(toLocalDateTime, 'datelaststatuschg'),
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

/** The person who owes, in the same rows. */
export const debtorColumns = {
  firstName: column(toText, 'firstname'),
  middleName: column(toText, 'middlename'),
  lastName: column(toText, 'lastname'),
  fullName: column(toText, 'fullname'),
  ssn: column(toSsn, 'socialsecuritynumber'),
  dateOfBirth: column(toDateOfBirth, 'birthdate'),
  emailAddress: column(toText, 'emailaddress'),
  isDeceased: column(toFlag, 'deceased'),
  bankruptcy: column(toText, 'bankruptcytype'),
} as const;

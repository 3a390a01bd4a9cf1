import { inputTypeOf, type Members, written } from './field-inputs.ts';
import { type FieldKind, fieldKinds } from './field-kinds.ts';

const { text, longText, oneOrZero, date, amount, count, phoneNumber } = fieldKinds;

/**
 * The fields that updatepermissions sets, in the order of the table "Valid Account Permission Fields" of the
 * Scollect API documentation: the name here, the name there, what it holds, and what it means.
 */
const fields: readonly (readonly [name: string, fieldname: string, kind: FieldKind, what: string])[] = [
  ['callSpouse', 'callspouse', oneOrZero, 'Whether the spouse may be contacted'],
  ['callWork', 'callwork', text, 'Whether calls at work are allowed, in words of the agency'],
  ['canText', 'cantext', oneOrZero, 'Whether text messages may be sent. `doNotText` is independent of it'],
  ['canEmail', 'canemail', oneOrZero, 'Whether e-mails may be sent. `doNotEmail` is independent of it'],
  ['addressCorrect', 'addresscorrect', text, 'The address as it was verified or corrected'],
  ['dateOfNotice', 'dateofnotice', date, 'The day of the latest notice'],
  ['contactDebtor', 'cont_debtor', oneOrZero, 'Whether the debtor may be contacted directly'],
  ['lastContactDate', 'last_cont_date', date, 'The day of the last contact with the debtor'],
  ['lastContactAgent', 'lastcontactagent', text, 'Agent of the last contact'],
  ['callCampaign', 'call_campaign', text, 'The campaign that calls belong to'],
  ['firstContactDate', 'firstcontact', date, 'The day of the first contact with the debtor'],
  ['firstContactAgent', 'firstcontactagent', text, 'Agent of the first contact'],
  ['isAddressVerified', 'verifiedaddress', oneOrZero, 'Whether the address was verified'],
  ['nextLetterDate', 'nextletter', date, 'The day for the next letter'],
  ['nextTextDate', 'nexttext', date, 'The day for the next text message'],
  ['nextEmailDate', 'nextemail', date, 'The day for the next e-mail'],
  ['hotNotes', 'hotnotes', longText, 'Important remarks on the account'],
  ['textPhone', 'textphone', phoneNumber, 'The number for text messages'],
  ['canCallCell', 'cancallcell', oneOrZero, "Whether the debtor's mobile phone may be called"],
  ['doNot1099', 'donot1099', oneOrZero, 'Whether no form 1099 is to be issued'],
  [
    'doNotText',
    'donottext',
    oneOrZero,
    'Whether no text messages are to be sent. `canText` is independent of it',
  ],
  [
    'doNotEmail',
    'donotemail',
    oneOrZero,
    'Whether no e-mails are to be sent. `canEmail` is independent of it',
  ],
  ['settlementAmount', 'sifamount', amount, 'The amount that settles the account in full'],
  ['settlementStartDate', 'sifstartdate', date, 'The day from which on the settlement may be paid'],
  ['settlementCompleteDate', 'sifcompletedate', date, 'The day by which the settlement is to be paid'],
  ['settlementPaymentCount', 'sifnumberofpay', count, 'Number of payments of the settlement'],
  [
    'isRegisteredOnPortal',
    'registeredportal',
    oneOrZero,
    'Whether the debtor is registered on the payment portal',
  ],
  [
    'lastPortalLoginDate',
    'lastportallogin',
    date,
    'The day on which the debtor last logged in to the portal',
  ],
  ['lastOpenedDate', 'lastopenedemail', date, 'The day on which an e-mail was last opened'],
  ['lastClickDate', 'lastclickdate', date, 'The day on which a link in an e-mail was last followed'],
  ['openedCount', 'openedcount', count, 'Number of times that an e-mail was opened'],
  ['linkClickCount', 'linkclickcount', count, 'Number of times that a link in an e-mail was followed'],
  ['sentCount', 'sentcount', count, 'Number of e-mails sent to the debtor'],
  ['minimumPayment', 'minimumpayment', amount, 'The least payment of a plan'],
  ['minimumOneTimePayment', 'minimumonetimepayment', amount, 'The least payment by itself'],
];

export const accountPermissions: Members = Object.fromEntries(
  fields.map(([name, fieldname, kind, what]) => [name, written(fieldname, kind, what)]),
);

export const AccountPermissionsInput = inputTypeOf(
  'AccountPermissionsInput',
  'Permissions and offers of an account (Scollect: updatepermissions). Fields that contradict each other are set as they are given.',
  accountPermissions,
);

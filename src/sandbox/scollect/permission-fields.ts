type Kind = 'flag' | 'number' | 'decimal' | 'date' | 'text';

/** The documented account permission fields and their kinds ("Valid Account Permission Fields"). */
const kinds = {
  callspouse: 'flag',
  callwork: 'text',
  cantext: 'flag',
  canemail: 'flag',
  addresscorrect: 'text',
  dateofnotice: 'date',
  cont_debtor: 'flag',
  last_cont_date: 'date',
  lastcontactagent: 'text',
  call_campaign: 'text',
  firstcontact: 'date',
  firstcontactagent: 'text',
  verifiedaddress: 'flag',
  nextletter: 'date',
  nexttext: 'date',
  nextemail: 'date',
  hotnotes: 'text',
  textphone: 'text',
  cancallcell: 'flag',
  donot1099: 'flag',
  donottext: 'flag',
  donotemail: 'flag',
  sifamount: 'decimal',
  sifstartdate: 'date',
  sifcompletedate: 'date',
  sifnumberofpay: 'number',
  registeredportal: 'flag',
  lastportallogin: 'date',
  lastopenedemail: 'date',
  lastclickdate: 'date',
  openedcount: 'number',
  linkclickcount: 'number',
  sentcount: 'number',
  minimumpayment: 'decimal',
  minimumonetimepayment: 'decimal',
} as const satisfies Record<string, Kind>;

type Kinds = typeof kinds;

export type PermissionField = keyof Kinds;

/** The values of each kind: a date in the form of responses, an amount as a text with cents. */
interface Held {
  flag: number;
  number: number;
  decimal: string;
  date: string | null;
  text: string;
}

export type Permissions = { [Field in PermissionField]: Held[Kinds[Field]] };

export const isPermissionField = (name: string): name is PermissionField => Object.hasOwn(kinds, name);

export const kindOf = (field: PermissionField): Kind => kinds[field];

const permissionFields = Object.keys(kinds) as PermissionField[];

// Two forms of "never": this column contains an invalid date where adjacent columns are null.
const noPortalLogin = 'Mon, 01 Jan 1900 00:00:00 GMT';

const initial: Held = { flag: 0, number: 0, decimal: '0.00', date: null, text: '' };

/** The initial permissions of an account. */
export const initialPermissions = (): Permissions => ({
  // Names and kinds of fields are in one table, which TypeScript cannot infer here.
  ...(Object.fromEntries(permissionFields.map((field) => [field, initial[kinds[field]]])) as Permissions),
  lastportallogin: noPortalLogin,
});

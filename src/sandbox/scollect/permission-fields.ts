type Kind = 'flag' | 'number' | 'decimal' | 'date' | 'text';

/** The documented account permission fields and what each holds ("Valid Account Permission Fields"). */
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

/** What each kind of field holds: a date as the answers write it, an amount as a text with cents. */
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

// Two ways of saying "never": this column holds a date that is none where its neighbours hold null.
const noPortalLogin = 'Mon, 01 Jan 1900 00:00:00 GMT';

const initial: Held = { flag: 0, number: 0, decimal: '0.00', date: null, text: '' };

/** The permissions of an account that nobody has changed. */
export const initialPermissions = (): Permissions => ({
  // The fields' names and kinds come from one table, which TypeScript cannot follow here.
  ...(Object.fromEntries(permissionFields.map((field) => [field, initial[kinds[field]]])) as Permissions),
  lastportallogin: noPortalLogin,
});

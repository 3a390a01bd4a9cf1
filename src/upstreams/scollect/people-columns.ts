import { toPastDate } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toSsn } from '../../values/ssn.ts';
import { toText } from '../../values/text.ts';
import type { AddressColumns } from '../endpoint/address-columns.ts';
import { type Column, column } from '../endpoint/column.ts';
import { phoneNumberColumns } from '../endpoint/phone-number-columns.ts';

/** The keys of an address that begin alike. */
const addressAt = (prefix: string): AddressColumns => ({
  line1: column(toText, `${prefix}address`),
  line2: column(toText, `${prefix}address2`),
  city: column(toText, `${prefix}city`),
  state: column(toText, `${prefix}state`),
  zipCode: column(toText, `${prefix}zip`),
});

/** An address without a second line. */
const shortAddressAt = (prefix: string): AddressColumns => {
  const { line2, ...address } = addressAt(prefix);
  return address;
};

/** The debtor's place among the people of an account. */
export const debtor = 'debtor';

export const debtorColumns = {
  firstName: column(toText, 'firstname'),
  middleName: column(toText, 'middlename'),
  lastName: column(toText, 'lastname'),
  fullName: column(toText, 'fullname'),
  title: column(toText, 'title'),
  ssn: column(toSsn, 'socialsecuritynumber', 'SSN'),
  // Rows of searchbyphone contain the last four digits only.
  ssnLast4: column(toSsn, 'socialsecuritynumber', 'SSN', 'ssn'),
  dateOfBirth: column(toPastDate, 'birthdate', 'DOB'),
  emailAddress: column(toText, 'emailaddress', 'E-Mail'),
  isDeceased: column(toFlag, 'deceased'),
  deceasedDate: column(toPastDate, 'deceaseddate'),
  bankruptcy: column(toText, 'bankruptcytype'),
  occupation: column(toText, 'occupation'),
  isEmployed: column(toFlag, 'currentlyemployed'),
  creditScore: column(toText, 'creditscore'),
  reportFileNumber: column(toText, 'reportfilenumber'),
  ...phoneNumberColumns('primaryPhone', 'primaryphone'),
  ...phoneNumberColumns('cellPhone', 'cellphone'),
  ...phoneNumberColumns('workPhone', 'workphone'),
  ...phoneNumberColumns('pager', 'beepernumber'),
} as const;

export const debtorAddressColumns: AddressColumns = {
  line1: column(toText, 'address', 'MM Address'),
  line2: column(toText, 'address2'),
  city: column(toText, 'city', 'MM City'),
  state: column(toText, 'state', 'MM State'),
  zipCode: column(toText, 'zip', 'MM Zip'),
};

export const attorneyAddressColumns = addressAt('attorney');
export const courtAddressColumns = shortAddressAt('court');
export const payeeAddressColumns = shortAddressAt('makepayableto');

export interface EmployerColumns {
  readonly name: Column<string>;
  readonly phone?: Column<string>;
  readonly rawPhone?: Column<string>;
  readonly address: AddressColumns;
}

export const debtorEmployerColumns: EmployerColumns = {
  name: column(toText, 'employer'),
  ...phoneNumberColumns('phone', 'employerphone'),
  address: shortAddressAt('employer'),
};

/** The columns of a further debtor in the row of an account. */
export interface CoBorrowerColumns {
  /** The name of the debtor in identifiers. */
  readonly place: string;
  readonly role: string;
  readonly person: {
    readonly firstName?: Column<string>;
    readonly middleName?: Column<string>;
    readonly lastName?: Column<string>;
    readonly fullName?: Column<string>;
    readonly ssn?: Column<NonNullable<ReturnType<typeof toSsn>>>;
    readonly dateOfBirth?: Column<string>;
    readonly occupation?: Column<string>;
    readonly contactInfo?: Column<string>;
    readonly friends?: Column<string>;
    readonly primaryPhone?: Column<string>;
    readonly rawPrimaryPhone?: Column<string>;
    readonly secondaryPhone?: Column<string>;
    readonly rawSecondaryPhone?: Column<string>;
    readonly workPhone?: Column<string>;
    readonly rawWorkPhone?: Column<string>;
  };
  readonly address?: AddressColumns;
  readonly employer: EmployerColumns;
  /** The keys of the person's phones. */
  readonly phoneKeys: readonly string[];
}

const joint: CoBorrowerColumns = {
  place: 'joint',
  role: 'joint debtor',
  person: {
    firstName: column(toText, 'jointfirstname'),
    middleName: column(toText, 'jointmiddlename'),
    lastName: column(toText, 'jointlastname'),
    fullName: column(toText, 'jointfullname'),
    ssn: column(toSsn, 'jointsocial'),
    dateOfBirth: column(toPastDate, 'jointbirthdate'),
    ...phoneNumberColumns('primaryPhone', 'jointprimaryphone'),
    ...phoneNumberColumns('secondaryPhone', 'jointsecondaryphone'),
  },
  address: addressAt('joint'),
  employer: { name: column(toText, 'jointemployer'), address: shortAddressAt('jointemployer') },
  phoneKeys: ['jointprimaryphone', 'jointsecondaryphone'],
};

const spouse: CoBorrowerColumns = {
  place: 'spouse',
  role: 'spouse',
  person: {
    fullName: column(toText, 'spousename'),
    occupation: column(toText, 'spouseoccupation'),
    ...phoneNumberColumns('workPhone', 'spouseworkphone'),
  },
  employer: {
    name: column(toText, 'spouseemployer'),
    ...phoneNumberColumns('phone', 'spouseemployerphone'),
    address: shortAddressAt('spouseemployer'),
  },
  phoneKeys: ['spouseworkphone'],
};

/** Rows of a portfolio contain a few columns of the first co-debtor, with other keys. */
const codebtor = (place: 1 | 2): CoBorrowerColumns => {
  const prefix = `codebtor${place}`;
  const inPortfolio = (key: string): string[] => (place === 1 ? [key] : []);
  return {
    place: prefix,
    role: 'co-debtor',
    person: {
      firstName: column(toText, `${prefix}firstname`, ...inPortfolio('co_first')),
      middleName: column(toText, `${prefix}middlename`),
      lastName: column(toText, `${prefix}lastname`, ...inPortfolio('co_last')),
      fullName: column(toText, `${prefix}fullname`),
      ssn: column(toSsn, `${prefix}socialsecurity`, ...inPortfolio('co_ssn')),
      occupation: column(toText, `${prefix}occupation`),
      contactInfo: column(toText, `${prefix}contactinfo`),
      friends: column(toText, `${prefix}friends`),
      ...phoneNumberColumns('primaryPhone', `${prefix}primaryphone`),
      ...phoneNumberColumns('secondaryPhone', `${prefix}secondaryphone`),
    },
    address: addressAt(prefix),
    employer: { name: column(toText, `${prefix}employername`), address: shortAddressAt(`${prefix}employer`) },
    phoneKeys: [`${prefix}primaryphone`, `${prefix}secondaryphone`],
  };
};

/** All possible further debtors, in the order in which they are returned. */
export const coBorrowerColumns: readonly CoBorrowerColumns[] = [joint, spouse, codebtor(1), codebtor(2)];

/** The addresses in the row of an account, each by the person or part that it belongs to. */
export const accountAddresses: ReadonlyMap<string, AddressColumns> = new Map([
  [debtor, debtorAddressColumns],
  [`${debtor}Employer`, debtorEmployerColumns.address],
  ...coBorrowerColumns.flatMap(({ place, address, employer }): [string, AddressColumns][] => [
    ...(address ? [[place, address] satisfies [string, AddressColumns]] : []),
    [`${place}Employer`, employer.address],
  ]),
  ['attorney', attorneyAddressColumns],
  ['court', courtAddressColumns],
  ['payee', payeeAddressColumns],
]);

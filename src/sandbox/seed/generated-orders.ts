import { isoDate, microsecondTime, sqlTime } from '../dates.ts';
import { createRandom, type Random } from '../random.ts';
import { caseRow } from '../recoveryconnect/blank-case.ts';
import { ownCompany, statusName } from '../recoveryconnect/catalog.ts';
import { createBorrower } from '../recoveryconnect/create-borrower.ts';
import { createCollateral } from '../recoveryconnect/create-collateral.ts';
import {
  type Borrower,
  type Case,
  type Collateral,
  nextId,
  type Order,
  type RecoveryConnectState,
} from '../recoveryconnect/records.ts';
import { colors, vehicles } from './names.ts';
import { day, type Person } from './people.ts';
import { photoRow } from './photo-rows.ts';

const vinLetters = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

/** Creates seventeen characters in the form of a VIN, without I, O and Q. */
const vinOf = (random: Random, index: number): string => {
  const letters = Array.from({ length: 11 }, () => vinLetters[random.integer(0, vinLetters.length - 1)]);
  return `${letters.join('')}${String(100_000 + index)}`;
};

const loanOf = (random: Random) => ({
  original_loan_amount: random.integer(4_000, 42_000),
  payment_amount: random.integer(150, 800),
  past_due_amount: random.integer(0, 4_000),
  unpaid_balance: random.integer(1_000, 30_000),
  contract_date: isoDate(day(random.integer(2016, 2023), random.integer(1, 12), random.integer(1, 28))),
  delinquent_since: isoDate(day(2024, random.integer(1, 12), random.integer(1, 28))),
  chargeoff_date: random.chance(0.5) ? isoDate(day(2025, random.integer(1, 12), random.integer(1, 28))) : '',
});

const vehicleFields = (random: Random, index: number, state: string) => {
  const [make, model, body_type, drive_train, engine, vehicle_type_id] = random.pick(vehicles);
  return {
    identification_number: vinOf(random, index),
    vehicle_type_id,
    year: String(random.integer(2004, 2023)),
    make,
    model,
    body_type,
    drive_train,
    engine,
    fuel_type: 'Gasoline',
    license_plate: random.chance(0.6)
      ? `${random.pick(['ABC', 'HJK', 'RTV'])}${random.integer(1000, 9999)}`
      : '',
    license_state: random.chance(0.6) ? state : '',
    color: random.pick(colors),
    ...(random.chance(0.7) ? { loan_info: loanOf(random) } : {}),
  };
};

/** Phone numbers of RecoveryConnect only: no account has a phone in these areas. */
const ownNumber = (index: number): string =>
  `${['312', '503', '615'][Math.floor(index / 100)]}55501${String(index % 100).padStart(2, '0')}`;

const addressFields = ({ street, city }: Person, name: string) => ({
  name,
  address_1: street,
  city: city.name,
  state: city.state,
  zip_code: city.zip,
  latitude: city.latitude,
  longitude: city.longitude,
});

const borrowerFields = (random: Random, person: Person) => ({
  firstname: person.firstname,
  middle_initial: person.middlename,
  lastname: person.lastname,
  ...(random.chance(0.8) ? { date_of_birth: isoDate(person.birth) } : {}),
  type: 'borrower',
  ...(random.chance(0.5) ? { ssn: person.ssn.replaceAll('-', '') } : {}),
  is_fraud: random.chance(0.03) ? 1 : 0,
  active_military: random.chance(0.04) ? 1 : 0,
  ...(random.chance(0.06) ? { bankruptcy: 'chapter_7_active' } : {}),
  phones: [
    { type: 6, number: person.phones[0] ?? '' },
    ...(random.chance(0.4)
      ? [{ type: 5, number: ownNumber(person.index), memo: 'work', no_contact: 1 }]
      : []),
  ],
  addresses: [
    addressFields(person, 'Home Address'),
    ...(random.chance(0.3) ? [addressFields(person, 'Work Address')] : []),
  ],
});

/** The co-debtor of the account, who signed for the vehicle too. */
const cosignerFields = (person: Person) =>
  person.relative
    ? [
        {
          firstname: person.relative.firstname,
          lastname: person.relative.lastname,
          type: 'co-signer',
          phones: [{ type: 6, number: person.relative.phone }],
          addresses: [addressFields(person, 'Home Address')],
        },
      ]
    : [];

/** Adds the columns of an address that requests do not contain. */
const withCounty = (borrower: Borrower, { city }: Person): Borrower => ({
  ...borrower,
  addresses: borrower.addresses.map((address) => ({
    ...address,
    county_name: city.county,
    zip_code_id: 40_000 + Number(city.zip.slice(-4)),
  })),
});

const setStatus = (collateral: Collateral, status: number, time: string): void => {
  Object.assign(collateral.row, { status_id: status, status: statusName(status), status_date: time });
};

const orderRow = (state: RecoveryConnectState, random: Random, person: Person, created: Date) =>
  caseRow({
    id: nextId(state, 'order'),
    client_id: random.pick([65690, 65690, 26930, 70883]),
    owner_id: ownCompany,
    status_date: microsecondTime(created),
    order_type: random.pick([1, 1, 1, 2, 3, 4, 5, 6]),
    client_accountno: person.accountNumber,
    lien_accountno: person.accountNumber,
    company_orderno: nextId(state, 'companyOrder'),
    accepted_date: random.chance(0.7) ? sqlTime(created) : null,
    other_refno: random.chance(0.3) ? String(10_300_000 + person.index) : null,
    tier_level: random.chance(0.4) ? String(random.integer(1, 3)) : null,
    placement_level: random.chance(0.4) ? random.integer(1, 3) : null,
    is_violent: random.chance(0.03) ? 1 : 0,
    created_at: sqlTime(created),
  });

const photosOf = (random: Random, orderId: number, index: number) => {
  const count = random.chance(0.5) ? random.integer(1, 4) : 0;
  return Array.from({ length: count }, (_, place) =>
    photoRow(
      180_400_000 + index * 4 + place,
      orderId,
      27 + place,
      `photo-${place + 1}`,
      `${index}-${place + 1}`,
    ),
  );
};

const createAssignment = (
  state: RecoveryConnectState,
  random: Random,
  { row, collaterals }: Order,
  fields: readonly ReturnType<typeof vehicleFields>[],
  now: Date,
): Case => {
  const id = nextId(state, 'assignment');
  const copies = fields.map((vehicle, index) =>
    createCollateral({ state, now }, vehicle, index, collaterals[index]?.row.id),
  );
  const [first] = collaterals;
  for (const copy of copies) setStatus(copy, first?.row.status_id ?? 0, sqlTime(now));
  return {
    row: caseRow({
      ...row,
      id,
      parent_case: id,
      parent_id: row.id,
      client_id: ownCompany,
      owner_id: random.pick([10001, 10002, 20011, 20012, 20013]),
      accepted_date: null,
    }),
    collaterals: copies,
  };
};

/** Adds an order about a vehicle of this person, and perhaps its assignment to an agency. */
const addOrder = (state: RecoveryConnectState, person: Person): void => {
  const random = createRandom(70_000 + person.index);
  const now = new Date(
    Date.UTC(
      2025,
      random.integer(0, 13),
      random.integer(1, 28),
      random.integer(8, 17),
      random.integer(0, 59),
    ),
  );
  const row = orderRow(state, random, person, now);
  const count = random.chance(0.1) ? 2 : 1;
  const fields = Array.from({ length: count }, (_, index) =>
    vehicleFields(random, person.index * 2 + index, person.city.state),
  );
  const collaterals = fields.map((vehicle, index) => createCollateral({ state, now }, vehicle, index));
  const status = random.pick([0, 0, 0, 1, 2, 3, 3, 4, 5]);
  for (const collateral of collaterals) setStatus(collateral, status, sqlTime(now));
  const borrowers = [borrowerFields(random, person), ...cosignerFields(person)].map((borrower, index) =>
    withCounty(createBorrower(state, borrower, row.id, index === 0, now), person),
  );
  const order: Order = {
    row,
    collaterals,
    borrowers,
    photos: photosOf(random, row.id, person.index),
    special_instructions: [],
    number_of_runs: random.integer(0, 5),
    client_office_location: null,
  };
  state.orders.set(row.id, order);
  if (!random.chance(0.6)) return;
  const assignment = createAssignment(state, random, order, fields, now);
  state.assignments.set(assignment.row.id, assignment);
};

/** One order for each person. */
export const addGeneratedOrders = (state: RecoveryConnectState, people: readonly Person[]): void => {
  for (const person of people) addOrder(state, person);
};

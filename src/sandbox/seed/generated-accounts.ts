import { hourAndMinute, httpDate, httpDay, slashDate } from '../dates.ts';
import { formatCents, parseCents } from '../money.ts';
import { createRandom, type Random } from '../random.ts';
import { noteRow } from '../scollect/notes.ts';
import type { Permissions } from '../scollect/permission-fields.ts';
import type { Account, AttemptRow, EmailRow } from '../scollect/tables.ts';
import { accountOf, paymentOf, phoneRow } from './account-parts.ts';
import { generatedRow } from './account-row.ts';
import type { Person } from './people.ts';

const dayInMilliseconds = 86_400_000;

/** A time of a working day, some days after another. */
const later = (random: Random, start: Date, days: number): Date =>
  new Date(
    start.getTime() + random.integer(1, days) * dayInMilliseconds + random.integer(480, 1080) * 60_000,
  );

const inOrder = (dates: Date[]): Date[] => dates.sort((one, other) => one.getTime() - other.getTime());

const several = (random: Random, most: number, start: Date): Date[] =>
  inOrder(Array.from({ length: random.integer(0, most) }, () => later(random, start, 400)));

const addPhones = (random: Random, account: Account, person: Person, placed: Date): void => {
  for (const [index, number] of person.phones.entries()) {
    const id = 15_172_000 + person.index * 10 + index;
    const type = random.pick(['CELL', 'HOME', 'WORK', 'UNKNOWN']);
    const status = random.pick(['Good Number', 'Good Number', 'UNKNOWN', 'Disconnected', 'Wrong Number']);
    const changed = random.chance(0.6) ? later(random, placed, 300) : undefined;
    account.phones.push(phoneRow(account.row, id, number, type, status, changed));
  }
};

const messages = [
  '|ADDED ALERT| Added new alert.',
  'Left message with third party.\r\nNo details were given.',
  'Debtor asks for a validation of the debt.',
  'Changed Custom Field: Label4 from  to 12345',
  'Debtor promises to pay on Friday.',
] as const;

const addNotes = (random: Random, account: Account, person: Person, placed: Date): void => {
  const firstId = 34_620_000 + person.index * 10;
  account.notes.push(noteRow(account, firstId, placed, 'System', '|ACCOUNT IMPORTED INTO DATABASE|'));
  for (const [index, date] of several(random, 5, placed).entries()) {
    account.notes.push(noteRow(account, firstId + 1 + index, date, 'agent', random.pick(messages)));
  }
};

const dispositions = [
  'LEFT MESSAGE MACHINE',
  'SPOKE TO DEBTOR',
  'NO ANSWER',
  'WRONG NUMBER',
  'BUSY',
] as const;

const addAttempts = (random: Random, account: Account, person: Person, placed: Date): void => {
  const filenumber = String(account.row.filenumber);
  for (const date of several(random, 6, placed)) {
    const attempt = {
      agent: 'agent',
      date: httpDay(date),
      direction: random.chance(0.9) ? 'Outbound' : 'Inbound',
      dispo: random.pick(dispositions),
      maindatabaseid: Number(account.row.id),
      phonenumber: person.phones[0] ?? '',
      time: hourAndMinute(date),
      type: random.pick(['MANUAL', 'DIALER']),
      wassecond: 0,
    };
    // As in the documented list, old rows have the account under another key.
    const named: AttemptRow =
      date.getUTCFullYear() < 2024 ? { ...attempt, filename: filenumber } : { ...attempt, filenumber };
    account.attempts.push(named);
  }
};

const tokenOf = (random: Random): string =>
  Array.from({ length: 4 }, () => random.integer(0x1000, 0xffff).toString(16)).join('-');

const wayOfPaying = (random: Random) =>
  random.chance(0.7)
    ? {
        paymentmethod: 'CREDIT CARD',
        last4card: String(random.integer(1000, 9999)),
        cardtoken: tokenOf(random),
        cardexpirationdate: `0${random.integer(1, 9)}/20${random.integer(27, 31)}`,
      }
    : { paymentmethod: random.pick(['ACH', 'MONEY ORDER', null]) };

const addPayments = (random: Random, account: Account, person: Person, placed: Date): void => {
  const { row } = account;
  const payorname = `${person.firstname} ${person.lastname}`;
  const way = wayOfPaying(random);
  for (const date of random.chance(0.45) ? several(random, 4, placed) : []) {
    const cents = random.integer(10, 60) * 100;
    const typeofpayment = random.pick(['IN HOUSE', 'Online', 'PAYMENT PLAN']);
    account.payments.push(
      paymentOf(date, formatCents(cents), 'POSTED', {
        ...way,
        payorname,
        typeofpayment,
        cardzipcode: person.city.zip,
      }),
    );
    row.currentbalance = formatCents((parseCents(String(row.currentbalance)) ?? 0) - cents);
    row.lastpaymentamount = formatCents(cents);
    row.lastpaymentdate = slashDate(date);
  }
  const last = account.payments.at(-1);
  if (last && random.chance(0.3)) {
    account.payments.push({
      ...last,
      paymentstatus: 'PENDING',
      paymentdate: 'Mon, 01 Jun 2026 00:00:00 GMT',
    });
  }
};

const subjects = [
  'Keep Your Account in Good Standing',
  'A Message About Your Account',
  'Your Payment Plan',
] as const;

const addEmails = (random: Random, account: Account, person: Person, placed: Date): void => {
  const { permissions, row } = account;
  for (const [index, date] of several(random, 2, placed).entries()) {
    const serial = String(person.index * 10 + index).padStart(12, '0');
    const isOpened = random.chance(0.5);
    const common: Omit<EmailRow, 'DateLoaded' | 'TrackingType' | 'id'> = {
      EmailID: `5ca1ab1e-0000-4000-8000-${serial}`,
      IPAddress: '192.0.2.10',
      ReferenceNumber: String(row.filenumber),
      Subject: random.pick(subjects),
      ToAddress: person.email,
      UserAgent: '',
    };
    for (const [step, TrackingType] of ['OkToSend', 'Delivery', ...(isOpened ? ['Open'] : [])].entries()) {
      const DateLoaded = httpDate(new Date(date.getTime() + step * 2000));
      account.emails.push({
        ...common,
        DateLoaded,
        TrackingType,
        id: 2_099_000 + person.index * 10 + index * 4 + step,
      });
    }
    permissions.sentcount += 1;
    if (!isOpened) continue;
    permissions.openedcount += 1;
    permissions.lastopenedemail = httpDate(new Date(date.getTime() + 4000));
  }
};

const permissionsOf = (random: Random, balance: number): Partial<Permissions> => ({
  canemail: random.integer(0, 1),
  cantext: random.integer(0, 1),
  registeredportal: random.integer(0, 1),
  minimumpayment: random.pick(['0.00', '25.00', '50.00']),
  ...(random.chance(0.3) ? { sifamount: formatCents(Math.round(balance / 2)), sifnumberofpay: 3 } : {}),
});

const createAccount = (person: Person): Account => {
  const random = createRandom(90_000 + person.index);
  const letter = person.index % 10 === 9 ? 'D' : 'R';
  const { row, placed } = generatedRow(random, person, `${letter}${3001 + person.index}`);
  const balance = parseCents(String(row.currentbalance)) ?? 0;
  const account = accountOf(row, {}, permissionsOf(random, balance));
  for (const add of [addPhones, addNotes, addAttempts, addPayments, addEmails])
    add(random, account, person, placed);
  return account;
};

/** One account for each person. */
export const generatedAccounts = (people: readonly Person[]): Account[] => people.map(createAccount);

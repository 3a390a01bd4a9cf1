import { httpDate, httpDay, shortDate, slashDate } from '../dates.ts';
import { firstOf } from '../first-of.ts';
import { formatCents } from '../money.ts';
import type { Random } from '../random.ts';
import type { AccountRow } from '../scollect/account-columns.ts';
import { r1001 } from './account-r1001.ts';
import { creditors } from './names.ts';
import { day, type Person } from './people.ts';
import { portfolios } from './portfolios.ts';

type Columns = Partial<AccountRow>;

// The documented portfolio "C2CLA 12.1.22", the first, has exactly one account.
const [, ...openPortfolios] = portfolios;

const statuses = [
  'ACTIVE',
  'NEW',
  'OUTSOURCE',
  'Bankruptcy',
  'PROMISE TO PAY',
  'SKIP',
  'DISPUTE',
  'LEGAL',
] as const;

const collectors = ['Mark', 'agent', 'mall', 'Dana', 'Luis'] as const;

/** The observed forms of the same column. */
const oddAmounts = [' ', '', '7,000', ' 4,000', '$0.00', '5500', '0'] as const;

const personColumns = (person: Person): Columns => {
  const { firstname, middlename, lastname, street, city, birth } = person;
  return {
    accountnumber: person.accountNumber,
    address: street.toUpperCase(),
    // Sometimes the value is unknown: then the column contains an invalid date.
    birthdate: person.index % 20 === 7 ? '1/1/1900' : slashDate(birth),
    city: city.name.toUpperCase(),
    emailaddress: person.email,
    firstname: firstname.toUpperCase(),
    fullname: `${firstname} ${lastname}`.toUpperCase(),
    lastname: lastname.toUpperCase(),
    middlename: middlename || ' ',
    reportfilenumber: '',
    socialsecuritynumber: person.ssn,
    state: city.state,
    zip: city.zip,
  };
};

const employers = [
  'SONSHINE SCHOOL',
  'LAKESIDE LOGISTICS',
  'PRAIRIE DINER',
  'NORTHGATE CLINIC',
  '',
  ' ',
] as const;

const occupations = [' TEACHER', 'DRIVER', ' COOK', 'NURSE', ' '] as const;

const workColumns = (random: Random, { city }: Person): Columns => {
  const employer = random.pick(employers);
  const isKnown = employer.trim() !== '';
  return {
    employer,
    employeraddress: ' ',
    employercity: isKnown ? ` ${city.name.toUpperCase()}` : ' ',
    employerphone: '',
    employerstate: isKnown ? city.state : ' ',
    employerzip: isKnown ? ` ${city.zip}` : ' ',
    occupation: isKnown ? random.pick(occupations) : ' ',
  };
};

const relativeColumns = ({ relative }: Person): Columns =>
  relative
    ? {
        codebtor1firstname: ` ${relative.firstname.toUpperCase()}`,
        codebtor1fullname: ` ${relative.firstname} ${relative.lastname}`.toUpperCase(),
        codebtor1lastname: relative.lastname.toUpperCase(),
        codebtor1primaryphone: ` ${relative.phone.replaceAll('-', '')}`,
        codebtor1socialsecurity: relative.ssn,
      }
    : {};

const dateColumns = (random: Random, placed: Date): Columns => {
  const opened = day(random.integer(2012, 2020), random.integer(1, 12), random.integer(1, 28));
  const chargedOff = new Date(opened.getTime() + random.integer(120, 700) * 86_400_000);
  const changed = new Date(placed.getTime() + random.integer(30_000, 80_000) * 1000);
  return {
    dateaccountopened: slashDate(opened),
    datechargedoff: random.chance(0.9) ? slashDate(chargedOff) : ' ',
    dateclosed: '1900-01-01',
    datefiled: random.chance(0.2) ? slashDate(placed) : '',
    courtfiled: '',
    verifieddate: random.chance(0.5) ? slashDate(placed) : ' ',
    datelastassigned: httpDate(changed),
    datelastdialed: httpDay(placed),
    datelaststatuschg: httpDate(changed),
    dateplaced: slashDate(placed),
    orderbydate: httpDay(placed),
    lastworked: slashDate(new Date(placed.getTime() + random.integer(1, 300) * 86_400_000)),
    judgementdate: random.chance(0.3) ? ` ${shortDate(chargedOff)}` : ' ',
    statuteoflimdate: random.chance(0.7)
      ? httpDay(new Date(chargedOff.getTime() + 5 * 365 * 86_400_000))
      : 'Sun, 31 Dec 1899 00:00:00 GMT',
  };
};

const moneyColumns = (random: Random, balance: number): Columns => {
  const interest = random.chance(0.4) ? random.integer(100, 9_999) : 0;
  return {
    accruedinterest: formatCents(interest),
    chargedoffprincipal: random.chance(0.6) ? formatCents(balance) : '0.00',
    currentbalance: formatCents(balance + interest),
    originalbalance: formatCents(balance),
    originalprincipal: formatCents(balance),
    principal: formatCents(balance),
    interestpercentage: random.pick(['0.00', '8.00', '5.25']),
    contingencyamount: random.pick(['100%', '7050', '0.00', '35.00', '25%']),
    asset1value: random.pick(oddAmounts),
    assettype1: random.pick(['Vehicles', 'Cash', '', ' ']),
    garnishmentamount: random.pick(oddAmounts),
    leinamount: random.pick(oddAmounts),
  };
};

const flagColumns = (random: Random): Columns => {
  const isDeceased = random.chance(0.03);
  return {
    deceased: isDeceased ? 'YES' : 'NO',
    deceaseddate: isDeceased ? '10/26/2023' : random.pick([null, 'null']),
    garnishment: random.chance(0.1) ? 'YES' : 'NO',
    hasassets: random.chance(0.2) ? 'YES' : 'NO',
    judgement: random.chance(0.1) ? 'YES' : 'NO',
    lein: random.chance(0.05) ? 'YES' : 'NO',
    verified: random.chance(0.5) ? 'YES' : 'NO',
  };
};

/** The row of a generated account, and the day on which it was placed. */
export const generatedRow = (
  random: Random,
  person: Person,
  filenumber: string,
): { row: AccountRow; placed: Date } => {
  const portfolio = openPortfolios[person.index % openPortfolios.length] ?? firstOf(openPortfolios);
  const placed = new Date(Date.parse(portfolio.dateplaced));
  const row = {
    ...r1001,
    filenumber,
    id: 3000 + person.index,
    ...personColumns(person),
    ...relativeColumns(person),
    ...workColumns(random, person),
    ...dateColumns(random, placed),
    ...moneyColumns(random, random.integer(15_000, 1_850_000)),
    ...flagColumns(random),
    assignedto: random.pick(['mall', 'OUT', 'agent', '']),
    clientname: portfolio.client,
    collectorname: random.pick(collectors),
    docketnumber: '',
    groupname: random.chance(0.1) ? 'New Alert added to this account.\r\nAdditional Information Added.' : '',
    originalcreditor: random.pick(creditors),
    portfolio: portfolio.portfolio,
    statusname: random.pick(statuses),
  };
  return { row, placed };
};

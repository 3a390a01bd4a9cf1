import { createRandom, type Random } from '../random.ts';
import { type City, cities, firstNames, lastNames, streets } from './names.ts';

/** The person of a generated account; the orders of RecoveryConnect refer to the same people. */
export interface Person {
  readonly index: number;
  readonly firstname: string;
  readonly middlename: string;
  readonly lastname: string;
  readonly birth: Date;
  readonly ssn: string;
  readonly street: string;
  readonly city: City;
  readonly phones: readonly string[];
  readonly accountNumber: string;
  readonly email: string;
  /** A co-debtor, if there is one. */
  readonly relative: Relative | undefined;
}

export interface Relative {
  readonly firstname: string;
  readonly lastname: string;
  readonly ssn: string;
  readonly phone: string;
}

export const day = (year: number, month: number, date: number): Date =>
  new Date(Date.UTC(year, month - 1, date));

/** Returns each number once. ###-555-0100 to -0199 are reserved for fiction in every area. */
const phoneBook = () => {
  const used = new Map<string, number>();
  return (wantedArea: string): string => {
    // After 100 numbers of an area, the numbers of an unassigned area code are used.
    const area = (used.get(wantedArea) ?? 0) < 97 ? wantedArea : '702';
    const count = used.get(area) ?? 0;
    used.set(area, count + 1);
    return `${area}-555-01${String(count).padStart(2, '0')}`;
  };
};

/** Social Security numbers never begin with 900 to 999. */
const ssnOf = (serial: number): string =>
  `${900 + (serial % 100)}-${String(10 + (serial % 89)).padStart(2, '0')}-${String(1000 + serial * 7).slice(-4)}`;

const relativeOf = (random: Random, index: number, lastname: string, phone: string): Relative => ({
  firstname: random.pick(firstNames),
  lastname,
  ssn: ssnOf(5000 + index),
  phone,
});

const createPerson = (random: Random, index: number, newPhone: (areaCode: string) => string): Person => {
  const firstname = random.pick(firstNames);
  const lastname = random.pick(lastNames);
  const city = random.pick(cities);
  const phones = Array.from({ length: random.integer(1, 4) }, () => newPhone(city.areaCode));
  return {
    index,
    firstname,
    middlename: random.chance(0.3) ? random.pick(['A', 'B', 'J', 'L', 'M', 'R']) : '',
    lastname,
    birth: day(random.integer(1948, 2003), random.integer(1, 12), random.integer(1, 28)),
    ssn: ssnOf(index),
    street: `${random.integer(10, 9900)} ${random.pick(streets)}`,
    city,
    phones,
    accountNumber: String(70_000_000 + index * 137 + 11),
    email: `${firstname}.${lastname.replace("'", '')}${index}@example.com`.toLowerCase(),
    relative: random.chance(0.25) ? relativeOf(random, index, lastname, newPhone(city.areaCode)) : undefined,
  };
};

export const createPeople = (count: number): Person[] => {
  const random = createRandom(20_240_307);
  const newPhone = phoneBook();
  return Array.from({ length: count }, (_, index) => createPerson(random, index, newPhone));
};

// Numbers for names. The order types 1 and 2, the statuses 0 and 3 and the vehicle type 2 are documented; the others
// are invented.

const orderTypes: Readonly<Record<number, string>> = {
  1: 'Involuntary Repossession',
  2: 'Condition Report',
  3: 'Voluntary Repossession',
  4: 'Impound Repossession',
  5: 'Investigate/Repossess',
  6: 'Skip Trace',
};

const statuses: Readonly<Record<number, string>> = {
  0: 'Open',
  1: 'On Hold',
  2: 'Closed',
  3: 'Repossessed',
  4: 'Pending Close',
  5: 'Released',
};

const vehicleTypes: Readonly<Record<number, string>> = {
  1: 'Car',
  2: 'Truck',
  3: 'SUV',
  4: 'Motorcycle',
  5: 'Trailer',
};

export const orderTypeName = (id: number): string => orderTypes[id] ?? `Order Type ${id}`;
export const statusName = (id: number): string => statuses[id] ?? `Status ${id}`;
export const vehicleTypeName = (id: number): string => vehicleTypes[id] ?? 'Other';

/** The company that the log-in belongs to: it owns the orders. */
export const ownCompany = 10004;

const companyNames: Readonly<Record<number, string>> = {
  10001: 'Recovery Office Pro Demo &',
  10002: 'Limited User Version Demo',
  [ownCompany]: 'Forwarding Demo',
};

/** A company as the rows of assignments show it. */
export const companyOf = (id: number) => ({
  meta: [],
  id,
  name: companyNames[id] ?? `Recovery Agency ${id}`,
  is_global: true,
  phones: [],
  self: `http://stg-api.mbsisystems.com/api/v140/companies/${id}`,
  created_at: '2014-06-12 11:07:00',
  updated_at: '2026-03-10 13:30:13',
});

const stateNames: Readonly<Record<string, string>> = {
  AL: 'Alabama',
  AK: 'Alaska',
  AZ: 'Arizona',
  AR: 'Arkansas',
  CA: 'California',
  CO: 'Colorado',
  CT: 'Connecticut',
  DE: 'Delaware',
  DC: 'District of Columbia',
  FL: 'Florida',
  GA: 'Georgia',
  HI: 'Hawaii',
  ID: 'Idaho',
  IL: 'Illinois',
  IN: 'Indiana',
  IA: 'Iowa',
  KS: 'Kansas',
  KY: 'Kentucky',
  LA: 'Louisiana',
  ME: 'Maine',
  MD: 'Maryland',
  MA: 'Massachusetts',
  MI: 'Michigan',
  MN: 'Minnesota',
  MS: 'Mississippi',
  MO: 'Missouri',
  MT: 'Montana',
  NE: 'Nebraska',
  NV: 'Nevada',
  NH: 'New Hampshire',
  NJ: 'New Jersey',
  NM: 'New Mexico',
  NY: 'New York',
  NC: 'North Carolina',
  ND: 'North Dakota',
  OH: 'Ohio',
  OK: 'Oklahoma',
  OR: 'Oregon',
  PA: 'Pennsylvania',
  RI: 'Rhode Island',
  SC: 'South Carolina',
  SD: 'South Dakota',
  TN: 'Tennessee',
  TX: 'Texas',
  UT: 'Utah',
  VT: 'Vermont',
  VA: 'Virginia',
  WA: 'Washington',
  WV: 'West Virginia',
  WI: 'Wisconsin',
  WY: 'Wyoming',
};

/** Requests abbreviate states, responses do not. */
export const stateName = (code: string): string => stateNames[code.toUpperCase()] ?? code;

/** The kind of an address follows from its name; 1 and 7 are documented. */
export const addressType = (name: string): number => {
  if (/work/i.test(name)) return 7;
  return /mail/i.test(name) ? 2 : 1;
};

import { isEnumType } from 'graphql';
import type { Leaf } from './input-types.ts';

/** Stands in whatever text may hold it, so that the text is recognized wherever it comes out again. */
export const canary = 'QZXCANARYXZQ';

/** A number that is recognized just so. */
export const canaryNumber = 918_273_645;

/** Well-formed values for fields whose checks ask for more than their type, by the field's name. */
const byName: readonly (readonly [RegExp, string | number])[] = [
  [/^fileNumber$/, 'R70061978'],
  [/^approvalCode$/, 'A70061978'],
  [/^outcomeId$/, '5f0c2a4e-7d1b-4c3a-9e8f-6b5d4c3b2a19'],
  [/birth/i, '1985-03-07'],
  [/^expirationYear$/, new Date().getFullYear() + 1],
  [/state$/i, 'OH'],
  [/zip/i, '43215'],
  [/email(?:Address)?$/i, 'zaphod@example.net'],
  [/^vin$/, '1HGCM82633A004352'],
  [/^year$/, '2017'],
  [/^accountNumber$/, '908172635'],
  [/^routingNumber$/, '021000021'],
];

/** Of two values for a name the one of the right type. */
const isOfType = (value: string | number, { type }: Leaf): boolean =>
  typeof value === 'number' ? type.name === 'Int' : ['String', 'ID', 'Date'].includes(type.name);

const byType: Readonly<Record<string, unknown>> = {
  Boolean: true,
  CardNumber: '4242424242424242',
  Date: '2087-05-17',
  Decimal: '41.50',
  Float: 41.5,
  Int: 1,
  LocalTime: '14:45',
  PhoneNumber: '614-555-0142',
  SSN: '321-54-9876',
  SecurityCode: '7391',
  String: 'Zaphod Beeblebrox',
};

/** Identifiers that differ from one another, as those of an order and of another one must. */
const idAt = ({ path }: Leaf): string =>
  String(
    [...path.join('.')].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 900_000, 7) + 100_000,
  );

/** A value that a field takes. */
export const validValue = (leaf: Leaf): unknown => {
  const { type, name } = leaf;
  if (isEnumType(type)) return type.getValues()[0]?.name;
  const named = byName.find(([pattern, value]) => pattern.test(name) && isOfType(value, leaf));
  if (named) return named[1];
  if (type.name === 'ID') return idAt(leaf);
  if (!(type.name in byType)) throw new Error(`leaf-values.ts: add a valid ${type.name}`);
  return byType[type.name];
};

const tooLong = canary.repeat(1000);

/** Values of the right JSON type that no check can let pass, whatever else it asks for; the first one is short. */
const broken: Readonly<Record<string, readonly unknown[]>> = {
  CardNumber: ['4242424242424241', '4242424242', '0000000000000000', '4'.repeat(400), canary, ''],
  Date: ['2023-02-29', '20240228', '1899-07-01', '9999-12-31', '2024-2-1', canary, ''],
  Decimal: [
    canary,
    '1,000',
    '1e3',
    '.5',
    '5.',
    'NaN',
    'Infinity',
    '12345678901234567890',
    '9'.repeat(400),
    '',
  ],
  Float: [1e308, -1e308, 123_456.75],
  ID: [canary, '-1', '1.5', '12345678901234567890', `../../${canary}`, `1 OR ${canary}`, '١٢٣', -1, ''],
  Int: [-2_147_483_648, 2_147_483_647],
  LocalTime: ['24:00', '9:30', '09:60', canary, ''],
  PhoneNumber: ['123', '+442079460958', canary, ''],
  SSN: ['3333', '000-00-0000', '111-22-333', canary, ''],
  SecurityCode: ['12', '12345', '12a', canary, ''],
  String: [
    `${canary}\u0000`,
    `${canary}\u001b[2J`,
    `${canary}\u0007@example.net`,
    `\u202e${canary}`,
    `${canary}\ud800`,
    `\udfff${canary}@example.net`,
    tooLong,
  ],
};

/** Yes, no and the values of an enumeration are all of them well-formed. */
const unbreakable = (leaf: Leaf): boolean => leaf.type.name === 'Boolean' || isEnumType(leaf.type);

/** Values that a field certainly rejects; none if it accepts all values of its type. */
export const brokenValues = (leaf: Leaf): readonly unknown[] => {
  if (unbreakable(leaf)) return [];
  const values = broken[leaf.type.name];
  if (!values) throw new Error(`leaf-values.ts: add how to break ${leaf.type.name}`);
  return values;
};

export const isBreakable = (leaf: Leaf): boolean => !unbreakable(leaf);

/** Values that attack whatever is made of them. Some fields take them, and have to be sent on as they are. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  `${canary}\u0000`,
  `${canary}\ud83d`,
  `\u202e${canary}\u2066`,
  `${canary}\u2028${canary}`,
  `../../../../etc/${canary}`,
  `..\\..\\${canary}`,
  `%2e%2e%2f${canary}%00`,
  `'; DROP TABLE ${canary}; --`,
  `" OR ""="${canary}`,
  `<script>${canary}()</script>`,
  `<!--#exec cmd="${canary}"-->`,
  `\${${canary}}{{${canary}}}`,
  `${canary} Field `,
  `${canary}; Field `,
  `${canary}; Value `,
  `"; at "input.${canary}"; ${canary}`,
  `${canary}\r\nX-Header: ${canary}`,
  'prototype',
  'valueOf',
  `${canary} Ωмега 株式会社 עברית العربية`,
  `👩‍👩‍👧‍👦 ${canary} 🇺🇸`,
  `Z\u0351\u036b\u0343${canary}`,
  `{"filenumber":"${canary}"}`,
  '９９９９９９９９',
  // The number of a bank with a wrong last digit.
  '021000020',
];

/** Amounts below zero, of nothing, and of less than a cent. */
export const hostileDecimals = ['-1', '-0.01', '0', '-0.00', '0.001', '100.005', '999999999999.99'] as const;

/** Numbers at the ends of what is counted with. */
export const hostileNumbers = [0, -0, -1, 1, 13, 61, 1e9, 2_147_483_647, -2_147_483_648] as const;

/** JSON of another type than a leaf takes; a list takes one of its items for itself, but none of these. */
export const misfits = ({ type }: Leaf): readonly unknown[] => {
  const all = [{ [canary]: canary }, [[canary]], canaryNumber + 0.5];
  if (type.name === 'Boolean') return [...all, canary, canaryNumber, 1, 'true'];
  if (type.name === 'Int') return [...all, canary, 2 ** 40, '1', true];
  if (type.name === 'Float') return [...all.slice(0, 2), canary, '1', true];
  if (type.name === 'ID') return [...all, true];
  if (isEnumType(type)) return [...all, canary, `"; ${canary}`, canaryNumber, true];
  if (type.name === 'Decimal') return [...all, 2 ** 60, true];
  return [...all, canaryNumber, true];
};

import type { Column } from '../../upstreams/endpoint/column.ts';
import { isRawName } from '../../upstreams/endpoint/phone-number-columns.ts';
import { type Members, written } from './field-inputs.ts';
import { type FieldKind, fieldKinds } from './field-kinds.ts';

/** By what a column makes of a sample it is known what it holds: rows themselves name no types. */
const samples: readonly (readonly [sample: string, reading: string | boolean, kind: FieldKind])[] = [
  ['2/20/2024', '2024-02-20', fieldKinds.date],
  ['678-932-1578', '+16789321578', fieldKinds.phoneNumber],
  ['YES', true, fieldKinds.yesOrNo],
  ['8%', '8', fieldKinds.percentage],
  ['$8', '8', fieldKinds.signedAmount],
  ['8 of them', '8 of them', fieldKinds.text],
];

// What does not follow from how it is read.
const kindsByName: Readonly<Record<string, FieldKind>> = {
  alert: fieldKinds.longText,
  clientNotes: fieldKinds.longText,
  contactInfo: fieldKinds.longText,
  dateOfBirth: fieldKinds.dateOfBirth,
  emailAddress: fieldKinds.emailAddress,
  friends: fieldKinds.longText,
  hotListComments: fieldKinds.longText,
  ssn: fieldKinds.ssn,
};

/** The key of the account's own row; those behind it are other answers' names for the same. */
export const keyOf = ({ keys: [key] }: Column<unknown>): string => {
  if (typeof key !== 'string') throw new TypeError('A column of an account has a key of one part.');
  return key;
};

/** What a column holds. */
export const kindOf = (column: Column<unknown>): FieldKind => {
  const key = keyOf(column);
  const found = samples.find(([sample, reading]) => column.read({ [key]: sample }) === reading);
  if (!found) throw new TypeError(`What the column ${key} holds is not known.`);
  return found[2];
};

/** The columns but for some. */
export const without = <Columns extends Readonly<Record<string, Column<unknown>>>>(
  columns: Columns,
  ...names: readonly (keyof Columns)[]
): Readonly<Record<string, Column<unknown>>> =>
  Object.fromEntries(Object.entries(columns).filter(([name]) => !names.includes(name)));

/**
 * The fields that set these columns, one each.
 *
 * @param shownBy the type whose fields show them under the same names.
 * @param whose what a description adds to that.
 */
export const writtenColumns = (
  shownBy: string,
  columns: Readonly<Record<string, Column<unknown> | undefined>>,
  whose = '',
): Members =>
  Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) =>
      // The text of a column is written by the field that shows it read.
      column && !isRawName(name)
        ? [
            [
              name,
              written(
                keyOf(column),
                kindsByName[name] ?? kindOf(column),
                `Sets \`${shownBy}.${name}\`${whose}`,
              ),
            ],
          ]
        : [],
    ),
  );

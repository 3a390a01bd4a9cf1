import { toPhoneNumber } from '../../values/phone-number.ts';
import { toText } from '../../values/text.ts';
import { type Column, column, type Key } from './column.ts';

/** The name of the field with the text of a phone number, as `rawWorkPhone` of `workPhone`. */
export type RawName<Name extends string> = `raw${Capitalize<Name>}`;

export const rawNameOf = <Name extends string>(name: Name): RawName<Name> =>
  `raw${name.slice(0, 1).toUpperCase()}${name.slice(1)}` as RawName<Name>;

/** Whether a field returns the raw text of a column that another field returns parsed. */
export const isRawName = (name: string): boolean => /^raw[A-Z]/.test(name);

/** Creates the columns of a phone number and of its raw text, which may be no number. */
export const phoneNumberColumns = <Name extends string>(
  name: Name,
  ...keys: readonly Key[]
): Readonly<Record<Name | RawName<Name>, Column<string>>> => {
  const columns: Record<string, Column<string>> = {
    [name]: column(toPhoneNumber, ...keys),
    [rawNameOf(name)]: column(toText, ...keys),
  };
  return columns as Record<Name | RawName<Name>, Column<string>>;
};

import type { GraphQLResolveInfo } from 'graphql';
import { costing } from '../../operation/cost/field-cost.ts';
import type { Context } from '../../request/context.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { maskDate, maskNumber } from '../../values/mask.ts';
import type { builder } from './builder.ts';
import { unlessAllowed, wholeOrMasked } from './personal.ts';

export type SchemaTypes = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

export type FieldBuilder<Parent> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>;

/** The names of those columns that hold a T. */
type NameOf<Columns, T> = {
  [Name in keyof Columns]: NonNullable<Columns[Name]> extends Column<T> ? Name : never;
}[keyof Columns];

/**
 * Returns the row that answers for a column that is blank or missing in the parent's own row; `null` where there is none.
 * It is the parent's own row if no other contains more of this column.
 */
export type FullRow<Parent> = (
  parent: Parent,
  context: Context,
  column: Column<unknown>,
) => Row | null | Promise<Row | null>;

/**
 * Reads a column from the parent's row, and from the full row only where the former has no value.
 *
 * @param fullRow left out where no other row contains more.
 */
export const readColumn = <T, Parent extends { readonly row: Row }>(
  column: Column<T>,
  parent: Parent,
  context: Context,
  fullRow?: FullRow<Parent>,
): T | null | Promise<T | null> => {
  const { calendar } = context;
  const value = column.read(parent.row, calendar);
  if (value !== null || !fullRow) return value;
  const full = fullRow(parent, context, column);
  if (full instanceof Promise) return full.then((row) => row && column.read(row, calendar));
  return full && full !== parent.row ? column.read(full, calendar) : null;
};

/** The extensions of a field that reads columns of its parent, whose row may lack them. */
export const reading = <Parent>(columnsOf: (parent: Parent) => readonly Column<unknown>[]) =>
  costing({ reads: ({ things: { parent } }) => columnsOf(parent as Parent) });

/**
 * Fields that each read one column of their parent, and are null if it holds nothing.
 *
 * @param columnsOf the parent's columns: those of the system that its row came from.
 */
export const columnFields = <Parent extends { readonly row: Row }, Columns extends object>(
  t: FieldBuilder<Parent>,
  columnsOf: (parent: Parent) => Columns,
  fullRow?: FullRow<Parent>,
) => {
  // The name is of a column of T by its type; TypeScript does not carry that through the indexing.
  const columnOf = <T>(name: NameOf<Columns, T>, parent: Parent) =>
    columnsOf(parent)[name] as Column<T> | undefined;
  /** How a field reads its column, and, where that may cost a call, which one it is. */
  const readingOf = <T>(name: NameOf<Columns, T>) => ({
    resolve: (parent: Parent, _: object, context: Context) => {
      const column = columnOf<T>(name, parent);
      return column ? readColumn(column, parent, context, fullRow) : null;
    },
    extensions: fullRow
      ? reading((parent: Parent) => [columnOf<T>(name, parent)].filter((one) => one !== undefined))
      : {},
  });
  const text =
    <Type extends 'String' | 'ID' | 'Date' | 'LocalDateTime' | 'LocalTime' | 'Decimal' | 'PhoneNumber'>(
      type: Type,
    ) =>
    (name: NameOf<Columns, string>, description: string) =>
      t.field({
        type,
        nullable: true,
        description,
        ...(readingOf<string>(name) as object as { resolve: never }),
      });
  const personal =
    <Type extends 'String' | 'BirthDate'>(type: Type, mask: (whole: string) => string, masked: string) =>
    (name: NameOf<Columns, string>, description: string) => {
      const { resolve, extensions } = readingOf<string>(name);
      return t.field({
        type,
        nullable: true,
        description: `${description} Masked to ${masked} ${unlessAllowed}.`,
        extensions,
        resolve: (async (parent: Parent, args: object, context: Context, info: GraphQLResolveInfo) =>
          wholeOrMasked(await resolve(parent, args, context), mask, context, info)) as never,
      });
    };
  return {
    text: text('String'),
    id: text('ID'),
    date: text('Date'),
    localDateTime: text('LocalDateTime'),
    localTime: text('LocalTime'),
    decimal: text('Decimal'),
    phoneNumber: text('PhoneNumber'),
    /** The text of a phone number, next to the field that shows the number. */
    rawPhoneNumber: (name: NameOf<Columns, string>, shownAs: string) =>
      text('String')(
        name,
        `The text of \`${shownAs}\` as the upstream writes it, even if it is no number; null if it is blank.`,
      ),
    /** The number of an account, or of a document of a person. */
    number: personal('String', maskNumber, 'its last four characters'),
    birthDate: personal('BirthDate', maskDate, 'its year'),
    flag: (name: NameOf<Columns, boolean>, description: string) =>
      t.boolean({ nullable: true, description, ...readingOf<boolean>(name) }),
    integer: (name: NameOf<Columns, number>, description: string) =>
      t.int({ nullable: true, description, ...readingOf<number>(name) }),
  };
};

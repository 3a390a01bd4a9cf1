import type { GraphQLResolveInfo } from 'graphql';
import type { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { Column } from '../upstreams/column.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { maskDate, maskNumber } from '../values/mask.ts';
import { unlessAllowed, wholeOrMasked } from './personal.ts';

export type SchemaTypes = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

export type FieldBuilder<Parent> = PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>;

/** The names of those columns that hold a T. */
type NameOf<Columns, T> = {
  [Name in keyof Columns]: NonNullable<Columns[Name]> extends Column<T> ? Name : never;
}[keyof Columns];

/** Gets the row that tells what a parent's own does not; `null` where there is none. */
export type FullRow<Parent> = (parent: Parent, context: Context) => Promise<Row | null>;

/**
 * Reads a column from the row that is there, and asks for the full row only if this one does not tell.
 *
 * @param fullRow left out where no other row tells more.
 */
export const readColumn = <T, Parent extends { readonly row: Row }>(
  column: Column<T>,
  parent: Parent,
  context: Context,
  fullRow?: FullRow<Parent>,
): T | null | Promise<T | null> => {
  if (!fullRow || column.isIn(parent.row)) return column.read(parent.row);
  return fullRow(parent, context).then((row) => row && column.read(row));
};

/**
 * Fields that each read one column of their parent, and are null where it holds nothing.
 *
 * @param columnsOf the parent's columns: those of the system that its row came from.
 */
export const columnFields = <Parent extends { readonly row: Row }, Columns extends object>(
  t: FieldBuilder<Parent>,
  columnsOf: (parent: Parent) => Columns,
  fullRow?: FullRow<Parent>,
) => {
  const reading =
    <T>(name: NameOf<Columns, T>) =>
    (parent: Parent, _: object, context: Context) => {
      // The name is of a column of T by its type; TypeScript does not carry that through the indexing.
      const column = columnsOf(parent)[name] as Column<T> | undefined;
      return column ? readColumn(column, parent, context, fullRow) : null;
    };
  const text =
    <Type extends 'String' | 'ID' | 'Date' | 'LocalDateTime' | 'LocalTime' | 'Decimal' | 'PhoneNumber'>(
      type: Type,
    ) =>
    (name: NameOf<Columns, string>, description: string) =>
      t.field({ type, nullable: true, description, resolve: reading<string>(name) as never });
  const personal =
    <Type extends 'String' | 'BirthDate'>(type: Type, mask: (whole: string) => string, masked: string) =>
    (name: NameOf<Columns, string>, description: string) =>
      t.field({
        type,
        nullable: true,
        description: `${description} Masked to ${masked} ${unlessAllowed}.`,
        resolve: (async (parent: Parent, args: object, context: Context, info: GraphQLResolveInfo) =>
          wholeOrMasked(await reading<string>(name)(parent, args, context), mask, context, info)) as never,
      });
  return {
    text: text('String'),
    id: text('ID'),
    date: text('Date'),
    localDateTime: text('LocalDateTime'),
    localTime: text('LocalTime'),
    decimal: text('Decimal'),
    phoneNumber: text('PhoneNumber'),
    /** The number of an account, or of a document of a person. */
    number: personal('String', maskNumber, 'its last four characters'),
    birthDate: personal('BirthDate', maskDate, 'its year'),
    flag: (name: NameOf<Columns, boolean>, description: string) =>
      t.boolean({ nullable: true, description, resolve: reading<boolean>(name) }),
    integer: (name: NameOf<Columns, number>, description: string) =>
      t.int({ nullable: true, description, resolve: reading<number>(name) }),
  };
};

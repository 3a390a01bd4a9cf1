import type { builder } from '../builder.ts';
import type { Column } from '../upstreams/column.ts';
import type { Row } from '../upstreams/endpoint.ts';

type SchemaTypes = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/** The names of those columns that hold a T. */
type NameOf<Columns, T> = {
  [Name in keyof Columns]: NonNullable<Columns[Name]> extends Column<T> ? Name : never;
}[keyof Columns];

/**
 * Fields that each read one column of their parent's row, and are null where it holds nothing.
 *
 * @param columnsOf the parent's columns: those of the system that its row came from.
 */
export const columnFields = <Parent extends { readonly row: Row }, Columns extends object>(
  t: PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Parent>,
  columnsOf: (parent: Parent) => Columns,
) => {
  const reading =
    <T>(name: NameOf<Columns, T>) =>
    (parent: Parent): T | null => {
      // The name is of a column of T by its type; TypeScript does not carry that through the indexing.
      const column = columnsOf(parent)[name] as Column<T> | undefined;
      return column?.read(parent.row) ?? null;
    };
  const text =
    <Type extends 'String' | 'ID' | 'Date' | 'LocalDateTime' | 'Decimal' | 'PhoneNumber'>(type: Type) =>
    (name: NameOf<Columns, string>, description: string) =>
      t.field({ type, nullable: true, description, resolve: reading<string>(name) as never });
  return {
    text: text('String'),
    id: text('ID'),
    date: text('Date'),
    localDateTime: text('LocalDateTime'),
    decimal: text('Decimal'),
    phoneNumber: text('PhoneNumber'),
    flag: (name: NameOf<Columns, boolean>, description: string) =>
      t.boolean({ nullable: true, description, resolve: reading<boolean>(name) }),
    integer: (name: NameOf<Columns, number>, description: string) =>
      t.int({ nullable: true, description, resolve: reading<number>(name) }),
  };
};

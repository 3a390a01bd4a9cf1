import type { Context } from '../context.ts';
import type { Column } from '../upstreams/column.ts';
import type { Row } from '../upstreams/endpoint.ts';
import type { FullRow } from './column-fields.ts';

/**
 * An account by its file number in capitals, with the row that it was reached by: its own of `getaccount`, or one
 * of `getaccountbysocial`, `get_accounts_in_portfolio` or `searchbyphone`, which tells less.
 */
export interface AccountRow {
  readonly fileNumber: string;
  readonly row: Row;
}

/** What the row that is there does not tell, `getaccount` does: asked once for all fields that need it. */
export const fullAccountRow: FullRow<AccountRow> = ({ fileNumber }, { loaders }) =>
  loaders.account.load(fileNumber);

/** Whether any of the columns holds a value; looks into the full row only where that is not certain. */
export const isAnyRecorded = async (
  account: AccountRow,
  columns: readonly Column<unknown>[],
  context: Context,
): Promise<boolean> => {
  const isHeldBy = (row: Row): boolean => columns.some((column) => column.read(row) !== null);
  if (isHeldBy(account.row)) return true;
  if (columns.every((column) => column.isIn(account.row))) return false;
  const row = await fullAccountRow(account, context);
  return row !== null && isHeldBy(row);
};

/** The account itself where it has any of these; for types that show a part of an account. */
export const partOf = async <Part extends AccountRow>(
  part: Part,
  columns: readonly Column<unknown>[],
  context: Context,
): Promise<Part | null> => ((await isAnyRecorded(part, columns, context)) ? part : null);

/** Writes a file number as it is compared: in capitals. */
export const inCapitals = (fileNumber: string): string => fileNumber.trim().toUpperCase();

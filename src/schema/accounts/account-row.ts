import type { Context } from '../../request/context.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';

/**
 * An account by its file number in capitals, with the row that it was reached by: a full one of `getaccount` or
 * `getaccountbysocial`, or one of `get_accounts_in_portfolio` or `searchbyphone`. The latter two lack most columns,
 * and a blank in them means that the value is unknown there, not that there is none.
 */
export interface AccountRow {
  readonly fileNumber: string;
  readonly row: Row;
}

/** Returns the full row of an account (Scollect: getaccount), which is read once for all fields that need it. */
export const fullAccountRow = (
  { fileNumber }: Pick<AccountRow, 'fileNumber'>,
  { loaders }: Context,
): Row | null | Promise<Row | null> =>
  loaders.of(getaccount).peek({ fileNumber }) ?? loaders.of(getaccount).load({ fileNumber });

/** Whether any of the columns holds a value, in the row at hand or in the full one. */
export const isAnyRecorded = async (
  account: AccountRow,
  columns: readonly Column<unknown>[],
  context: Context,
): Promise<boolean> => {
  const isHeldBy = (row: Row): boolean => columns.some((column) => column.read(row) !== null);
  if (isHeldBy(account.row)) return true;
  const row = await fullAccountRow(account, context);
  return row !== null && row !== account.row && isHeldBy(row);
};

/** The account itself where it has any of these; for types that show a part of an account. */
export const partOf = async <Part extends AccountRow>(
  part: Part,
  columns: readonly Column<unknown>[],
  context: Context,
): Promise<Part | null> => ((await isAnyRecorded(part, columns, context)) ? part : null);

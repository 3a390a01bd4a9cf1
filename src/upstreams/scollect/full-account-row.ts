import type { Column } from '../endpoint/column.ts';
import type { Row } from '../endpoint/row.ts';
import { accountColumns } from './account-columns.ts';
import {
  coBorrowerColumns,
  debtorAddressColumns,
  debtorColumns,
  debtorEmployerColumns,
  type EmployerColumns,
} from './people-columns.ts';

const ofEmployer = ({ address, ...columns }: EmployerColumns): object[] => [columns, address];

const columns: readonly Column<unknown>[] = [
  accountColumns,
  debtorColumns,
  debtorAddressColumns,
  ...ofEmployer(debtorEmployerColumns),
  ...coBorrowerColumns.flatMap(({ person, address = {}, employer }) => [
    person,
    address,
    ...ofEmployer(employer),
  ]),
].flatMap((table) => Object.values(table));

/** Whether a row has all columns of `getaccount` for an account and its people, including blank ones. */
export const isFullAccountRow = (row: Row): boolean => columns.every((column) => column.isIn(row));

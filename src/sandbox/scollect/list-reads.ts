import { accountLists, failureFor, type ListOperation, successWith } from './account-lists.ts';
import type { Handler } from './handler.ts';
import { findAccount } from './tables.ts';

const listRead =
  ({ list, fixture }: (typeof accountLists)[ListOperation]): Handler =>
  ({ state, params }) => {
    const filenumber = params['filenumber'] ?? '';
    const rows = findAccount(state, filenumber)?.[list] ?? [];
    return rows.length > 0 ? successWith(fixture, rows) : failureFor(fixture, filenumber);
  };

export const listReads = Object.fromEntries(
  Object.entries(accountLists).map(([operation, read]) => [operation, listRead(read)]),
) as Readonly<Record<ListOperation, Handler>>;

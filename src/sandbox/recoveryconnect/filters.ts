import type { Case } from './records.ts';
import { primaryOf } from './views.ts';

type Test = (record: Case, wanted: string) => boolean;

const same = (value: unknown, wanted: string): boolean => value !== null && String(value) === wanted;

const tests: Readonly<Record<string, Test>> = {
  ids: ({ row }, wanted) => wanted.split(',').some((id) => same(row.id, id.trim())),
  acct_no: ({ row }, wanted) => same(row.client_accountno, wanted),
  client_id: ({ row }, wanted) => same(row.client_id, wanted),
  owner_id: ({ row }, wanted) => same(row.owner_id, wanted),
  other_refno: ({ row }, wanted) => same(row.other_refno, wanted),
  order_type: ({ row }, wanted) => same(row.order_type, wanted),
  // The status is that of the collateral, by its number.
  status: (record, wanted) => same(primaryOf(record)?.row.status_id ?? null, wanted),
  vin: ({ collaterals }, wanted) =>
    collaterals.some(({ row }) => row.vin.toUpperCase() === wanted.toUpperCase()),
};

/** Returns the cases that match every filter of the query, by number. Blank filters are ignored. */
export const filterCases = <T extends Case>(cases: ReadonlyMap<number, T>, query: URLSearchParams): T[] => {
  const given = Object.entries(tests)
    .map(([name, test]) => ({ test, wanted: query.get(name)?.trim() ?? '' }))
    .filter(({ wanted }) => wanted !== '');
  return [...cases.values()]
    .filter((record) => given.every(({ test, wanted }) => test(record, wanted)))
    .sort((one, other) => one.row.id - other.row.id);
};

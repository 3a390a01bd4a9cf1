import type { Request } from './handler.ts';

const defaultPerPage = '250';

const positive = (text: string | null): number | undefined => {
  const value = /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0;
  return value > 0 ? value : undefined;
};

const pageOf = <T>({ query, address }: Request, rows: readonly T[]) => {
  const perPage = positive(query.get('per_page')) ?? Number(defaultPerPage);
  const current = positive(query.get('page')) ?? 1;
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const link = (page: number) => (page >= 1 && page <= last ? `${address}?page=${page}` : null);
  const start = (current - 1) * perPage;
  const data = rows.slice(start, start + perPage);
  // The page size is returned as the text of the request.
  return { data, start, current, last, perPage: String(perPage), total: rows.length, link };
};

/** A page in an envelope: `{data, links, meta}`. */
export const envelopedPage = <T, Shown>(request: Request, rows: readonly T[], show: (row: T) => Shown) => {
  const { data, current, last, perPage, total, link } = pageOf(request, rows);
  return {
    data: data.map(show),
    links: { first: link(1), last: link(last), prev: link(current - 1), next: link(current + 1) },
    meta: { current_page: current, last_page: last, per_page: perPage, total },
  };
};

/** A page without an envelope: the same keys at the root. */
export const barePage = <T, Shown>(request: Request, rows: readonly T[], show: (row: T) => Shown) => {
  const { data, start, current, last, perPage, total, link } = pageOf(request, rows);
  return {
    current_page: current,
    data: data.map(show),
    first_page_url: link(1),
    from: data.length > 0 ? start + 1 : null,
    last_page: last,
    last_page_url: link(last),
    next_page_url: link(current + 1),
    path: request.address,
    per_page: perPage,
    prev_page_url: link(current - 1),
    to: data.length > 0 ? start + data.length : null,
    total,
  };
};

// Formats of dates and times of both APIs, in UTC.

const two = (value: number): string => String(value).padStart(2, '0');

/** `2023-04-15` */
export const isoDate = (date: Date): string => date.toISOString().slice(0, 10);

/** `4/15/2023` */
export const slashDate = (date: Date): string =>
  `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;

/** `04/15/23` */
export const shortDate = (date: Date): string =>
  `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`;

/** `Sat, 15 Apr 2023 09:30:00 GMT` */
export const httpDate = (date: Date): string => date.toUTCString();

/** `Sat, 15 Apr 2023 00:00:00 GMT` */
export const httpDay = (date: Date): string => httpDate(new Date(isoDate(date)));

/** `1:16 PM` */
export const clockTime = (date: Date): string => {
  const hour = date.getUTCHours();
  return `${hour % 12 || 12}:${two(date.getUTCMinutes())} ${hour < 12 ? 'AM' : 'PM'}`;
};

/** `09:45` */
export const hourAndMinute = (date: Date): string =>
  `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

/** `2026-03-05 13:59:56` */
export const sqlTime = (date: Date): string => date.toISOString().slice(0, 19).replace('T', ' ');

/** `2026-03-05T13:59:56.000000Z` */
export const microsecondTime = (date: Date): string => `${date.toISOString().slice(0, 19)}.000000Z`;

/** Reads `2023-04-15` and `4/15/2023`; undefined if it is no date. */
export const parseDate = (text: string): Date | undefined => {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  const slash = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text.trim());
  const [year, month, day] = iso ? iso.slice(1) : slash ? [slash[3], slash[1], slash[2]] : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // Date converts 31 April to 1 May, and the year 1 to 1901.
  return isoDate(date) === `${year}-${two(Number(month))}-${two(Number(day))}` ? date : undefined;
};

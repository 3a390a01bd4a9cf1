const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const days = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });
const moments = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** Stands for a value that is not recorded. */
export const nothing = '–';

/** Formats an amount. It stays a decimal text throughout: a float could change it. */
export const money = (amount: string | null | undefined): string =>
  amount === null || amount === undefined ? nothing : dollars.format(amount as Intl.StringNumericLiteral);

/** Whether an amount is there and not zero. */
export const isSomething = (amount: string | null | undefined): amount is string =>
  typeof amount === 'string' && /[1-9]/.test(amount);

/** Formats a local date. It has no time zone, and is never shifted into one. */
export const day = (date: string | null | undefined): string =>
  date === null || date === undefined ? nothing : days.format(new Date(`${date}T00:00:00Z`));

/** Returns today by the clock of this machine. */
export const today = (): string => {
  const now = new Date();
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
};

/** Formats a local date and time as written. */
export const moment = (time: string | null | undefined): string =>
  time === null || time === undefined ? nothing : moments.format(new Date(`${time}Z`));

/** Formats a number of North America: `+12105550100` as `(210) 555-0100`. */
export const phone = (number: string | null | undefined, raw?: string | null): string => {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number ?? '') ?? [];
  return area === undefined ? (number ?? (raw || nothing)) : `(${area}) ${exchange}-${line}`;
};

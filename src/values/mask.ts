/** Masks all but the last four characters of a number, and at least half of it. */
export const maskNumber = (text: string): string => {
  const shown = Math.min(4, Math.floor(text.length / 2));
  return `${'*'.repeat(text.length - shown)}${shown === 0 ? '' : text.slice(-shown)}`;
};

/** Masks all but the year of a date: `1984-**-**`. */
export const maskDate = (date: string): string => `${date.slice(0, 4)}-**-**`;

/** What the agent searches by, recognized by its form. */
export type SearchKey =
  | { readonly kind: 'fileNumber'; readonly value: string }
  | { readonly kind: 'phone'; readonly value: string }
  | { readonly kind: 'ssn'; readonly value: string }
  | { readonly kind: 'order'; readonly value: string };

const onlyDigits = (text: string): string => text.replaceAll(/\D/g, '');

/**
 * Recognizes an order (a number after `#`), a social security number (nine digits), a phone number of North America (ten digits, or eleven with the
 * 1) or else a file number. Other text with the digits of a person's or a phone's number counts as such, so that it is never taken
 * for a file number, which may be part of an address.
 */
export const searchKeyOf = (text: string): SearchKey | undefined => {
  const typed = text.trim();
  const digits = onlyDigits(typed);
  const isNumber = /^\+?[\d\s().-]+$/.test(typed);
  const [, orderId] = /^#\s*(\d+)$/.exec(typed) ?? [];
  if (typed === '') return undefined;
  if (orderId !== undefined) return { kind: 'order', value: orderId };
  if (isNumber && digits.length === 9) return { kind: 'ssn', value: digits };
  if (isNumber && /^1?\d{10}$/.test(digits)) return { kind: 'phone', value: `+1${digits.slice(-10)}` };
  return { kind: 'fileNumber', value: typed.toUpperCase() };
};

/** Whether a file number may be part of an address: it is not the number of a person or of a phone. */
export const isFitForAddress = (fileNumber: string): boolean =>
  searchKeyOf(fileNumber)?.kind === 'fileNumber';

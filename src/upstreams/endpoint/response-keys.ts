import { canonicalId } from '../../values/numeric-id.ts';
import { toSsn } from '../../values/ssn.ts';

/**
 * Returns a key in the form in which it is compared; `null` for a value that identifies nothing, such as a masked SSN.
 */
export type ReadKey = (wire: unknown) => string | null;

/** Declares which value of a row repeats which key of the request. */
export interface ResponseKey<Name extends string = string> {
  /** The key of the value in a row, or the path of keys through nested rows and lists. */
  readonly row: string | readonly string[];
  /** The path parameter, query parameter or key of the request body. */
  readonly requested: Name;
  readonly read: ReadKey;
  /** Other keys of the row, one of which may repeat the key instead. */
  readonly orIn?: readonly string[];
  /** Whether one call requests several keys, separated by commas: each row is then valid for its own key. */
  readonly isBatch?: true;
}

/** The path parameters, query parameters and body of a call. */
export interface Requested {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>> | undefined;
  readonly body: unknown;
}

/** The key of a value that cannot be a key. It equals no requested key. */
const noKey = '?';

/** Reads a text without regard to letter case and surrounding blanks. */
export const asText: ReadKey = (wire) => {
  if (typeof wire === 'string') return wire.trim().toUpperCase();
  return typeof wire === 'number' ? String(wire) : noKey;
};

/** Reads a number, written as a number or as a text, with or without leading zeros. */
export const asNumber = (wire: unknown): string => canonicalId(asText(wire) ?? noKey);

/** Reads an SSN of nine digits; masked ones, and last four digits alone, identify nobody. */
export const asWholeSsn: ReadKey = (wire) => toSsn(wire)?.digits ?? null;

/** Reads the last four digits of a card number. */
export const asLast4: ReadKey = (wire) => asText(wire)?.slice(-4) ?? null;

import { withoutEncoded } from './encoded-text.ts';
import { redacted } from './named-values.ts';
import { withoutPersonal } from './personal-text.ts';
import { patternOf } from './secret-forms.ts';
import { ValueRedactor } from './value-redactor.ts';

/** What everything goes through that is logged, audited or told in the message of an error. */
export interface Redactor {
  /** A text without what may not be shown; `…` stands in its place. Cut if it is very long. */
  text(text: string): string;
  /**
   * A copy of a value, as plain objects, lists, texts and numbers: masked by the names of its parts, and inside all
   * its texts. Errors are their name, code and stack. Never throws.
   */
  value(value: unknown): unknown;
  /** A text without the configured secrets alone. */
  withoutSecrets(text: string): string;
}

/** Characters of one text. */
const longest = 16_000;
/** What was cut through at the end could not be told any more. */
const endOfCut = 1000;

/**
 * Makes the one serializer of what leaves the process.
 *
 * @param secrets the configured ones, of four characters at least: found in any letter case and encoding.
 */
export const createRedactor = ({ secrets = [] }: { readonly secrets?: readonly string[] } = {}): Redactor => {
  const pattern = patternOf(secrets);
  const withoutSecrets = (text: string): string => (pattern ? text.replace(pattern, redacted) : text);
  const mask = (text: string): string => withoutPersonal(withoutEncoded(withoutSecrets(text)));
  const text = (whole: string): string =>
    whole.length <= longest ? mask(whole) : `${mask(whole.slice(0, longest)).slice(0, -endOfCut)}${redacted}`;
  return { text, value: (value) => new ValueRedactor(text).of(value), withoutSecrets };
};

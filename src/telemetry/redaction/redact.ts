import { withoutEncoded } from './encoded-text.ts';
import { redacted } from './named-values.ts';
import { withoutPersonal } from './personal-text.ts';
import { patternOf } from './secret-forms.ts';
import { ValueRedactor } from './value-redactor.ts';

/**
 * Redacts everything that is logged, audited or returned in an error message.
 *
 * Own code: pino's `redact` takes paths of keys. It does not find a value in a deeper object, in the text of a message or
 * under a key in another letter case.
 */
export interface Redactor {
  /** Returns a text with `…` in place of redacted parts, truncated if it is very long. */
  text(text: string): string;
  /**
   * Returns a redacted copy of a value as plain objects, lists, texts and numbers. Names of keys and forms of texts
   * decide. Errors become name, code and stack. Never throws.
   */
  value(value: unknown): unknown;
  /** Returns a text without the configured secrets. */
  withoutSecrets(text: string): string;
}

/** The maximum characters of one text. */
const longest = 16_000;
/** A secret that is truncated at the end could not be recognized. */
const endOfCut = 1000;

/**
 * Creates the redactor of all output of the process.
 *
 * @param secrets the configured secrets of at least four characters: found in any letter case and encoding.
 */
export const createRedactor = ({ secrets = [] }: { readonly secrets?: readonly string[] } = {}): Redactor => {
  const pattern = patternOf(secrets);
  const withoutSecrets = (text: string): string => (pattern ? text.replace(pattern, redacted) : text);
  const mask = (text: string): string => withoutPersonal(withoutEncoded(withoutSecrets(text)));
  const text = (whole: string): string =>
    whole.length <= longest ? mask(whole) : `${mask(whole.slice(0, longest)).slice(0, -endOfCut)}${redacted}`;
  return { text, value: (value) => new ValueRedactor(text).of(value), withoutSecrets };
};

import { redacted } from './named-values.ts';
import { withoutPersonal } from './personal-text.ts';

const isPersonal = (text: string): boolean => withoutPersonal(text) !== text;

/**
 * Whether decoded bytes contain personal data. Bytes that were not encoded text rarely contain nine printable
 * characters in a row.
 */
const holdsPersonal = (bytes: Buffer): boolean =>
  (bytes.toString('latin1').match(/[\x20-\x7e]{9,}/g) ?? []).some(isPersonal);

/** Whether personal data is at any offset of base64, in which three bytes are four characters. */
const isInBase64 = (run: string): boolean =>
  [0, 1, 2, 3].some((place) => holdsPersonal(Buffer.from(run.slice(place), 'base64')));

const isInHex = (run: string): boolean =>
  [0, 1].some((place) => holdsPersonal(Buffer.from(run.slice(place), 'hex')));

/** Whether a run looks like a key or a token: long, without blanks, with capitals, small letters and digits. */
const isOpaque = (run: string): boolean =>
  run.length >= 32 && /\d/.test(run) && /[A-Z]/.test(run) && /[a-z]/.test(run) && /[^/]{24}/.test(run);

const decodeOnce = (text: string): string =>
  text.replace(/(?:%[\da-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString());

/** Whether personal data is URL-encoded, once or twice. */
const isInPercents = (token: string): boolean => {
  const once = decodeOnce(token);
  return once !== token && (isPersonal(once) || isPersonal(decodeOnce(once)));
};

const hide =
  (isHidden: (run: string) => boolean) =>
  (run: string): string =>
    isHidden(run) ? redacted : run;

/** Removes encoded personal data, and keys and tokens. */
export const withoutEncoded = (text: string): string => {
  const unescaped = text.includes('%')
    ? text.replace(
        /[^\s"'<>,;{}()]{5,}/g,
        hide((token) => token.includes('%') && isInPercents(token)),
      )
    : text;
  return unescaped
    .replace(
      /(?<![\da-f])[\da-f]{18,}(?![\da-f])/gi,
      hide((run) => run.length >= 32 || isInHex(run)),
    )
    .replace(
      /[A-Za-z\d+/_-]{12,}={0,2}/g,
      hide((run) => isOpaque(run) || isInBase64(run)),
    );
};

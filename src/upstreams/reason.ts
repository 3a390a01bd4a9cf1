import { isRecord } from './verdict.ts';

const notShown = '…';
const longest = 200;

/** All texts of what was sent. */
const textsIn = (sent: unknown): string[] => {
  if (typeof sent === 'string') return [sent];
  if (Array.isArray(sent)) return sent.flatMap(textsIn);
  return isRecord(sent) ? Object.values(sent).flatMap(textsIn) : [];
};

/** What of a text must not come back: the whole, and each word of it where it is as short as a name. */
const tracesOf = (text: string): string[] => {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  return [text.trim(), ...(words.length <= 4 ? words : [])].filter((trace) => trace.length > 1);
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

// Whatever holds a digit may be part of a number of a person, a card or an account; the others are addresses of
// people, quoted input, and names of a server's classes and files.
const suspects = [
  /\S*@\S*/g,
  /(["'`“‘])(?:(?!\1).)*["'`”’](?!\p{L})/gsu,
  /\S*[\\/]\S*[\\/]\S*/g,
  /\S*\\\S*/g,
  /<[^>]*>/g,
  /\S*\d\S*/g,
];

/**
 * Cleans an upstream's words on why it declined: they repeat their input, as in "SSN of 111-22-333 not found".
 *
 * Everything that was sent is taken out, with everything that holds a digit, is quoted, or is an address of a
 * person or of a file. A name that was not sent cannot be told from other words.
 *
 * @param sent path parameters and body of the call.
 * @returns `null` where nothing is left that says anything.
 */
export const cleanReason = (text: string | undefined, sent: unknown): string | null => {
  let reason = (text ?? '').normalize('NFKC').replace(/\p{C}+/gu, ' ');
  for (const suspect of suspects) reason = reason.replace(suspect, notShown);
  const traces = [...new Set(textsIn(sent).flatMap(tracesOf))].sort(
    (one, other) => other.length - one.length,
  );
  for (const trace of traces) {
    reason = reason.replace(
      new RegExp(`(?<![\\p{L}\\p{N}])${escaped(trace)}(?![\\p{L}\\p{N}])`, 'giu'),
      notShown,
    );
  }
  const told = reason
    .replace(/…(?:[\s,;:.-]*…)+/g, notShown)
    .replace(/\s+/g, ' ')
    .trim();
  if (!/\p{L}{2}/u.test(told)) return null;
  return told.length > longest ? `${told.slice(0, longest - 1).trimEnd()}${notShown}` : told;
};

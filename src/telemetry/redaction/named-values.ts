import { isSensitiveName } from './sensitive-names.ts';

export const redacted = '…';

/** Words that follow the name of a secret in our own messages, as in "token: missing". */
export const sentenceWords =
  /^(?:a|an|and|are|as|authentication|can|cannot|expected|false|has|in|information|invalid|is|it|may|missing|must|needs?|no|not|null|of|only|or|required|scheme|should|that|the|to|tokens?|true|undefined|unknown|was|which|with)\b/i;

/** A name and its separator, also in JSON inside a JSON string. */
const nameAndJoint = /(?<![\w-])([a-z][\w-]{1,60})(\\{0,20}["']?\s{0,3}[:=]\s{0,3})/gi;

const value =
  /"(?:[^"\\]|\\[\s\S])*"?|(?<depth>\\{1,20})"(?:(?!(?<!\\)\k<depth>")[\s\S])*(?:\\+")?|'[^']*'?|[^\s"',;&<>})\]]+/y;

/** Removes values that follow the name of a secret, as in `password=…`, `"cvv":"…"` and `token: …`. */
export const withoutNamed = (text: string): string => {
  let masked = '';
  let taken = 0;
  for (const { index, 0: whole, 1: name = '', 2: joint = '' } of text.matchAll(nameAndJoint)) {
    if (index < taken || !isSensitiveName(name)) continue;
    const begin = index + whole.length;
    value.lastIndex = begin;
    const found = value.exec(text)?.[0] ?? '';
    const isSentence = /^: /.test(joint) && sentenceWords.test(found);
    if (found === '' || isSentence) continue;
    masked += `${text.slice(taken, begin)}${redacted}`;
    taken = begin + found.length;
  }
  return masked + text.slice(taken);
};

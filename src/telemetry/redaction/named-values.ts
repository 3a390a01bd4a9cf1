import { isSensitiveName } from './sensitive-names.ts';

export const redacted = '…';

/** What a sentence of ours may go on with after the name of a secret, as in "token: missing". */
export const sentenceWords =
  /^(?:a|an|and|are|as|authentication|can|cannot|expected|false|has|in|information|invalid|is|it|may|missing|must|needs?|no|not|null|of|only|or|required|scheme|should|that|the|to|tokens?|true|undefined|unknown|was|which|with)\b/i;

/** A name with what joins it to its value, also in JSON that stands in a text of JSON. */
const nameAndJoint = /(?<![\w-])([a-z][\w-]{1,60})(\\{0,20}["']?\s{0,3}[:=]\s{0,3})/gi;

const value =
  /"(?:[^"\\]|\\[\s\S])*"?|(?<depth>\\{1,20})"(?:(?!(?<!\\)\k<depth>")[\s\S])*(?:\\+")?|'[^']*'?|[^\s"',;&<>})\]]+/y;

/** Takes out of a text what stands behind the name of a secret, as in `password=…`, `"cvv":"…"` and `token: …`. */
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

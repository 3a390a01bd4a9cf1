import { numbersOf, personalDigits } from '../../values/text.ts';
import { redacted, sentenceWords, withoutNamed } from './named-values.ts';

/** The forms of ids and times, whose digits are not personal. */
const ownForms = [
  '(?<![\\p{L}\\p{N}])(?=[\\d-]{0,35}[a-f])[\\da-f]{8}-[\\da-f]{4}-[1-8][\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}(?![\\p{L}\\p{N}])',
  '(?<![\\p{L}\\p{N}])[12]\\d{3}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-6]\\d(?:\\.\\d{1,3})?Z(?![\\p{L}\\p{N}])',
];
const ownOrNumber = new RegExp(`(${ownForms.join('|')})|${numbersOf(personalDigits).source}`, 'gu');

const afterScheme = (whole: string, scheme: string, credential: string): string =>
  sentenceWords.test(credential) ? whole : `${scheme} ${redacted}`;

const afterHeader = (whole: string, header: string, joint: string, value: string): string =>
  /^(?:expected|is|missing|must)\b/i.test(value) ? whole : `${header}${joint}${redacted}`;

type Rule = readonly [pattern: RegExp, shown: string | ((...groups: string[]) => string)];

// Patterns with a distinctive start precede those that would match a part of them.
const credentials: readonly Rule[] = [
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie)(\\?["']?\s{0,3}[:=]\s{0,3}["']?)([^"'\n\\]+)/gi,
    afterHeader,
  ],
  [/\b(bearer|basic)[ \t+]+([\w.~+/=:-]{4,})/gi, afterScheme],
  [/(?<![\w-])eyJ[\w-]{4,}(?:\.[\w-]*){0,4}/gi, redacted],
];

const others: readonly Rule[] = [
  // User names, passwords, queries and fragments of URLs: they may contain signatures.
  [/([a-z][a-z\d+.-]{1,20}:\/\/)[^\s/?#@"'<>]*@/gi, `$1${redacted}@`],
  [/((?<!\/)\/\/[^\s?#"'<>]{1,2000})[?#][^\s"'<>]*/g, `$1?${redacted}`],
  [/\?[\w.~%[\]-]{1,100}=[^\s"'<>]*/g, `?${redacted}`],
  [/(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}][\p{L}\p{N}.-]*/gu, redacted],
  [/file:\/\/[^\s"'<>)]*/gi, redacted],
  // Paths of this and other servers. Request paths such as /api/v140/orders/{order_id} begin differently.
  [
    /(?<![\p{L}\p{N}.}\]])\/(?:app|bin|data|dev|etc|home|lib|media|mnt|opt|private|proc|root|run|srv|sys|tmp|usr|users|var|vol|volumes|work|workspace|www)\/[^\s"'<>(),;]+/giu,
    redacted,
  ],
  [
    /(?<![\p{L}\p{N}.}\]/]|:(?=\/\/))(?:\/[\w.@-]+)+\.(?:cnf|conf|db|env|go|ini|java|key|log|pem|php|py|pyc|rb|sock|sqlite)\b/giu,
    redacted,
  ],
  [/(?<![\p{L}\p{N}])[a-z]:\\[^\s"'<>(),;]*/giu, redacted],
  [/\\\\[\w.$-]+\\[^\s"'<>(),;]*/g, redacted],
  [/(?<!\w)\w+(?:\\{1,2}[A-Z]\w*)+/g, redacted],
  [/(?<!\w)\w+(?:\\{1,2}\w+){2,}/g, redacted],
  [ownOrNumber, (_, own) => own ?? redacted],
  [
    /\b(cvv2?|cvc2?|csc|pin|security[ _-]?code|ssn)([^\w\n]{1,3}(?:(?:is|was|of|code|number)[^\w\n]{1,3})?)\d{3,8}\b/gi,
    `$1$2${redacted}`,
  ],
];

const follow = (rules: readonly Rule[], text: string): string =>
  rules.reduce((masked, [pattern, shown]) => masked.replace(pattern, shown as string), text);

/** Removes everything with the form of personal data, a secret, or a detail of a server. */
export const withoutPersonal = (text: string): string =>
  follow(others, withoutNamed(follow(credentials, text)));

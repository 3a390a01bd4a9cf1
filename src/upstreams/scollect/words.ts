import { absentSentences, byFileNumber, withoutFileNumber } from './absent.ts';
import { longestText } from './texts.ts';

// Scollect describes results in undocumented sentences. This module determines their meaning for a request.

/** The possible meanings of a text for its request. A text may have several. */
export type Sign =
  /** A charge was approved. */
  | 'approves'
  /** A write was executed. */
  | 'confirms'
  /** The request was understood and declined. */
  | 'declines'
  /** The outcome is open: it is pending, held, partial or reversed, or was reached by an earlier request. */
  | 'open'
  /** The server, or a connection behind it, failed while it worked. */
  | 'breaks'
  /** No record was changed. */
  | 'changesNothing'
  /** The documented sentence that the requested object does not exist. */
  | 'absent'
  /** The input has a fault. */
  | 'invalid'
  /** Something did not succeed; whether anything was executed is not stated. */
  | 'faults';

const changed =
  '(?:updated|inserted|added|created|changed|affected|modified|recorded|saved|sent|processed|uploaded|scheduled)';
const records =
  '(?:payments?|rows?|records?|fields?|accounts?|entries|items?|changes|data|info|information|e-?mails?|texts?|messages?)';
const accountKinds = '(?:credit |debit |bank |checking |savings |payment )?(?:card|account)';
const unusable = '(?:expired|closed|inactive|frozen|restricted|disabled|locked|suspended)';

/**
 * The words of each sign: regular expressions that match whole words of a lower-case text.
 *
 * A new finding is one more row. The expressions are written without boundaries, which are added to each.
 */
export const signWords: Readonly<Record<Sign, readonly string[]>> = {
  approves: [
    'approv(?:ed|al)',
    'authori[sz]ed',
    'accepted',
    'captured',
    'charged(?! ?-?back)',
    'completed',
    'ok(?:ay)?',
    'paid',
    'posted',
    'processed',
    'settled',
    'success(?:ful|fully)?',
    'succeeded',
  ],
  confirms: ['success(?:ful|fully)?', 'succeeded', 'completed', changed],
  declines: [
    'declin(?:e|es|ed|ing)',
    'denied',
    'disapproved',
    'rejected',
    'refused',
    'unauthori[sz]ed',
    'forbidden',
    'blocked',
    'not (?:been )?(?:approved|authori[sz]ed|accepted|permitted|allowed|hono(?:u)?red|supported|enabled)',
    '(?:no|insufficient) permissions?',
    '(?:insufficient|non[- ]?sufficient|insuf)(?: available)? (?:funds?|balance|credit)',
    'nsf',
    'do not hono(?:u)?r',
    `${accountKinds} (?:is |was |has )?(?:been )?${unusable}`,
    `(?:${unusable}|lost|stolen|invalid|incorrect|bad|unsupported) ${accountKinds}`,
    `is ${unusable}`,
    '(?:invalid|incorrect) (?:routing|expiration|expiry|security|cvv2?|cvc2?|cvn|pin|amount|aba)',
    '(?:cvv2?|cvc2?|cvn|avs|address|zip|security code|pin) (?:mismatch|does not match|did not match)',
    'pick ?-?up(?: card)?',
    'stop payment',
    'payments? stopped',
    'revoked|revocation',
    'fraud(?:ulent)?',
    'security violation',
    '(?:call|refer to) (?:the )?(?:card )?(?:issuer|bank|voice center)',
    '(?:exceeds|exceeded)(?: (?:the )?\\w+){0,3} (?:limit|amount|balance)',
    'over (?:the )?(?:credit |card |daily )?limit',
    'limit (?:reached|exceeded)',
    'no (?:such|checking|savings|credit) (?:account|issuer|card)',
    'no card on file',
    'unable to locate account',
  ],
  open: [
    'pending(?! payments?)',
    'processing',
    'in (?:process|progress)',
    'will be',
    'queued?',
    'submitted',
    'held',
    'on hold',
    'hold for',
    'review(?:ed|ing)?',
    'await(?:s|ing)?',
    'partial(?:ly)?',
    'incomplete',
    'void(?:ed)?',
    'revers(?:ed|al)',
    'refund(?:ed)?',
    'charged? ?-?back',
    'cancell?ed',
    'already',
    'duplicate[ds]?',
    'unknown',
    'uncertain',
    'indeterminate',
    'not (?:been )?(?:declined|denied|rejected|refused)',
    '(?<done>[1-9]\\d{0,5}) (?:of|out of|/) (?!\\k<done>(?!\\d))[1-9]\\d{0,5}',
  ],
  breaks: [
    'no (?:response|answer|reply)',
    '(?:invalid|bad|empty|missing|malformed|unreadable|unexpected) response',
    'communicat\\w*',
    'connect(?:ion|ing|ed)?',
    'network',
    'socket',
    'time[- ]?out',
    'timed out',
    'abort(?:ed)?',
    'interrupted',
    'unavailable',
    'offline',
    'max retries',
    'server',
    'bad gateway',
    'gateway (?:error|time)',
    'internal',
    'unexpected',
    'unhandled',
    'went wrong',
    'exception',
    '\\w+(?:error|exception)',
    'traceback',
    'errno',
    'out of range',
    'positional argument',
    'keyword argument',
    'invalid literal',
    'could not convert',
    'division by zero',
    'list indices',
    'broken pipe',
    'certificate',
    '(?:my)?sql\\w*',
    'celery',
    'broker',
    'nonetype',
    'has no attribute',
    'object is not',
    'not defined',
    'deadlock',
    'lock wait',
    'syntax error',
    'database error',
    'heartbeat',
    'worker',
    'crash(?:ed)?',
  ],
  changesNothing: [
    `(?:0|zero) (?:\\w+ ){0,3}(?:were |was |(?:have|has) been )?${changed}`,
    `no (?:pending )?${records} (?:were |was |(?:have|has) been )?(?:${changed}|made)`,
    `${changed}(?: ${records})?:? (?:0|zero|none)(?! (?:of|out))`,
    `${records} ${changed}:? (?:0|zero|none)`,
  ],
  // Whole sentences: other missing things, such as a server or settings, prove nothing.
  absent: absentSentences.map(([sentence]) => sentence),
  invalid: ['missing', 'invalid', 'required', 'must', 'at least one', 'need to provide'],
  faults: [
    'errors?',
    'fail(?:s|ed|ure|ures|ing)?',
    'unsuccessful(?:ly)?',
    'incorrect',
    'unable',
    'cannot',
    'could',
    'problems?',
    'not',
    "\\w+n't",
    'nothing',
    'none',
    'false',
  ],
};

const whole = (expression: string, flags = 'u'): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${expression})(?![\\p{L}\\p{N}])`, flags);

const matcher = (words: readonly string[]): RegExp => whole(words.join('|'));

// Object.entries loses the types of the keys.
const matchers = Object.entries(signWords).map(([sign, words]) => [sign as Sign, matcher(words)] as const);

/** Words that negate the next three words. */
const conditions =
  "(?:not|no|never|nothing|none|neither|nor|without|cannot|already|must|should|can|could|may|might|would|will|to|before|until|unless|if|when|awaiting|pending(?! payments?)|needs?|requires?|\\w+n't)";

/** Phrases that resemble a statement of success, and are none. */
const noStatements: readonly RegExp[] = [
  whole(signWords.changesNothing.join('|'), 'gu'),
  whole('approval (?:was )?(?:denied|declined|refused|rejected|required|needed)', 'gu'),
  whole(
    `${conditions}(?: [\\p{L}\\p{N}'-]+){0,3} (?:${[...signWords.approves, ...signWords.confirms].join('|')})`,
    'gu',
  ),
];

const statements = ['approves', 'confirms'] as const;
const statementMatchers = statements.map((sign) => [sign, matcher(signWords[sign])] as const);

const plain = (text: string): string =>
  text
    .slice(0, longestText)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[_\s]+/gu, ' ')
    .trim();

/** Returns the signs of a text; none for a text without known words. A text that is too long is open. */
export const signsIn = (text: string): Set<Sign> => {
  const words = plain(text);
  const signs = new Set(matchers.filter(([, matches]) => matches.test(words)).map(([sign]) => sign));
  const stated = noStatements.reduce((rest, expression) => rest.replace(expression, ' ; '), words);
  for (const [sign, matches] of statementMatchers) {
    if (signs.has(sign) && !matches.test(stated)) {
      signs.delete(sign);
      signs.add('faults');
    }
  }
  if (text.length > longestText) signs.add('open');
  return signs;
};

const absences = absentSentences.map(([sentence, operations]) => [matcher([sentence]), operations] as const);

/** Returns whether a text is the documented sentence that the requested object of an operation does not exist. */
export const statesAbsence = (text: string, operation: string): boolean =>
  absences.some(
    ([matches, operations]) =>
      (operations === byFileNumber
        ? !withoutFileNumber.includes(operation)
        : operations.includes(operation)) && matches.test(plain(text)),
  );

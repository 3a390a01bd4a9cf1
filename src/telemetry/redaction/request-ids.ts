import { isCardNumber } from '../../values/check-digits.ts';

interface TextRedactor {
  readonly text: (text: string) => string;
  readonly withoutSecrets: (text: string) => string;
}

const uuid = /^(?=[\d-]{0,35}[a-f])[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
const hexadecimal = /^(?=\d{0,31}[a-f])[\da-f]{32}$/;
/** With a digit: a text of letters alone could be a name. */
const bounded = /^(?=[A-Za-z._-]*\d)[A-Za-z\d._-]{8,128}$/;

/** Whether a text has the form of a trace id, or of a request id of nginx: 32 random hexadecimal digits. */
const isRandom = (text: string): boolean =>
  hexadecimal.test(text) && !(text.match(/\d{12,}/g) ?? []).some(isCardNumber);

/**
 * Whether the id of a request, which a proxy chose, can be shown: a UUID, 32 hexadecimal digits, or 8 to 128 letters,
 * digits, dots, dashes and underscores, with a digit, of which nothing is redacted.
 */
export const isShownRequestId = (id: string, { text, withoutSecrets }: TextRedactor): boolean => {
  if (uuid.test(id)) return true;
  if (isRandom(id)) return withoutSecrets(id) === id;
  return bounded.test(id) && text(id) === id;
};

/** Names under which a log line contains ids of requests. */
const idNames: ReadonlySet<string | undefined> = new Set(['requestId', 'traceId']);

/** Whether a text is an id of a request in the form of 32 hexadecimal digits, which would count as a key. */
export const isHexId = (name: string | undefined, text: string): boolean =>
  idNames.has(name) && /^[\da-f]{32}$/.test(text);

/** What layers before and in the upstreams say of a token that they do not accept. A new finding is one more row. */
const tokenWords: readonly string[] = [
  'unauthenticated',
  'token (?:has |is |was )?(?:been )?(?:expired|invalid|revoked|missing|required|not valid|not found|not provided|blacklisted)',
  '(?:expired|invalid|missing|bad|revoked|no) (?:\\w+ )?token',
  'signature (?:has expired|verification failed)',
  'not enough segments',
  '(?:missing|bad) (?:authorization header|jwt)',
  'invalid api credentials',
];

const expression = new RegExp(`\\b(?:${tokenWords.join('|')})\\b`, 'i');

const longest = 1000;

/**
 * Whether a text says that the token, or the credentials behind it, is not accepted. Words are enough for a read,
 * which may be sent again; they prove nothing about a write.
 */
export const isAboutToken = (text: string): boolean =>
  expression.test(text.slice(0, longest).replace(/[_\s]+/g, ' '));

/** Expressions by which upstreams and the layers in front of them reject a token. New findings are added as rows. */
const tokenWords: readonly string[] = [
  'unauthenticated',
  'token (?:has |is |was )?(?:been )?(?:expired|invalid|revoked|missing|required|not valid|not found|not provided|blacklisted)',
  '(?:expired|invalid|missing|bad|revoked|no) (?:\\w+ )?token',
  'signature (?:has expired|verification failed)',
  'not enough segments',
  '(?:missing|bad|invalid) (?:authorization header|jwt|api ?key|api token|credentials|access token)',
  '(?:jwt|api ?key|api credentials|credentials|session) (?:has |have |is |are |was )?(?:been )?(?:expired|invalid|revoked|not valid|timed out)',
  'invalid (?:api|login|user|access) credentials',
  'invalid (?:header|payload|crypto) (?:padding|string)',
  'could not validate credentials',
  'authentication (?:credentials were not provided|required|failed)',
  'not (?:authenticated|logged in)',
  'log ?in (?:again|required)',
];

const expression = new RegExp(`\\b(?:${tokenWords.join('|')})\\b`, 'i');

const longest = 1000;

/**
 * Whether a text states that the token or its credentials are rejected. That is enough for a read, which may be sent
 * again, and proves nothing about a write.
 */
export const isAboutToken = (text: string): boolean =>
  expression.test(text.slice(0, longest).replace(/[_\s]+/g, ' '));

/** The keys in which upstreams and the layers in front of them report the actual status under another HTTP status. */
const statusKeys = ['code', 'status', 'status_code', 'statusCode', 'error_code', 'errorCode'] as const;

/** Whether an object has the status 401 under one of these keys. */
export const hasTokenStatus = (body: Readonly<Record<string, unknown>>): boolean =>
  statusKeys.some((key) => body[key] === 401 || body[key] === '401');

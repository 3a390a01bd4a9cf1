import { randomBytes } from 'node:crypto';
import { secrets as sent } from '../support/canary-requests.ts';
import { jwtSecret } from '../support/token.ts';

// All of it is made up.

/** What the gateway is set up with. */
export const configured = {
  'API key': 'canary_api_key_Xy1',
  PIN: 'canary_pin_Zw3',
  "upstream's user": 'canary_user_Tp8',
  "upstream's password": 'canary_password_Rr5',
  'JWT secret': jwtSecret,
  'gateway key': randomBytes(32).toString('hex'),
} as const;

/** What the upstreams hand out for it. */
export const tokens = {
  'token of Scollect': 'canary_token_Vu5',
  'token of RecoveryConnect': 'canary_token_Ws6',
  'refresh token': 'canary_refresh_Nm4',
} as const;

/** What callers send, and nobody is to see again. */
export const written = {
  card: sent.card,
  'other card': sent['other card'],
  'card that is none': sent['card that is none'],
  'security code': sent['security code'],
  'bank account': sent['bank account'],
  'routing number': sent['routing number'],
  SSN: sent.ssn,
  'date of birth': '1937-10-23',
  'idempotency key': sent['idempotency key'],
  'claim of a token': 'canary_claim_Bq9',
} as const;

/** What the upstreams keep about people: shown whole to callers with `pii:read` alone, in fields of their own. */
export const kept = {
  'SSN of a debtor': '913-66-5529',
  'SSN of another': '914-77-6630',
  'date of birth of a debtor': '1938-11-24',
  'number of an account': '70001112223334',
  "driver's license": 'D5559998887',
} as const;

/** What the upstreams keep or say that is nobody's business. */
export const internal = {
  'card of a debtor': '4012888888881881',
  'token of a card': '9zqe-kk32-yqlc-3q28',
  'path on a server': '/var/www/canary_releases/Borrower.php',
  'class of a server': 'App\\Http\\CanaryResource',
  'function of a server': 'canaryConstruct',
  'words of an upstream': 'zyzzyvaquux',
} as const;

const signature = 'fe5f80f77d5fa3be9c1d';

/** The address of a photo, signed by what stands in it. */
export const photoUrl = `https://photos.example.com/orders/canary_photo.jpeg?X-Amz-Expires=1800&X-Amz-Signature=${signature}`;

/** All of them by what they are. */
export const canaries = {
  ...configured,
  ...tokens,
  ...written,
  ...kept,
  ...internal,
  'address of a photo': photoUrl,
  'signature of a photo': signature,
} as const;

/** What an upstream says that repeats all that it knows. */
export const indiscretion = `of ${Object.values(canaries).join(', ')}`;

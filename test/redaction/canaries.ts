/** What must be found by its form alone: as it is placed, and what of it must not come out. */
export interface Canary {
  readonly text: string;
  readonly secret: string;
}

const jwt = [
  { alg: 'HS256', typ: 'JWT' },
  { sub: 'swordfish', exp: 4102444800 },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2lnbmF0dXJlLW9mLW5vYm9keQ')
  .join('.');

const same = (text: string): Canary => ({ text, secret: text });

export const canaries: Readonly<Record<string, Canary>> = {
  card: same('4242424242424242'),
  'card in groups': same('4242 4242 4242 4242'),
  SSN: same('219-09-9999'),
  'SSN without dashes': same('219099999'),
  'bank account': same('908172635441'),
  'e-mail address': same('jane.roe+1@mail.example.org'),
  JWT: same(jwt),
  'bearer token': { text: 'Bearer swordfish-91x', secret: 'swordfish-91x' },
  'basic credentials': { text: 'Basic dXNlcjpzd29yZGZpc2g=', secret: 'dXNlcjpzd29yZGZpc2g' },
  'pre-signed URL': {
    text: 'https://files.example.com/photos/1.jpg?X-Amz-Credential=AKIAQ&X-Amz-Signature=fe5f80f77d5fa3be',
    secret: 'fe5f80f77d5fa3be',
  },
  'user of a URL': { text: 'https://jroe:swordfish@db.example.com/x', secret: 'swordfish' },
  'fragment of a URL': { text: 'https://app.example.com/cb#state=swordfish', secret: 'swordfish' },
  path: same('/var/www/portal/app/Models/Borrower.php'),
  'path of Windows': same('C:\\inetpub\\portal\\Borrower.cs'),
  'class name': same('App\\Exceptions\\BorrowerNotFound'),
  'password in a text': { text: '{"password":"swordfish"}', secret: 'swordfish' },
  'security code in a text': { text: 'cvv=9738', secret: '9738' },
};

type Encode = (text: string) => string;

/** A text as it stands inside the encoding of something longer, which begins so many bytes before. */
const within =
  (bytes: number, encoding: BufferEncoding): Encode =>
  (text) =>
    Buffer.from(`${'"'.repeat(bytes)}${text}"`).toString(encoding);

const percents: Encode = (text) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

export const encodings: Readonly<Record<string, Encode>> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify(JSON.stringify({ text })),
  URL: encodeURIComponent,
  'URL in a URL': (text) => encodeURIComponent(encodeURIComponent(text)),
  percents,
  form: (text) => new URLSearchParams({ text }).toString(),
  base64: within(0, 'base64'),
  'base64, one on': within(1, 'base64'),
  'base64, two on': within(2, 'base64'),
  base64url: within(0, 'base64url'),
  'base64url, one on': within(1, 'base64url'),
  'base64url, two on': within(2, 'base64url'),
  hex: within(0, 'hex'),
  'hex in capitals': (text) => within(1, 'hex')(text).toUpperCase(),
};

export const casings: Readonly<Record<string, Encode>> = {
  'as it is': (text) => text,
  capitals: (text) => text.toUpperCase(),
  'small letters': (text) => text.toLowerCase(),
};

class Holder {
  readonly held: unknown;
  constructor(held: unknown) {
    this.held = held;
  }
}

type Place = (text: string) => unknown;

export const positions: Readonly<Record<string, Place>> = {
  value: (text) => ({ note: text }),
  key: (text) => ({ [text]: 1 }),
  'two keys': (text) => ({ [text]: 1, [`${text} `]: 2 }),
  'item of a list': (text) => ['one', text, 3],
  message: (text) => ({ msg: `could not do "${text}" today` }),
  'message of an error': (text) => new Error(`no ${text}`),
  'message of several lines': (text) => new Error(`no\n    at ${text} (/app/src/x.ts:1:1)\n  at ${text}`),
  'name of an error': (text) => Object.assign(new Error('no'), { name: text }),
  'code of an error': (text) => Object.assign(new Error('no'), { code: text }),
  'property of an error': (text) => Object.assign(new Error('no'), { input: text, body: { text } }),
  'cause of an error': (text) => new Error('no', { cause: new TypeError(text, { cause: { text } }) }),
  'error among errors': (text) => new AggregateError([new Error(text), { text }], text),
  'value of a map': (text) => new Map([['note', { text }]]),
  'key of a map': (text) => new Map([[text, 1]]),
  'item of a set': (text) => new Set([text]),
  toJSON: (text) => ({ toJSON: () => ({ inner: { toJSON: () => [text] } }) }),
  getter: (text) => ({
    get note() {
      return text;
    },
  }),
  'boxed text': (text) => ({ note: Object(text) }),
  'instance of a class': (text) => new Holder([text]),
  'object without a prototype': (text) => Object.assign(Object.create(null), { note: text }),
  bytes: (text) => Buffer.from(text),
  symbol: (text) => ({ note: Symbol(text), [Symbol(text)]: text }),
  function: (text) => ({ note: Object.defineProperty(() => text, 'name', { value: text }) }),
  proxy: (text) => new Proxy({ note: text }, {}),
};

const wraps: readonly ((value: unknown) => unknown)[] = [
  (value) => ({ inner: value }),
  (value) => [value],
  (value) => new Map([['inner', value]]),
  (value) => ({ toJSON: () => ({ inner: value }) }),
  (value) => new Holder(value),
];

/** Puts a value so many levels down, in all kinds of holders by turns. */
export const under = (depth: number, value: unknown): unknown =>
  Array.from({ length: depth }).reduce<unknown>(
    (held, _, index) => wraps[index % wraps.length]?.(held),
    value,
  );

/** Whether a text gives a secret away, in any letter case or as its encodings write it. */
export const reveals = (text: string, secret: string, written: string): boolean =>
  [secret, written].some((form) => text.toLowerCase().includes(form.toLowerCase()));

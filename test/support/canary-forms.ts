/** A text as it stands inside the base64 of anything longer, at each of the three places where it can begin. */
const base64Forms = (text: string, encoding: 'base64' | 'base64url'): string[] =>
  [0, 1, 2].map((place) => {
    const bytes = Buffer.from('x'.repeat(place) + text);
    // The first and the last characters hold bits of adjacent text.
    const first = Math.ceil((place * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return bytes.toString(encoding).slice(first, last);
  });

const grouped = (digits: string, by: string): string[] =>
  [3, 4].map((size) => digits.match(new RegExp(`.{1,${size}}`, 'g'))?.join(by) ?? digits);

/** A day as the upstreams and other servers write it. */
const daysOf = (text: string): string[] => {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === '') return [];
  const name = new Date(`${text}T00:00:00Z`).toUTCString().slice(5, 16);
  return [
    `${month}/${day}/${year}`,
    `${Number(month)}/${Number(day)}/${year}`,
    `${year}${month}${day}`,
    name,
  ];
};

/** All the ways in which a secret could have been written down. */
export const formsOf = (secret: string): string[] => {
  const digits = secret.replace(/[\s-]/g, '');
  const encoded = encodeURIComponent(secret);
  const plain = [secret, encoded, JSON.stringify(secret).slice(1, -1)];
  const spaced = /^\d{8,}$/.test(digits)
    ? [digits, ...[' ', '-', '.', '%20', '+'].flatMap((by) => grouped(digits, by))]
    : [];
  const ssn = /^\d{9}$/.test(digits)
    ? ['-', ' ', '.'].map((by) => digits.replace(/^(...)(..)(....)$/, `$1${by}$2${by}$3`))
    : [];
  const texts = [...plain, ...spaced, ...ssn, ...daysOf(secret)];
  const hex = texts.map((text) => Buffer.from(text).toString('hex'));
  const base64 = texts.flatMap((text) => [...base64Forms(text, 'base64'), ...base64Forms(text, 'base64url')]);
  const twice = encodeURIComponent(encoded);
  return [...new Set([...texts, twice, ...hex, ...hex.map((text) => text.toUpperCase()), ...base64])];
};

// Ids and times have digits of their own, among which any four would be found one day.
const digitsOfNobody = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g,
  /127\.0\.0\.1:\d+/g,
];

/** Digests, and what was measured, may have any four of them. */
const digitsOfChance = [
  /[0-9a-f]{32,}/g,
  /^([a-z_][a-z\d_]*(?:\{.*\})?) -?[\d.e+-]+$/gm,
  /"content-length","\d+"/g,
];

/** The names of such numbers, such as labels of a metric, are searched anyway. */
const notLooked = (_: string, label: unknown): string => (typeof label === 'string' ? `${label} #` : '#');

const without = (text: string, patterns: readonly RegExp[]): string =>
  patterns.reduce((rest, pattern) => rest.replace(pattern, notLooked), text);

const longest = 5;
const begin = 4;

interface Form {
  readonly name: string;
  readonly form: string;
}

const placeOf = (text: string, at: number): number =>
  (text.charCodeAt(at) * 29_791 +
    text.charCodeAt(at + 1) * 961 +
    text.charCodeAt(at + 2) * 31 +
    text.charCodeAt(at + 3)) &
  0xffff;

/** Finds any of many texts while it goes once through another: outputs have millions of characters. */
const finderOf = (forms: readonly Form[]): ((text: string) => string[]) => {
  const byBegin = new Map<number, Form[]>();
  const isBegin = new Uint8Array(0x1_0000);
  for (const one of forms) {
    const place = placeOf(one.form, 0);
    isBegin[place] = 1;
    byBegin.set(place, [...(byBegin.get(place) ?? []), one]);
  }
  return (text) => {
    const found = new Set<string>();
    for (let at = 0; at + begin <= text.length; at += 1) {
      const place = placeOf(text, at);
      if (isBegin[place] === 0) continue;
      for (const { name, form } of byBegin.get(place) ?? []) {
        if (text.startsWith(form, at)) found.add(`${name} as ${form}`);
      }
    }
    return [...found];
  };
};

type Secrets = Readonly<Record<string, string>>;

const searches = new WeakMap<Secrets, (text: string) => string[]>();

const searchFor = (secrets: Secrets): ((text: string) => string[]) => {
  // What is shorter stands in every other text.
  const forms = Object.entries(secrets)
    .flatMap(([name, secret]) => formsOf(secret).map((form) => ({ name, form })))
    .filter(({ form }) => form.length >= begin);
  const findLong = finderOf(forms.filter(({ form }) => form.length > longest));
  const findShort = finderOf(forms.filter(({ form }) => form.length <= longest));
  return (text) => {
    const searched = without(text, digitsOfNobody);
    return [...findLong(searched), ...findShort(without(searched, digitsOfChance))];
  };
};

/** Names the secrets that are found in a text. */
export const leaksIn = (text: string, secrets: Secrets): string[] => {
  const search = searches.get(secrets) ?? searchFor(secrets);
  searches.set(secrets, search);
  return search(text);
};

/** A text as it stands inside the base64 of anything longer, at each of the three places where it can begin. */
const base64Forms = (text: string, encoding: 'base64' | 'base64url'): string[] =>
  [0, 1, 2].map((place) => {
    const bytes = Buffer.from('x'.repeat(place) + text);
    // The first and the last characters hold bits of what stands beside it.
    const first = Math.ceil((place * 8) / 6);
    const last = Math.floor((bytes.length * 8) / 6);
    return bytes.toString(encoding).slice(first, last);
  });

const grouped = (digits: string, by: string): string[] =>
  [3, 4].map((size) => digits.match(new RegExp(`.{1,${size}}`, 'g'))?.join(by) ?? digits);

/** All the ways in which a secret could have been written down. */
export const formsOf = (secret: string): string[] => {
  const digits = secret.replace(/[\s-]/g, '');
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  const spaced = /^\d{8,}$/.test(digits)
    ? [digits, ...[' ', '-', '.', '%20', '+'].flatMap((by) => grouped(digits, by))]
    : [];
  const ssn = /^\d{9}$/.test(digits) ? [digits.replace(/^(...)(..)(....)$/, '$1-$2-$3')] : [];
  const texts = [...plain, ...spaced, ...ssn];
  const hex = texts.map((text) => Buffer.from(text).toString('hex'));
  const base64 = texts.flatMap((text) => [...base64Forms(text, 'base64'), ...base64Forms(text, 'base64url')]);
  return [...new Set([...texts, ...hex, ...hex.map((text) => text.toUpperCase()), ...base64])];
};

// Ids and times have digits of their own, among which any four would be found one day.
const digitsOfNobody = [
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
  /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g,
  /"time":\d{13}/g,
  /"document":"[0-9a-f]{64}"/g,
  /127\.0\.0\.1:\d+/g,
];

/** Names the secrets that are found in a text. */
export const leaksIn = (text: string, secrets: Readonly<Record<string, string>>): string[] => {
  const searched = digitsOfNobody.reduce((rest, pattern) => rest.replace(pattern, '#'), text);
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret)
      .filter((form) => searched.includes(form))
      .map((form) => `${name} as ${form}`),
  );
};

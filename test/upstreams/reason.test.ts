import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanReason } from '../../src/upstreams/endpoint/reason.ts';
import { writtenAs } from '../support/card-secrets.ts';

/** What is personal, and what belongs to the upstream's own house. */
const hidden = [
  'John',
  'Beeblebrox',
  'JOHN',
  'José',
  'Zoe\u0301',
  'Ωμέγα',
  '李小龍',
  "O'Brien",
  'D’Angelo',
  'Müller-Lüdenscheidt',
  'J.Doe',
  'R1001',
  '111-22-3333',
  '111223333',
  '1985-03-07',
  '03/07/1985',
  '$1,234.56',
  '(614)555-0142',
  '+16145550142',
  '021000021',
  '739',
  '05',
  '٤٢٤٢',
  'zaphod@example.net',
  'Kaptain.Zaphod+1@mail.example.net',
  'App\\Models\\Order',
  'sqlalchemy.exc.ProgrammingError',
  '/var/www/app/config.php',
  'C:\\inetpub\\logs',
  'https://example.net/login?zaphod',
  '1HGCM82633A004352',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
] as const;

/** Words of the upstreams that a caller can do something with. */
const reasons = [
  'account',
  'declined',
  'card',
  'invalid',
  'payment',
  'the',
  'not',
  'found',
  'Missing',
  'FIELD',
] as const;

/** What is left of a text that is shown as `…`. */
const remains = (text: string, ...parts: readonly string[]): string[] => {
  const cleaned = cleanReason(text) ?? '';
  return parts.filter((part) => cleaned.toLowerCase().includes(part.toLowerCase()));
};

describe('cleanReason', () => {
  it.each([
    'Data not found for this filenumber',
    'At least one update field must be provided.',
    'The given data was invalid.',
    'The borrowers.0.lastname field is required.',
    'The borrowers.0.phones.12.number field is invalid.',
    'INSUFFICIENT FUNDS',
    "Card can't be charged",
    'Card can’t be charged',
    'Declined: do not honor!',
    'payment_date is invalid',
    'HELD FOR REVIEW',
    'PARTIAL APPROVAL',
    'VOIDED',
    'Transaction voided',
    'Recipient has unsubscribed',
    'Exceeds withdrawal limit',
    'PIN tries exceeded',
    'System malfunction at the acquirer, resubmit',
    'AVS mismatch; not permitted to cardholder',
    'Message undelivered: carrier violation, landline or unreachable handset',
    'Mailbox quota exceeded',
    'Consent revoked: cease and desist',
    'Order 1081-1 is on hold.',
    'Order 1081-1.',
    'order no. 20551 is closed',
    'order id: 4820193 not found',
    'Order number 1081-12 already exists',
    'Account not found? Try again; or (later) contact the bank.',
  ])('leaves alone: %s', (text) => {
    expect(cleanReason(text)).toBe(text);
  });

  it.each<readonly [string, string]>([
    ['No payment info found with filenumber R46', 'No payment info found with filenumber …'],
    ['SSN of 111-22-333 not found', 'SSN of … not found'],
    ['The field s does not exist in the dbase table.', 'The field … does not exist in the dbase table.'],
    ['Card 4242 4242 4242 4242 of John Doe was declined', 'Card … of … was declined'],
    ['Card 4242-4242-4242-4242 was declined', 'Card … was declined'],
    ['Card ４２４２４２４２４２４２４２４２ was declined', 'Card … was declined'],
    ['Invalid value "Zaphod Beeblebrox" in field name', 'Invalid value … in field name'],
    ['e-mail john.doe@example.com is invalid', 'e-mail … is invalid'],
    ['No such file /var/www/app/config.php', 'No … file …'],
    ['App\\Models\\Order not found', '… not found'],
    ['<h1>Not found</h1><p>John</p>', '… Not found …'],
    ['threedigitnumber 739 is invalid', '… is invalid'],
    ['payment for R1001: amount 100.00 exceeds limit', 'payment for …: amount … exceeds limit'],
    ['Order 111-22-3333 not found', 'Order … not found'],
    ['Order 111-22 3333 not found', 'Order … not found'],
    ['order 111223333 not found', 'order … not found'],
    ['order 6149321578 not found', 'order … not found'],
    ['order 614-9321578 not found', 'order … not found'],
    ['order 4242 4242 4242 4242 not found', 'order … not found'],
    ['order 4242-42 42-42 not found', 'order … not found'],
    ['order of 1081-1 not found', 'order of … not found'],
    ['order, 1081-1 not found', 'order, … not found'],
    ['account 1081-1 not found', 'account … not found'],
    ['Do not honor (code 05).', 'Do not honor (code …).'],
    ['  payment\r\n\tdeclined ', 'payment declined'],
    ['payment\u0000 de\u00adclined', 'payment …'],
    ['not\u202efound', 'not found'],
    ['\ud800 declined', 'declined'],
    ['ｄｅｃｌｉｎｅｄ', 'declined'],
  ])('cleans %j', (text, cleaned) => {
    expect(cleanReason(text)).toBe(cleaned);
  });

  it.each([
    undefined,
    '',
    ' ',
    '…',
    '!!! 42 ???',
    'a',
    'John',
    'Zaphod Beeblebrox',
    '4242424242424242',
    '4242 4242 4242 4242',
    '{"payorname":"John Doe","cardnumber":"4242424242424242"}',
    'cardnumber=4242424242424242&threedigitnumber=739',
    'https://example.com/account/name/payment',
    'x'.repeat(100_000),
  ])('is null where nothing is left: %j', (text) => {
    expect(cleanReason(text)).toBeNull();
  });

  it.each(hidden)('does not show %s, wherever it stands', (part) => {
    const sentences = [
      part,
      `${part} is invalid`,
      `the account of ${part} was not found`,
      `invalid: ${part}.`,
      `name="${part}", card declined`,
      `card ('${part}') declined`,
      `payment (${part}) declined`,
      `declined,${part},card`,
      `<b>${part}</b> declined`,
      `“${part}” declined`,
      `declined ${part.toUpperCase()} ${part.toLowerCase()} ${part.normalize('NFD')}`,
    ];
    const words = part.normalize('NFKC').match(/[\p{L}\p{M}]{4,}|\d{2,}/gu) ?? [];
    expect(sentences.flatMap((sentence) => remains(sentence, part, ...words))).toEqual([]);
  });

  it.each(['4242424242424242', '908172635', '021000021', '321549876'])(
    'does not show %s, however it is written',
    (digits) => {
      for (const form of writtenAs(digits)) {
        expect(cleanReason(`number ${form} is invalid`)).toBe('number … is invalid');
        expect(cleanReason(`number:${form}, invalid`) ?? '').not.toMatch(/\d/);
      }
    },
  );

  it.each([
    'card-42-42-42-42-42-42-42-42',
    'number_4_2_4_2_4_2_4_2_4_2_4_2_4_2_4_2',
    'account.12.34.56.78',
    'date-03/07/85',
  ])('does not show the groups of a number that hang on a word: %s', (text) => {
    expect(cleanReason(`the ${text} is invalid`)).toBe('the … is invalid');
  });

  it('shows no number of three digits, no quotes, no addresses and no names', () => {
    const part = fc.oneof(
      fc.constantFrom(...reasons),
      fc.constantFrom(...hidden),
      fc.constantFrom(',', '. ', ': "', '"', "'", ' <', '>', '\n', '{', '}', '=', '&', '…'),
      fc.string({ unit: 'binary' }),
      fc.nat().map(String),
    );
    fc.assert(
      fc.property(fc.array(part), fc.constantFrom(' ', '  ', ''), (parts, between) => {
        const cleaned = cleanReason(parts.join(between)) ?? 'nothing';
        expect(cleaned).not.toMatch(/\p{Nd}{3}|["“”`<>{}@\\=&]|\p{Cc}|\p{Cs}/u);
        expect(cleaned).not.toMatch(/john|beeblebrox|jos|zoe|zaphod|eyJ|https/i);
        expect(cleaned.length).toBeLessThanOrEqual(200);
        expect(cleaned).toBe(cleaned.trim());
      }),
      { seed: 20_240_229, numRuns: 300 },
    );
  });

  it('shows no more than 200 characters, and says that there were more', () => {
    const cleaned = cleanReason('card declined '.repeat(10_000)) ?? '';
    expect(cleaned).toMatch(/^card declined (?:.*)…$/);
    expect(cleaned.length).toBeLessThanOrEqual(200);
    expect(cleanReason('declined'.padEnd(200, ' again'))).toHaveLength(200);
  });
});

import { describe, expect, it } from 'vitest';
import { cities, firstNames, lastNames, streets } from '../../sandbox/seed/names.ts';
import { createKeyMask } from './key-mask.ts';

const mask = createKeyMask(['filenumber', 'CO AMT', 'log.filenumber', 'leinholder']);

const wordsOf = (texts: readonly string[]): string[] => texts.flatMap((text) => text.split(' '));

/** Words that are the names of fields in every system. */
const alsoFields = /^(?:street|city|state|st|ave|page|day|house|main|park|fields|county|mobile|\d+)$/i;

const names = [
  ...firstNames,
  ...lastNames,
  ...wordsOf([...streets]),
  ...wordsOf(cities.map(({ name }) => name)),
].filter((name) => !alsoFields.test(name));

describe('a key mask', () => {
  it.each(['filenumber', 'CO AMT', 'log.filenumber'])('shows the documented key %s', (key) => {
    expect(mask.shown(key)).toBe(key);
  });

  it.each([
    'phone15',
    'email_verified',
    'lastContactDate',
    'asset1value',
    'clientid',
    'payment_type',
    'leinholder2',
  ])('shows %s, which consists of words of schemas', (key) => {
    expect(mask.shown(key)).toBe(key);
  });

  it.each([
    ['111-22-3333', '{999-99-9999}'],
    ['123456789', '{9 digits}'],
    ['57062885', '{digits}'],
    ['phone6789321578', '{letters and digits}'],
    ['mary.jones@example.com', '{e-mail}'],
    ['Jones', '{letters}'],
    ['Mary Jones', '{words}'],
    ['mary_jones_phone', '{text}'],
    ['phoneofmary', '{letters}'],
    ['12 Main St', '{text}'],
    ['https://example.com/x', '{url}'],
    ['телефон', '{letters}'],
    ['', '{blank}'],
    ['__proto__', '{text}'],
    ['account '.repeat(20), '{words}'],
  ])('masks %j as %s', (key, shown) => {
    expect(mask.shown(key)).toBe(shown);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['a map by name', ['Page', 'Jones', 'Fields'], ['{letters}', '{letters}', '{letters}']],
    ['a map by number', ['account', '57062885'], ['{letters}', '{digits}']],
    ['a row', ['filenumber', 'Jones', 'page'], ['filenumber', '{letters}', 'page']],
    ['a new object', ['email', 'last_page'], ['email', 'last_page']],
  ])('%s: masks all keys if one is masked and none is documented', (_, keys, shown) => {
    expect(mask.shownAll(keys)).toEqual(shown);
  });

  it('masks every name, street and town of the sample data, alone and with a word of schemas', () => {
    const shown = [...new Set(names)].flatMap((name) =>
      [name, name.toLowerCase(), name.toUpperCase(), `${name}_phone`, `${name.toLowerCase()}date`].filter(
        mask.isShown,
      ),
    );
    expect(shown).toEqual([]);
  });
});

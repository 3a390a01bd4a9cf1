import { describe, expect, it } from 'vitest';
import { anySameName, type NameParts, readName } from './person-name.ts';

/** A text is a whole name, a pair the first and the last name. */
type Written = string | readonly [string | null, string | null];

const partsOf = (written: Written): NameParts =>
  typeof written === 'string' ? { full: written } : { first: written[0], last: written[1] };

const compare = (ours: readonly Written[], theirs: readonly Written[]) =>
  anySameName(
    ours.map((one) => readName(partsOf(one))),
    theirs.map((one) => readName(partsOf(one))),
  );

const cases: readonly (readonly [string, Written, Written, boolean | null])[] = [
  ['letter case', ['MALIA', 'GUEST'], ['Malia', 'guest'], true],
  ['parts and whole', ['MALIA', 'GUEST'], 'MALIA GUEST', true],
  ['blanks', [' Malia ', 'GUEST'], '  MALIA   GUEST', true],
  ['accents', ['José', 'Peña'], ['JOSE', 'PENA'], true],
  ['letters with a stroke', ['Søren', 'Łukasz'], ['SOREN', 'LUKASZ'], true],
  ['apostrophe', ['Pat', "O'Brien"], ['PAT', 'OBRIEN'], true],
  ['typographic apostrophe', 'Pat O’Brien', ['PAT', 'O BRIEN'], true],
  ['underscore', ['A_Toney', 'Spencer'], ['A_TONEY', 'SPENCER'], true],
  ['last name first', 'GUEST, MALIA', ['Malia', 'Guest'], true],
  ['last name first, both', 'GUEST, MALIA', 'Guest,Malia A', true],
  ['middle name', 'MALIA ANN GUEST', ['MALIA', 'GUEST'], true],
  ['middle initial', 'GUEST, MALIA A.', 'Malia Guest', true],
  ['middle name in the first', ['MALIA ANN', 'GUEST'], ['MALIA', 'GUEST'], true],
  ['initial before the first name', ['A TONEY', 'SPENCER'], ['TONEY', 'SPENCER'], true],
  ['double given name', ['MARY ANN', 'GUEST'], ['MARYANN', 'GUEST'], true],
  ['suffix', ['JOHN', 'SMITH JR'], ['JOHN', 'SMITH'], true],
  ['suffix behind a comma', 'JOHN SMITH, JR.', 'SMITH, JOHN', true],
  ['suffix of the surname', 'SMITH III, JOHN', ['JOHN', 'SMITH'], true],
  ['the same suffix in two writings', 'John Smith Jr', 'JOHN SMITH II', true],
  ['two generations', 'John Smith Jr.', ['JOHN', 'SMITH SR'], false],
  ['title', 'Mrs. Malia Guest', ['MALIA', 'GUEST'], true],
  ['double surname', ['ANA', 'GARCIA-LOPEZ'], ['ANA', 'GARCIA LOPEZ'], true],
  ['double surname in a whole', 'ANA GARCIA LOPEZ', ['ANA', 'GARCIA-LOPEZ'], true],
  ['surname of several words', ['MARIA', 'DE LA CRUZ'], 'MARIA DELACRUZ', true],
  ['business', 'Acme Towing, LLC', [null, 'ACME TOWING LLC'], true],
  ['business and ampersand', 'Smith & Sons Inc', 'SMITH AND SONS INC.', true],
  ['two businesses', 'ACME TOWING LLC', 'ACME MOTORS TOWING LLC', false],
  ['business and person', 'JOHN SMITH CO', ['JOHN', 'CO'], false],

  ['other first name', ['CLAUDIA', 'GUEST'], ['MALIA', 'GUEST'], false],
  ['other last name', ['MALIA', 'GUEST'], ['MALIA', 'POPE'], false],
  ['other person', ['CLAUDIA', 'LAST NAME'], 'MALIA GUEST', false],
  ['first and last name exchanged', ['JAMES', 'THOMAS'], ['THOMAS', 'JAMES'], false],
  ['other initial', ['J', 'GUEST'], ['MALIA', 'GUEST'], false],

  ['initial that agrees', ['M', 'GUEST'], ['MALIA', 'GUEST'], null],
  ['initial that agrees, in a whole', 'M. GUEST', 'Guest, Malia', null],
  ['two initials', ['M', 'GUEST'], ['M.', 'GUEST'], null],
  ['no first name', [null, 'GUEST'], ['MALIA', 'GUEST'], null],
  ['no first name on either side', [null, 'GUEST'], [null, 'GUEST'], null],
  ['no name', [null, null], ['MALIA', 'GUEST'], null],
  ['blank name', '', ['MALIA', 'GUEST'], null],
  ['no last name', ['MALIA', null], ['MALIA', 'GUEST'], null],
  ['placeholders', ['UNKNOWN', 'UNKNOWN'], ['Unknown', 'Unknown'], null],
  ['placeholder for the first name', ['UNKNOWN', 'GUEST'], ['MALIA', 'GUEST'], null],
  ['placeholder for the first name, in a whole', 'UNKNOWN GUEST', ['MALIA', 'GUEST'], null],
  ['placeholder as a whole', 'N/A', 'N/A', null],
  ['no letters', ['-', '000'], ['-', '000'], null],
  ['one letter', 'XXXX', 'XXXX', null],
];

describe('anySameName', () => {
  it.each(cases)('%s: %j and %j → %j and %j', (_, one, other, expected) => {
    expect([compare([one], [other]), compare([other], [one])]).toEqual([expected, expected]);
  });

  it.each([
    ['one of several', ['JOHN DOE', 'MALIA GUEST'], ['ANTHONY POPE', 'GUEST, MALIA'], true],
    ['one of several, with an unknown one', ['', 'MALIA GUEST'], ['MALIA GUEST'], true],
    ['none of several', ['JOHN DOE', 'JANE DOE'], ['MALIA GUEST', 'ANTHONY POPE'], false],
    ['none but an unknown one', ['JOHN DOE', ''], ['MALIA GUEST'], null],
    ['nobody', [], ['MALIA GUEST'], null],
  ] as const)('%s → %j', (_, ours, theirs, expected) => {
    expect(compare(ours, theirs)).toBe(expected);
  });

  it('prefers the parts of a name, and reads the whole where a part is missing', () => {
    const guest = readName({ first: 'MALIA', last: 'GUEST' });
    const names = [
      { first: 'MALIA', last: 'GUEST', full: 'SOMEBODY ELSE' },
      { first: null, last: 'GUEST', full: 'MALIA GUEST' },
      { first: 'MALIA', last: null, full: 'MALIA GUEST' },
    ];
    expect(names.map((name) => anySameName([readName(name)], [guest]))).toEqual([true, true, true]);
  });

  it.each([
    ['JOHN DOE JR', 'DOE JR', true],
    ['JOHN DOE, JR.', 'DOE II', true],
    ['DOE JR, JOHN', 'DOE SR', false],
    ['JOHN DOE III', 'DOE IV', false],
    ['JOHN DOE SR', 'DOE', true],
    ['JOHN DOE', 'DOE JR', true],
  ])('reads the suffix of %s next to parts without one: JOHN and %s → %j', (full, last, expected) => {
    const ours = readName({ first: 'JOHN', last: 'DOE', full });
    expect(anySameName([ours], [readName({ first: 'JOHN', last })])).toBe(expected);
  });
});

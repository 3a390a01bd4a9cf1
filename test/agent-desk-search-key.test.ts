import { describe, expect, it } from 'vitest';
import { isFitForAddress, searchKeyOf } from '../examples/agent-desk/src/search/search-key.ts';

describe('the search of the example application', () => {
  it.each([
    ['r3012', { kind: 'fileNumber', value: 'R3012' }],
    [' 316620 ', { kind: 'fileNumber', value: '316620' }],
    ['12-345', { kind: 'fileNumber', value: '12-345' }],
    ['R111223333', { kind: 'fileNumber', value: 'R111223333' }],
    ['111-22-3333', { kind: 'ssn', value: '111223333' }],
    ['111 22 3333', { kind: 'ssn', value: '111223333' }],
    ['111223333', { kind: 'ssn', value: '111223333' }],
    ['(716) 628-9899', { kind: 'phone', value: '+17166289899' }],
    ['716.628.9899', { kind: 'phone', value: '+17166289899' }],
    ['+1 716 628 9899', { kind: 'phone', value: '+17166289899' }],
    ['17166289899', { kind: 'phone', value: '+17166289899' }],
  ])('%j is recognized by its form', (typed, expected) => {
    expect(searchKeyOf(typed)).toEqual(expected);
  });

  it('nothing typed is nothing to search', () => {
    expect(searchKeyOf('  ')).toBeUndefined();
  });

  it('only file numbers are fit for an address', () => {
    expect(['R3012', '316620'].filter(isFitForAddress)).toEqual(['R3012', '316620']);
    expect(['111-22-3333', '111223333', '7166289899', '+17166289899', ''].filter(isFitForAddress)).toEqual(
      [],
    );
  });
});

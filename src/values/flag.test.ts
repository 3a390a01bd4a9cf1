import { describe, expect, it } from 'vitest';
import { toFlag } from './flag.ts';

describe('toFlag', () => {
  it.each(['YES', 'yes', 1, '1', true, 'true'])('reads %j as yes', (wire) => {
    expect(toFlag(wire)).toBe(true);
  });

  it.each(['NO', 'no', 0, '0', false, 'false', ' NO'])('reads %j as no', (wire) => {
    expect(toFlag(wire)).toBe(false);
  });

  it.each([null, undefined, '', ' ', 'UNKNOWN', 2, '2', 'null', {}])('reads %j as neither', (wire) => {
    expect(toFlag(wire)).toBeNull();
  });
});

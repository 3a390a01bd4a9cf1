import { locatedError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutStack } from './without-stack.ts';

const frame = /^ +at /m;

describe('withoutStack', () => {
  it('creates an error without frames', () => {
    expect(withoutStack(() => new TypeError('text')).stack).toBe('TypeError: text');
  });

  it('lets later errors have frames, even if none was created', () => {
    const fail = (): Error => {
      throw new Error('not created');
    };
    expect(() => withoutStack(fail)).toThrow('not created');
    expect(new Error('later').stack).toMatch(frame);
  });

  it('keeps the frames of an earlier error that are read only now', () => {
    const earlier = new Error('earlier');
    const located = withoutStack(() => locatedError(earlier, undefined, ['field']));
    expect(located.stack).toBe(earlier.stack);
    expect(located.stack).toMatch(frame);
  });
});

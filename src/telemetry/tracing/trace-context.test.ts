import { describe, expect, it } from 'vitest';
import { readTraceContext, traceparentOf } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([
    ['00', '01', true],
    ['00', '00', false],
    ['00', '03', true],
    ['cc', '01', true],
  ])('version %s with flags %s is accepted', (version, flags, isSampled) => {
    const read = readTraceContext(`${version}-${traceId}-${parentId}-${flags}`, null);
    expect(read).toEqual({ traceId, parentId, isSampled, state: undefined });
  });

  it('of a later version may have further parts', () => {
    expect(readTraceContext(`01-${traceId}-${parentId}-01-what.is-next`, null)).toMatchObject({ traceId });
  });

  it.each([
    '',
    traceId,
    `ff-${traceId}-${parentId}-01`,
    `00-${traceId}-${parentId}-01-more`,
    `00-${traceId}-${parentId}-1`,
    `00-${traceId.toUpperCase()}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.slice(1)}-${parentId}-01`,
    ` 00-${traceId}-${parentId}-01`,
    `00-${traceId}-${parentId}-01, 00-${traceId}-${parentId}-01`,
    `01-${traceId}-${parentId}-01-${'a'.repeat(1000)}`,
  ])('is invalid: %j', (header) => {
    expect(readTraceContext(header, null)).toBeUndefined();
  });

  it('is written as it was read', () => {
    const header = `00-${traceId}-${parentId}-01`;
    expect(traceparentOf({ traceId, spanId: parentId, isSampled: true })).toBe(header);
    expect(traceparentOf({ traceId, spanId: parentId, isSampled: false })).toBe(header.replace(/1$/, '0'));
  });
});

describe('tracestate', () => {
  const stateOf = (header: string | null) => readTraceContext(`00-${traceId}-${parentId}-01`, header)?.state;

  it.each([
    ['congo=t61rcWkgMzE,rojo=00f067aa0ba902b7', 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7'],
    ['a=1 , ,fw529a3039@dt=FfZ', 'a=1,fw529a3039@dt=FfZ'],
  ])('%j is %j', (header, state) => {
    expect(stateOf(header)).toBe(state);
  });

  it.each([
    null,
    '',
    'a',
    'A=1',
    'a=1=2',
    'a=é',
    'a=1\u0000',
    `a=${'1'.repeat(600)}`,
    Array.from({ length: 33 }, (_, index) => `a${index}=1`).join(','),
  ])('%j is dropped, and the trace is kept', (header) => {
    expect(stateOf(header)).toBeUndefined();
    expect(readTraceContext(`00-${traceId}-${parentId}-01`, header)).toMatchObject({ traceId });
  });
});

import { expect, it } from 'vitest';
import { mergeReports, scopesIn, type WriteReports } from './write-reports.ts';

it.each([
  null,
  'text',
  1,
  [],
  {},
  { scopes: null },
  { scopes: 'a' },
  { scopes: ['a', 1] },
  { scopes: { 0: 'a' } },
])('a message of another form names no scopes: %j', (message) => {
  expect(scopesIn(message)).toEqual([]);
});

it('a message of a later version names the scopes that are known', () => {
  expect(scopesIn({ type: 'written', scopes: ['a', 'b'], more: true })).toEqual(['a', 'b']);
});

it('reports are sent and received by each way', async () => {
  const sent: string[] = [];
  const received: string[] = [];
  const way = (name: string): WriteReports => ({
    send: ([scope]) => void sent.push(`${name} ${scope}`),
    receive: async (listener) => listener([name]),
  });
  const merged = mergeReports([way('one'), way('other')]);
  merged?.send(['a']);
  await merged?.receive(([scope]) => void received.push(scope ?? ''));
  expect(sent).toEqual(['one a', 'other a']);
  expect(received).toEqual(['one', 'other']);
  expect(mergeReports([])).toBeNull();
});

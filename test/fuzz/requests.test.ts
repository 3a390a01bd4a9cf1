import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { newCanary } from './canary.ts';
import { randomFor, times } from './chance.ts';
import { writeMutation, writeQuery } from './documents.ts';
import { isRaw, shown } from './request.ts';
import { requestOf } from './requests.ts';
import { toolKinds } from './tool-requests.ts';

const many = 400;

const isValid = (query: string): boolean => {
  try {
    return validate(schema, parse(query)).length === 0;
  } catch {
    return false;
  }
};

describe('the requests of the fuzz', () => {
  it('are the same for the same seed and number, and others for others', () => {
    const made = (seed: number) => times(many, (number) => shown(requestOf(seed, number, ['id'])));
    expect(made(1)).toEqual(made(1));
    expect(new Set([...made(1), ...made(2)]).size).toBeGreaterThan(many * 1.9);
  });

  // Or else nothing behind the parser would ever be reached.
  it.each([
    ['queries', writeQuery, 0.6],
    ['mutations', writeMutation, 0.4],
  ])('have %s that are mostly valid', (_, write, share) => {
    const valid = times(many, (number) => {
      const random = randomFor(1, number);
      return isValid(write(random, newCanary(random)).query);
    }).filter(Boolean);
    expect(valid.length).toBeGreaterThan(many * share);
    expect(valid.length).toBeLessThan(many);
  });

  it.each([
    ['operations', 14, undefined],
    ['tools', 13, toolKinds],
  ])('are of every kind for %s, and mostly have their canary in them', (_, count, kinds) => {
    const all = times(many, (number) => requestOf(1, number, ['id'], kinds));
    expect(new Set(all.map(({ kind }) => kind)).size).toBe(count);
    const texts = all.map((request) =>
      isRaw(request)
        ? request.pieces.map(String).join('')
        : `${request.target} ${JSON.stringify(request.headers)} ${String(request.body)}`,
    );
    const found = all.filter(({ canary }, index) => texts[index]?.includes(canary));
    expect(found.length).toBeGreaterThan(many * 0.8);
  });
});

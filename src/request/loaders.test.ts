import { describe, expect, it } from 'vitest';
import { notConfigured } from '../upstreams/client/client.ts';
import { Loaders } from './loaders.ts';

const kinds = Object.entries(Object.getOwnPropertyDescriptors(Loaders.prototype))
  .filter(([, { get }]) => get)
  .map(([name]) => name as keyof Loaders);

const make = () => new Loaders({ SCOLLECT: notConfigured, RECOVERY_CONNECT: notConfigured });

describe('the reads of a request', () => {
  it('are each of their own kind', () => {
    const loaders = make();
    expect(kinds.length).toBeGreaterThan(20);
    expect(new Set(kinds.map((kind) => loaders[kind])).size).toBe(kinds.length);
  });

  it.each(kinds)('remember what was read by %s, for this request alone', (kind) => {
    const loaders = make();
    expect(loaders[kind]).toBe(loaders[kind]);
    expect(make()[kind]).not.toBe(loaders[kind]);
  });
});

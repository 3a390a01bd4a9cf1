import { describe, expect, it } from 'vitest';
import { checkLoopbackHost } from './loopback-host.ts';

const statusFor = (host: string, loopbackOnly: boolean): number | undefined =>
  checkLoopbackHost({ url: `http://${host}/` }, { loopbackOnly })?.status;

describe('the guard of the host without authentication', () => {
  it.each(['localhost', '127.0.0.1:4000', '[::1]:4000'])('admits %s', (host) => {
    expect(statusFor(host, true)).toBeUndefined();
  });

  it.each(['rebound.example.com', '127.0.0.1.example.com', '10.0.0.1'])('rejects %s', (host) => {
    expect(statusFor(host, true)).toBe(403);
    expect(statusFor(host, false)).toBeUndefined();
  });
});

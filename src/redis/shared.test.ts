import { describe, expect, it, onTestFinished } from 'vitest';
import { openShared } from './shared.ts';

describe('what gateways share', () => {
  it('has a key once the ledger is open, and not before', () => {
    const shared = openShared('redis://127.0.0.1:1');
    onTestFinished(() => shared.redis.close());
    expect(() => shared.gatewayKey()).toThrow(RangeError);
    shared.useGatewayKey(Buffer.alloc(32, 1));
    expect(shared.gatewayKey()).toEqual(Buffer.alloc(32, 1));
  });
});

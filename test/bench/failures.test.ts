import { describe, expect, it } from 'vitest';
import { accountCalls, type Failure, failureOf } from '../../bench/src/failures.ts';

const fileNumber = (number: number): string => `F${String(number).padStart(7, '0')}`;

const failuresOf = (first: number, accounts: number): (Failure | undefined)[] =>
  Array.from({ length: accounts }, (_, index) =>
    accountCalls.map((call) => failureOf(call, fileNumber(first + index))),
  ).flat();

describe('failures of the upstream in the bench', () => {
  it('are a fifth of the calls, one of fifteen by HTTP status', () => {
    const calls = failuresOf(1, 750);
    expect(calls.filter((failure) => failure !== undefined)).toHaveLength(calls.length / 5);
    expect(calls.filter((failure) => failure === 'status')).toHaveLength(calls.length / 75);
  });

  it('hit each of the calls', () => {
    for (const call of accountCalls) {
      const kinds = new Set(Array.from({ length: 75 }, (_, number) => failureOf(call, fileNumber(number))));
      expect(kinds).toEqual(new Set([undefined, 'body', 'status']));
    }
  });

  it('by HTTP status are too few among 64 accounts in flight to open a circuit breaker, which takes five', () => {
    for (let first = 0; first < 150; first += 1) {
      const inFlight = failuresOf(first, 64).filter((failure) => failure === 'status');
      expect(inFlight.length).toBeLessThan(5);
    }
  });

  it('are none for other accounts', () => {
    expect(failureOf('getaccount', 'B0000005')).toBeUndefined();
  });
});

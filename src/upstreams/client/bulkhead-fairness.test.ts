import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallRequester, createBulkhead, patientRequester, Ticket } from './bulkhead.ts';

const nextTurn = (): Promise<void> => new Promise(setImmediate);

type Step = readonly ['enter' | 'leave' | 'abort' | 'join', which: number, who: number];

describe('a bulkhead under random sequences of calls, joins and cancellations', () => {
  const requesters = Array.from({ length: 4 }, patientRequester);
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.tuple(
      fc.constantFrom(
        'enter' as const,
        'enter' as const,
        'leave' as const,
        'abort' as const,
        'join' as const,
      ),
      fc.nat(),
      fc.nat(requesters.length - 1),
    ),
    { maxLength: 80, size: 'max' },
  );

  interface Call {
    readonly ticket: Ticket;
    readonly leaving: AbortController;
    /** The number of slots that may be granted to others first. */
    readonly patience: number;
    state: 'waits' | 'goes' | 'over';
    leave: () => void;
  }

  it('respects the limit and the order, loses no call and leaves no state', async () => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 3 }), steps, async (slots, script) => {
      const bulkhead = createBulkhead({ slots: () => slots, maxWaiting: 10_000, maxWaitMs: 60_000 });
      const calls: Call[] = [];
      const faults: string[] = [];
      let given = 0;
      const those = (state: Call['state']) => calls.filter((call) => call.state === state);

      const enter = (who: CallRequester): void => {
        const ahead = those('waits').filter(({ ticket }) => [...ticket.requesters].includes(who)).length;
        const patience = given + (ahead + 1) * requesters.length;
        const call: Call = {
          ticket: new Ticket(who),
          leaving: new AbortController(),
          patience,
          state: 'waits',
          leave: () => {},
        };
        calls.push(call);
        bulkhead.enter(call.ticket, call.leaving.signal).then(
          (leave) => {
            given += 1;
            if (call.state !== 'waits') faults.push(`got a slot in state ${call.state}`);
            if (given > call.patience) faults.push('waited for too many others');
            Object.assign(call, { state: 'goes', leave });
          },
          () => {
            if (call.state !== 'waits' || !call.leaving.signal.aborted) faults.push('was rejected');
            call.state = 'over';
          },
        );
      };
      const leave = (call: Call | undefined): void => {
        if (!call) return;
        call.state = 'over';
        call.leave();
      };
      const act = ([what, which, who]: Step): void => {
        const requester = requesters[who] ?? patientRequester();
        const any = calls[which % calls.length];
        if (what === 'enter') enter(requester);
        else if (what === 'leave') leave(those('goes')[which % those('goes').length]);
        else if (what === 'abort') any?.leaving.abort();
        else any?.ticket.join(requester);
      };
      const check = async (): Promise<void> => {
        await nextTurn();
        expect([bulkhead.inFlight(), bulkhead.waiting()]).toEqual([
          those('goes').length,
          those('waits').length,
        ]);
        expect(faults).toEqual([]);
        expect(bulkhead.inFlight()).toBeLessThanOrEqual(slots);
        if (bulkhead.waiting() > 0) expect(bulkhead.inFlight()).toBe(slots);
      };

      for (const step of script) {
        act(step);
        await check();
      }
      while (those('goes').length > 0) {
        leave(those('goes')[0]);
        await check();
      }
      expect([bulkhead.inFlight(), bulkhead.waiting()]).toEqual([0, 0]);
      expect(those('over')).toHaveLength(calls.length);
    });
    await fc.assert(property, { numRuns: 150 });
  });
});

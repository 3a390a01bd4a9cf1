import { randomBytes } from 'node:crypto';
import type { Bulkhead } from './bulkhead.ts';
import { sharedKey, type UpstreamSharing } from './sharing.ts';
import { releaseSlots, renewSlots, slotTimes } from './slot-script.ts';
import { createSlotShare } from './slot-share.ts';

/** Milliseconds between two renewals of a share. */
const renewal = {
  /** Usually. A lease survives two failed renewals. */
  usual: 1000,
  /** While calls wait, or calls are in flight beyond a share that was reduced. */
  pressed: 250,
  /** At least. */
  least: 50,
} as const;

/** The calls of this process to one upstream. */
type RenewedCalls = Pick<Bulkhead, 'inFlight' | 'waiting' | 'peak' | 'resume'>;

/** The share of this process in the slots of one upstream. */
export interface SharedSlots {
  /** Returns the number of calls of this process that may be in flight now. */
  bound(): number;
  /** Renews the share for the calls of a bulkhead, as soon as the gateway's key is known. */
  renewFor(calls: RenewedCalls): void;
  /** Requests more slots soon, since calls wait. */
  request(): void;
  /** Gives the share back. */
  close(): Promise<void>;
}

export interface SharedSlotsOptions {
  readonly sharing: UpstreamSharing;
  /** Slots of the upstream, for all processes. */
  readonly limit: number;
}

/**
 * Shares the slots of an upstream with other processes through Redis.
 *
 * Each process has a share, which it renews every second with its demand. So no call waits for Redis, except that more
 * calls than the share wait until it grows. Without Redis, each process has an equal share.
 */
export const createSharedSlots = ({ sharing, limit }: SharedSlotsOptions): SharedSlots => {
  const { redis } = sharing;
  const now = (): number => performance.now();
  const share = createSlotShare({ limit, processes: sharing.workers, now });
  const holder = randomBytes(16).toString('base64url');
  let keys: readonly string[] | undefined;
  let calls: RenewedCalls | undefined;
  let timer: NodeJS.Timeout | undefined;
  let beganAt = Number.NEGATIVE_INFINITY;
  let nextAt = Number.POSITIVE_INFINITY;
  let pending: Promise<void> | undefined;
  let isClosed = false;
  let onFirstAnswer = (): void => {};
  let lastPeak = 0;
  let lastDemand = 0;

  const keysOf = (): readonly string[] => {
    const start = sharedKey(sharing.gatewayKey(), 'slots', sharing.upstream);
    return [`${start}:leases`, `${start}:shares`, `${start}:lost`];
  };

  const renewAt = (time: number): void => {
    clearTimeout(timer);
    if (isClosed) return;
    nextAt = time;
    timer = setTimeout(renew, Math.max(0, time - now()));
    timer.unref();
  };

  /** @returns whether the share is smaller than what this process had. */
  const exchange = async (inFlight: number, demand: number): Promise<boolean> => {
    const { sequence, isMember, ...request } = share.begin(inFlight, demand);
    try {
      keys ??= keysOf();
      const [granted, processes] = (await redis.run(renewSlots, keys, [
        holder,
        limit,
        slotTimes.lease,
        slotTimes.rotation,
        sequence,
        isMember ? 1 : 0,
        request.share,
        inFlight,
        demand,
      ])) as [number, number];
      if (granted < 0) throw new RangeError('A later renewal was executed before.');
      share.grant({ share: granted, processes });
      return granted < Math.max(request.share, inFlight);
    } catch {
      share.fail();
      return false;
    }
  };

  /** Returns the time until the next renewal, from the beginning of the last one. */
  const interval = (of: RenewedCalls, isReduced: boolean): number => {
    const inFlight = of.inFlight();
    const waiting = of.waiting();
    if (inFlight + waiting > lastDemand) return renewal.least;
    // Slots are free for others as soon as Redis knows that they are not used any more.
    if (isReduced && inFlight <= share.bound()) return renewal.least;
    return isReduced || waiting > 0 ? renewal.pressed : renewal.usual;
  };

  const renew = (): void => {
    if (pending || isClosed || !calls) return;
    const renewed = calls;
    beganAt = now();
    // The peak of the time between two renewals: a demand that is over for a moment returns.
    const latest = renewed.peak();
    lastDemand = Math.max(lastPeak, latest);
    lastPeak = latest;
    pending = exchange(renewed.inFlight(), lastDemand).then((isReduced) => {
      pending = undefined;
      renewed.resume();
      onFirstAnswer();
      renewAt(beganAt + interval(renewed, isReduced));
    });
  };

  return {
    bound: () => share.bound(),
    renewFor: (of) =>
      sharing.onStart(
        () =>
          new Promise((resolve) => {
            calls = of;
            onFirstAnswer = resolve;
            redis.onChange((isUp) => {
              if (isUp) renew();
              else resolve();
            });
            // Before the first connection, the share is an equal one.
            if (redis.isUp()) renew();
            else renewAt(now() + renewal.usual);
          }),
      ),
    request: () => {
      if (pending || !calls) return;
      const time = beganAt + interval(calls, false);
      if (time <= now()) renew();
      else if (time < nextAt) renewAt(time);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await pending;
      share.end();
      if (keys) await redis.run(releaseSlots, keys, [holder]).catch(() => {});
    },
  };
};

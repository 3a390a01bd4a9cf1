import { slotTimes } from './slot-script.ts';

/** A request for a share in the slots of an upstream. */
export interface SlotRenewal {
  /** Increases with each request: Redis ignores a request that arrives after a later one. */
  readonly sequence: number;
  /** Whether the lease of the present share has not ended. */
  readonly isMember: boolean;
  /** The slots that this process may use until the answer arrives, without the calls in flight. */
  readonly share: number;
  readonly inFlight: number;
  /** The number of calls in flight and waiting. */
  readonly demand: number;
}

/** The answer to a renewal. */
export interface SlotGrant {
  readonly share: number;
  /** The number of processes that have a share. */
  readonly processes: number;
}

/**
 * The share of this process in the slots of one upstream, and its lease, by monotonic time.
 *
 * A lease is measured from before its request was sent, so that it ends here before it ends in Redis.
 */
export interface SlotShare {
  /** Returns the number of calls that may be in flight now. */
  bound(): number;
  /** Whether the lease has not ended, so that the bound is the share. */
  isLeased(): boolean;
  /** Begins a renewal. The previous one has ended. Without a lease, no further call begins until it ends. */
  begin(inFlight: number, demand: number): SlotRenewal;
  /** Ends a renewal that was answered. */
  grant(grant: SlotGrant): void;
  /** Ends a renewal without a usable answer. */
  fail(): void;
  /** Ends the lease. */
  end(): void;
}

export interface SlotShareOptions {
  /** Slots of the upstream, for all processes. */
  readonly limit: number;
  /** The known number of processes, before Redis knows better. */
  readonly processes: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export const createSlotShare = ({ limit, processes: known, now }: SlotShareOptions): SlotShare => {
  let share = 0;
  let leaseEnd = Number.NEGATIVE_INFINITY;
  let processes = known;
  let sequence = 0;
  let sentAt = 0;
  /** The calls that were in flight when a renewal without a lease began, while it lasts. */
  let frozenAt: number | null = null;

  const isLeased = (): boolean => now() < leaseEnd;

  /** Without Redis, each process has an equal share. */
  const localBound = (): number => {
    const equal = Math.max(1, Math.floor(limit / Math.max(known, processes)));
    // Other processes may have leases for a while, and this one has less than an equal share because of them.
    return now() < leaseEnd + slotTimes.lease ? Math.min(share, equal) : equal;
  };

  return {
    isLeased,
    bound: () => {
      if (isLeased()) return share;
      return frozenAt ?? localBound();
    },
    begin: (inFlight, demand) => {
      sequence += 1;
      sentAt = now();
      const isMember = isLeased();
      if (!isMember) frozenAt = inFlight;
      return { sequence, isMember, share: isMember ? share : 0, inFlight, demand };
    },
    grant: (grant) => {
      frozenAt = null;
      share = grant.share;
      processes = grant.processes;
      leaseEnd = sentAt + slotTimes.lease - slotTimes.margin;
    },
    fail: () => {
      frozenAt = null;
    },
    end: () => {
      leaseEnd = Number.NEGATIVE_INFINITY;
    },
  };
};

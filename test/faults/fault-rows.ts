import type { FaultName } from '../../src/sandbox/faults/faults.ts';
import { operations } from '../../src/sandbox/operations.ts';
import type { UpstreamSystem } from '../../src/upstreams/errors.ts';
import type { Trouble } from '../support/fault-proxy.ts';
import type { Read, Write } from './works.ts';

/** What brings a fault about: a switch of the sandbox, a proxy before it, or settings that cannot work. */
export type Cause =
  | {
      readonly kind: 'switch';
      readonly fault: FaultName;
      readonly milliseconds?: number;
      readonly status?: number;
    }
  | { readonly kind: 'proxy'; readonly trouble: Trouble }
  | { readonly kind: 'refused connections' | 'unknown host' | 'wrong credentials' };

/** What becomes of a read: it is answered, finds nothing, or fails with this code. */
export type ReadEnd =
  | 'whole'
  | 'nothing'
  | 'BAD_USER_INPUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_RATE_LIMITED'
  | 'UPSTREAM_REJECTED'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'UPSTREAM_AUTH_FAILED';

/** What becomes of a write, and what the upstream has of it. */
export interface WriteEnd {
  /** The member of the mutation's result; `null` for an error in `errors`. */
  readonly member:
    | 'Success'
    | 'InvalidInputError'
    | 'RejectedError'
    | 'UnavailableError'
    | 'OutcomeUnknownError'
    | null;
  /** `null` for a success. */
  readonly code: string | null;
  /** Whether it is done at the upstream; one that was certainly not executed must not be. */
  readonly carriedOut: boolean;
  /** How many requests for it reached the upstream. */
  readonly requests: number;
}

type BySystem<Value> = Value | Readonly<Record<UpstreamSystem, Value>>;

/** What becomes of a call that meets the fault once, and of one that meets it as often as it is tried. */
export interface Ends<End> {
  readonly once: End;
  readonly lasting: End;
}

export interface FaultRow {
  readonly name: string;
  readonly cause: Cause;
  /** The only system that has it. */
  readonly system?: UpstreamSystem;
  /** Which work can meet it; without this all can, and log-ins too. */
  readonly isFor?: (work: Read | Write) => boolean;
  readonly read: BySystem<Ends<ReadEnd>>;
  readonly write: BySystem<Ends<WriteEnd>>;
  /** What becomes of a read whose log-in meets it, if not the same. */
  readonly logIn?: Ends<ReadEnd>;
  /** Connections go stale, all at one moment: a log-in, the first that is sent, finds none, and it does not last. */
  readonly isOfUsedConnections?: true;
  /** It leaves the gateway waiting: the deadline of a request may pass meanwhile. */
  readonly isSilent?: true;
  /** It shows at the log-in or not at all, and is not cleared. */
  readonly isSetting?: true;
}

const always = <End>(end: End): Ends<End> => ({ once: end, lasting: end });

/** A read is tried again for it, and comes through if it has passed. */
const passing = (lasting: ReadEnd): Ends<ReadEnd> => ({ once: 'whole', lasting });

export const success: WriteEnd = { member: 'Success', code: null, carriedOut: true, requests: 1 };

/** An error in `errors`, for faults that a caller cannot correct. */
export const errorOf = (code: ReadEnd, requests: number): WriteEnd => ({
  member: null,
  code,
  carriedOut: false,
  requests,
});

export const unavailable = (code: string, requests: number): WriteEnd => ({
  member: 'UnavailableError',
  code,
  carriedOut: false,
  requests,
});

const rejected: WriteEnd = {
  member: 'RejectedError',
  code: 'UPSTREAM_REJECTED',
  carriedOut: false,
  requests: 1,
};

const invalidInput: WriteEnd = {
  member: 'InvalidInputError',
  code: 'BAD_USER_INPUT',
  carriedOut: false,
  requests: 1,
};

const unknown: WriteEnd = {
  member: 'OutcomeUnknownError',
  code: 'OUTCOME_UNKNOWN',
  carriedOut: false,
  requests: 1,
};
const unknownButDone: WriteEnd = { ...unknown, carriedOut: true };
/** It left the gateway and did not arrive, which the gateway cannot know. */
const lostOnItsWay: WriteEnd = { ...unknown, requests: 0 };

const [lost, late, unreadable] = [
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
] as const;
const authFailed = 'UPSTREAM_AUTH_FAILED';

/** Longer than an exchange may take. */
const tooLong = 1000;
/** Shorter, by far. */
const brief = 60;
/** So many bytes of an answer are within its headers, and so many within the body of even the shortest. */
const [inHeaders, inBody] = [20, 175];

const switched = (
  fault: FaultName,
  row: Omit<FaultRow, 'name' | 'cause'>,
  milliseconds?: number,
): FaultRow => ({
  name: milliseconds === undefined ? fault : `${fault} ${milliseconds}`,
  cause: { kind: 'switch', fault, ...(milliseconds !== undefined && { milliseconds }) },
  ...row,
});

/** A page with a status of its own, in the place of an answer or of the execution itself. */
const page = (fault: 'answer' | 'replace-answer', status: number): FaultRow => ({
  name: `${fault} ${status}`,
  cause: { kind: 'switch', fault, status },
  read: always(unreadable),
  write: always(fault === 'answer' ? unknown : unknownButDone),
});

const sandboxFaults: readonly FaultRow[] = [
  page('answer', 404),
  page('answer', 409),
  page('replace-answer', 409),
  page('replace-answer', 425),
  switched('decline', {
    read: always('UPSTREAM_REJECTED'),
    write: always(rejected),
    logIn: always(authFailed),
  }),
  switched('refuse', {
    // Scollect has the same words for what it does not do and for what is not there.
    read: { SCOLLECT: always('nothing'), RECOVERY_CONNECT: always('BAD_USER_INPUT') },
    write: { SCOLLECT: always(rejected), RECOVERY_CONNECT: always(invalidInput) },
    logIn: always(authFailed),
  }),
  switched('refuse-token', {
    read: passing(authFailed),
    write: { once: { ...success, requests: 2 }, lasting: errorOf(authFailed, 2) },
    logIn: always(authFailed),
  }),
  switched('rate-limit', {
    read: passing('UPSTREAM_RATE_LIMITED'),
    write: always(unavailable('UPSTREAM_RATE_LIMITED', 1)),
  }),
  switched('delay', { read: always('whole'), write: always(success) }, brief),
  switched('delay', { read: always(late), write: always(unknownButDone), isSilent: true }, tooLong),
  switched('hang', { read: always(late), write: always(unknown), isSilent: true }),
  switched('reset', { read: passing(lost), write: always(unknown) }),
  switched('lose-answer', { read: passing(lost), write: always(unknownButDone) }),
  switched('reset-in-headers', { read: passing(lost), write: always(unknownButDone) }),
  switched('reset-in-body', { read: passing(lost), write: always(unknownButDone) }),
  switched('stall-in-body', { read: always(late), write: always(unknownButDone), isSilent: true }),
  switched('drip', { read: always(late), write: always(unknownButDone), isSilent: true }, 50),
  switched('endless', { read: always(unreadable), write: always(unknownButDone) }),
  switched('truncate', { read: always(unreadable), write: always(unknownButDone) }),
  switched('wrong-types', { read: always(unreadable), write: always(unknownButDone) }),
  switched('wrong-key', {
    read: always(unreadable),
    write: always(unknownButDone),
    // A search for orders requests no key, and a log-in and a note are answered without any.
    isFor: ({ operation, kind }) =>
      operations[operation].answersFor !== undefined && !(operation === 'filterOrders' && kind === 'a list'),
  }),
  switched('html', { read: always(unreadable), write: always(unknownButDone) }),
  switched('gzip-bomb', { read: always(unreadable), write: always(unknownButDone) }),
  switched('pending', { system: 'SCOLLECT', read: always(lost), write: always(unknownButDone) }),
  switched('error-in-200', {
    read: always(lost),
    // RecoveryConnect says "error" where it says what it will not do: its word on a write is a refusal.
    write: { SCOLLECT: always(unknown), RECOVERY_CONNECT: always(rejected) },
  }),
  // It does not prove that nothing behind the server that sends it was reached.
  switched('not-found-page', { read: always(unreadable), write: always(unknown) }),
  switched('server-error', { read: always(lost), write: always(unknownButDone) }),
  switched('bad-gateway', { read: passing(lost), write: always(unknownButDone) }),
  // A proxy says 503 for a server that was never reached, and for one that died at its work.
  switched('unavailable', { read: passing(lost), write: always(unknown) }),
  switched('gateway-timeout', { read: passing(late), write: always(unknownButDone) }),
];

const troubled = (trouble: Trouble, row: Omit<FaultRow, 'name' | 'cause'>): FaultRow => ({
  name: `proxy: ${Object.values(trouble).join(' ')}`,
  cause: { kind: 'proxy', trouble },
  ...row,
});

const connectionFaults: readonly FaultRow[] = [
  troubled({ kind: 'reset-at-connect' }, { read: passing(lost), write: always(lostOnItsWay) }),
  troubled({ kind: 'reset-on-request' }, { read: passing(lost), write: always(lostOnItsWay) }),
  ...[0, inHeaders, inBody].flatMap((bytes) => [
    troubled({ kind: 'reset-after', bytes }, { read: passing(lost), write: always(unknownButDone) }),
    troubled({ kind: 'close-after', bytes }, { read: passing(lost), write: always(unknownButDone) }),
  ]),
  troubled({ kind: 'stall' }, { read: always(late), write: always(lostOnItsWay), isSilent: true }),
  ...[inHeaders, inBody].map((bytes) =>
    troubled(
      { kind: 'stall-after', bytes },
      { read: always(late), write: always(unknownButDone), isSilent: true },
    ),
  ),
  troubled(
    { kind: 'drip', milliseconds: 20 },
    { read: always(late), write: always(unknownButDone), isSilent: true },
  ),
  troubled({ kind: 'latency', milliseconds: brief }, { read: always('whole'), write: always(success) }),
  troubled(
    { kind: 'latency', milliseconds: tooLong },
    { read: always(late), write: always(unknownButDone), isSilent: true },
  ),
  // A connection gone stale is found out by what is sent on it: a write that was is not sent again.
  troubled(
    { kind: 'reset-reused' },
    { read: always('whole'), write: always(lostOnItsWay), isOfUsedConnections: true },
  ),
  {
    name: 'connections refused',
    cause: { kind: 'refused connections' },
    read: passing(lost),
    // Certainly not sent: the only loss after which even a write is retried.
    write: { once: success, lasting: unavailable(lost, 0) },
  },
];

const settingFaults: readonly FaultRow[] = [
  {
    name: 'unknown host',
    cause: { kind: 'unknown host' },
    read: always(lost),
    write: always(unavailable(lost, 0)),
    isSetting: true,
  },
  {
    name: 'wrong credentials',
    cause: { kind: 'wrong credentials' },
    read: always(authFailed),
    write: always(errorOf(authFailed, 0)),
    isSetting: true,
  },
];

/** Every fault, with what it must come to. One more is one more row. */
export const faultRows: readonly FaultRow[] = [...sandboxFaults, ...connectionFaults, ...settingFaults];

const of = <End>(ends: BySystem<Ends<End>>, system: UpstreamSystem): Ends<End> =>
  'once' in ends ? ends : ends[system];

export const readEnds = ({ read }: FaultRow, system: UpstreamSystem): Ends<ReadEnd> => of(read, system);

export const writeEnds = ({ write }: FaultRow, system: UpstreamSystem): Ends<WriteEnd> => of(write, system);

export const logInEnds = (row: FaultRow, system: UpstreamSystem): Ends<ReadEnd> =>
  row.logIn ?? readEnds(row, system);

/** What becomes of a write whose log-in ends like this: without a token nothing is sent. */
export const writeAfterLogIn = (end: ReadEnd): WriteEnd => {
  if (end === 'whole') return success;
  if (end === authFailed || end === unreadable) return errorOf(end, 0);
  return unavailable(end === 'UPSTREAM_RATE_LIMITED' ? end : lost, 0);
};

import { Counter, Gauge, type Registry } from 'prom-client';
import { type HistogramSlot, SlotHistogram } from './slot-histogram.ts';

/** The reasons for which a request is rejected before execution. */
export const rejectionReasons = [
  'authentication',
  'authentication_unavailable',
  'bad_request',
  'forbidden',
  'internal_error',
  'media_type',
  'method_not_allowed',
  'not_acceptable',
  'not_found',
  'persisted_document',
  'rate_limit',
  'too_large',
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

const requestTypes = ['query', 'mutation', 'other'] as const;

/** The type of the operation of a request; `other` until it is known, and where it never is. */
export type RequestType = (typeof requestTypes)[number];

const outcomes = ['ok', 'partial', 'error', 'refused'] as const;

/** The outcome of a request: data, data and errors, no data, or not executed. */
export type RequestOutcome = (typeof outcomes)[number];

/** A GraphQL request while it is measured. */
export interface MeasuredRequest {
  type: RequestType;
  outcome: RequestOutcome;
  /** The name of the operation in its trusted document; `undefined` for any other document. */
  trustedOperation: string | undefined;
  /** The time of arrival by the monotonic clock. */
  readonly begin: number;
}

/** Label values that exist from the start: an alert on an increase sees the first event only if its series is older. */
export interface KnownLabels {
  readonly codes: readonly string[];
  /** The members of the result of each mutation. */
  readonly mutations: Readonly<Record<string, readonly string[]>>;
}

/** The metrics of GraphQL requests. Labels are names in the program, and in manifests of trusted documents. */
export interface RequestMetrics {
  /** Adds label values, with the count 0. Codes that are not among them are counted as `OTHER`. */
  addKnown(known: KnownLabels): void;
  /** A request has arrived. */
  onRequest(request: MeasuredRequest): void;
  /** The type of a request in flight is known now. */
  onType(request: MeasuredRequest, type: RequestType): void;
  /**
   * A request is over.
   *
   * @param bytes the size of the response; `undefined` without a response.
   */
  onReply(request: MeasuredRequest, bytes: number | undefined): void;
  /** Counts an error in a response. */
  onError(code: string): void;
  /** Counts a mutation that was executed. @param outcome a member of its result; `null` if it ended with an error. */
  onMutation(mutation: string, outcome: string | null): void;
  /** Counts a rejected request. */
  onRefusal(reason: RejectionReason): void;
}

// From a cached response to the deadline.
const secondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
const bytesBounds = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];

/** The number of operations of trusted documents with a label of their own; all others are `other`. */
const maxOperations = 200;
const maxNameLength = 100;
const anyOther = 'other';
const otherCode = 'OTHER';

type Slots = Readonly<Record<RequestOutcome, HistogramSlot>>;

/** The slots of operations, by name and type. All outcomes of an operation exist once it is called. */
const createSlots = (seconds: SlotHistogram) => {
  const byType = (): Record<RequestType, Map<string, Slots>> => ({
    query: new Map(),
    mutation: new Map(),
    other: new Map(),
  });
  const known = byType();
  const names = new Set<string>();
  const add = (type: RequestType, operation: string): Slots => {
    const slot = (outcome: RequestOutcome) => seconds.slot({ type, operation, outcome });
    const slots = {
      ok: slot('ok'),
      partial: slot('partial'),
      error: slot('error'),
      refused: slot('refused'),
    };
    known[type].set(operation, slots);
    return slots;
  };
  for (const type of requestTypes) add(type, anyOther);

  const mayBeAdded = (name: string): boolean => {
    if (names.has(name)) return true;
    if (names.size >= maxOperations || name.length > maxNameLength) return false;
    names.add(name);
    return true;
  };
  return (type: RequestType, name: string): Slots =>
    known[type].get(name) ?? (mayBeAdded(name) ? add(type, name) : (known[type].get(anyOther) as Slots));
};

const createRequestCounts = (
  registry: Registry,
): Pick<RequestMetrics, 'onRequest' | 'onType' | 'onReply'> => {
  const registers = [registry];
  const seconds = new SlotHistogram({
    name: 'recollect_request_seconds',
    help: 'Duration of GraphQL requests, from the first line to the response.',
    labelNames: ['type', 'operation', 'outcome'],
    bounds: secondsBounds,
  });
  registry.registerMetric(seconds);
  new Counter({
    name: 'recollect_requests_total',
    help: 'GraphQL requests.',
    labelNames: ['type', 'operation', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { labels, count } of seconds.slots()) this.inc(labels, count);
    },
  });
  const sizes = new SlotHistogram({
    name: 'recollect_response_bytes',
    help: 'Size of the bodies of responses to GraphQL requests.',
    labelNames: [],
    bounds: bytesBounds,
  });
  registry.registerMetric(sizes);
  const size = sizes.slot({});
  const inFlight: Record<RequestType, number> = { query: 0, mutation: 0, other: 0 };
  new Gauge({
    name: 'recollect_requests_under_way',
    help: 'GraphQL requests in flight.',
    labelNames: ['type'],
    registers,
    collect() {
      for (const type of requestTypes) this.set({ type }, inFlight[type]);
    },
  });
  const slotsOf = createSlots(seconds);
  return {
    onRequest: ({ type }) => {
      inFlight[type] += 1;
    },
    onType: (request, type) => {
      inFlight[request.type] -= 1;
      inFlight[type] += 1;
      request.type = type;
    },
    onReply: ({ type, outcome, trustedOperation = anyOther, begin }, bytes) => {
      inFlight[type] -= 1;
      slotsOf(type, trustedOperation)[outcome].observe((performance.now() - begin) / 1000);
      if (bytes !== undefined) size.observe(bytes);
    },
  };
};

const createErrorCounts = (registers: Registry[]) => {
  const counts = new Map([[otherCode, 0]]);
  new Counter({
    name: 'recollect_errors_total',
    help: 'Errors in responses to GraphQL requests.',
    labelNames: ['code'],
    registers,
    collect() {
      for (const [code, count] of counts) {
        this.inc({ code }, count);
        counts.set(code, 0);
      }
    },
  });
  return {
    add: (code: string): void => {
      if (!counts.has(code)) counts.set(code, 0);
    },
    onError: (code: string): void => {
      const known = counts.has(code) ? code : otherCode;
      counts.set(known, (counts.get(known) ?? 0) + 1);
    },
  };
};

export const createRequestMetrics = (registry: Registry): RequestMetrics => {
  const registers = [registry];
  const errors = createErrorCounts(registers);
  const mutations = new Counter({
    name: 'recollect_mutations_total',
    help: 'Mutations that were executed, by the member of their result; "error" without a result.',
    labelNames: ['mutation', 'outcome'],
    registers,
  });
  const refusals = new Counter({
    name: 'recollect_refusals_total',
    help: 'Requests that were rejected before execution.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of rejectionReasons) refusals.inc({ reason }, 0);
  return {
    ...createRequestCounts(registry),
    addKnown: ({ codes, mutations: known }) => {
      for (const code of codes) errors.add(code);
      for (const [mutation, members] of Object.entries(known)) {
        for (const outcome of [...members, 'error']) mutations.inc({ mutation, outcome }, 0);
      }
    },
    onError: errors.onError,
    onMutation: (mutation, outcome) => mutations.inc({ mutation, outcome: outcome ?? 'error' }),
    onRefusal: (reason) => refusals.inc({ reason }),
  };
};

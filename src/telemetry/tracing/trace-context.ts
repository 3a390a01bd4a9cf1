/** The position of a request in a trace, as a caller reports it by W3C Trace Context. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** The span of the caller: 16 hexadecimal digits. */
  readonly parentId: string;
  /** Whether the caller records the trace. */
  readonly isSampled: boolean;
  /** The header `tracestate`; `undefined` if it is missing or invalid. */
  readonly state: string | undefined;
}

const versionZero = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
/** Later versions may append parts. The version `ff` is invalid. */
const laterVersion = /^(?!ff|00)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-[\w.-]*)?$/;
const longestParent = 200;

const stateKey = /^(?:[a-z][a-z\d_*/-]{0,255}|[a-z\d][a-z\d_*/-]{0,240}@[a-z][a-z\d_*/-]{0,13})$/;
const stateValue = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const mostState = { characters: 512, members: 32 } as const;

const isMember = (member: string): boolean => {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/.exec(member) ?? [];
  return stateKey.test(key) && stateValue.test(value);
};

/** Returns a valid `tracestate`. An invalid one does not affect `traceparent`. */
const stateOf = (header: string | null): string | undefined => {
  if (header === null || header.length > mostState.characters) return undefined;
  const members = header
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const isValid = members.length > 0 && members.length <= mostState.members && members.every(isMember);
  return isValid ? members.join(',') : undefined;
};

/**
 * Returns the trace context of valid headers; `undefined` without one. Several headers `traceparent`, which Node joins by
 * commas, are invalid.
 */
export const readTraceContext = (
  traceparent: string | null,
  tracestate: string | null,
): TraceContext | undefined => {
  if (traceparent === null || traceparent.length > longestParent) return undefined;
  const [, traceId = '', parentId = '', flags = ''] =
    versionZero.exec(traceparent) ?? laterVersion.exec(traceparent) ?? [];
  if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, parentId, isSampled, state: stateOf(tracestate) };
};

/** The id of a span in a trace, as it is passed on. */
export interface SpanId {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** Returns the header `traceparent` for calls that belong to a span. */
export const traceparentOf = ({ traceId, spanId, isSampled }: SpanId): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

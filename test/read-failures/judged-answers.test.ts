import { describe, expect, it } from 'vitest';
import { createErrorMasking } from '../../src/http/error-masking.ts';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { parseJson } from '../../src/upstreams/client/body-parser.ts';
import { toResult, toUpstreamError } from '../../src/upstreams/client/result.ts';
import { TransportError } from '../../src/upstreams/client/transport-error.ts';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { judged } from '../../src/upstreams/endpoint/verdict.ts';
import { systemNames } from '../../src/upstreams/errors.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { silentLog } from '../support/gateway.ts';
import { reads } from '../support/reads.ts';
import type { Answer } from '../support/upstream.ts';
import { documented } from './documented.ts';
import { authFailed, type Failure, leak, type Shape } from './shape.ts';
import { shapesOf } from './shapes.ts';

// Each shape of an answer, and each read: what the read makes of the answer once it is there. `routes.test.ts` asks for
// the same over HTTP, by some of the shapes.

type Outcome =
  | { readonly rows: unknown; readonly incomplete: number }
  | { readonly message: string; readonly extensions: object };

const mask = createErrorMasking(silentLog, createRedactor());

const toldOf = (error: unknown): Outcome => {
  const { message, extensions } = mask(error);
  return { message, extensions };
};

/** Whether an answer ends before it is whole. */
const isCutOff = (answer: Exclude<Answer, string>): boolean =>
  answer.headers?.['content-length'] !== undefined;

/** What a read makes of an answer. */
const outcomeOf = (endpoint: Endpoint, answer: Answer): Outcome => {
  if (answer === 'silence') return toldOf(toUpstreamError(endpoint, new TransportError('timeout', true)));
  if (answer === 'reset' || isCutOff(answer)) {
    return toldOf(toUpstreamError(endpoint, new TransportError('lost', true)));
  }
  const reply = {
    status: answer.status ?? 200,
    headers: answer.headers ?? {},
    json: parseJson('json' in answer ? JSON.stringify(answer.json) : answer.html),
  };
  const judge = endpoint.system === 'SCOLLECT' ? judgeScollect : judgeRecoveryConnect;
  let incomplete = 0;
  try {
    const onIncomplete = (): void => {
      incomplete += 1;
    };
    const rows = toResult(endpoint, judged(judge, endpoint, reply).verdict, { onIncomplete });
    return { rows, incomplete };
  } catch (error) {
    return toldOf(error);
  }
};

const failure = (
  { system, operation, method, path }: Endpoint,
  { says, ...extensions }: Failure,
): Outcome => ({
  message: `${systemNames[system]} ${says} (${method} ${path}).`,
  extensions: { upstream: system, operation, ...extensions },
});

/** What it must be. */
const expected = (endpoint: Endpoint, outcome: Shape[2], whole: Outcome): Outcome => {
  switch (outcome) {
    case 'nothing':
      return { rows: endpoint.nothing === 'NO_ROWS' ? [] : null, incomplete: 0 };
    case 'whole':
      return whole;
    case 'incomplete':
      return { ...whole, incomplete: 1 };
    default:
      return failure(endpoint, outcome);
  }
};

describe.each(reads.map((endpoint) => [endpoint.operation, endpoint] as const))(
  'an answer to %s',
  (_, endpoint) => {
    const success = documented(endpoint.operation);
    const whole = outcomeOf(endpoint, { json: success });

    it('that is the documented one has rows', () => {
      expect(whole).toEqual({ rows: expect.anything(), incomplete: 0 });
      expect(whole).not.toEqual(expected(endpoint, 'nothing', whole));
    });

    it.each(shapesOf(endpoint))('is judged rightly: %s', (_name, served, outcome) => {
      const answer = (call: number): Answer =>
        typeof served === 'function' ? served(success, call) : served;
      // What differs from the first call to the next refuses the token at first.
      if (outcome === 'whole') expect(outcomeOf(endpoint, answer(1))).toEqual(failure(endpoint, authFailed));
      const found = outcomeOf(endpoint, answer(2));
      expect(found).toEqual(expected(endpoint, outcome, whole));
      if ('message' in found) expect(JSON.stringify(found)).not.toMatch(leak);
    });
  },
);

describe('the shapes of answers', () => {
  it('are as many as they were', () => {
    const counts = reads.map((endpoint) => shapesOf(endpoint).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(2527);
  });
});

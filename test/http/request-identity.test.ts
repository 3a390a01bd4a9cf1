import { describe, expect, it } from 'vitest';
import type { Log } from '../../src/telemetry/log.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createRedactor } from '../../src/telemetry/redaction/redact.ts';
import { startAudited } from '../support/audited.ts';
import { callerWith } from '../support/caller.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;
const forwarded = '203.0.113.7';
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** The ids in the response and in the audit line of a request with these headers. */
const idsOf = async (trustedProxies: number, headers: Readonly<Record<string, string>>) => {
  const { gateway, lines } = await startAudited({ access: { trustedProxies } });
  const response = await gateway.fetch('http://gateway/graphql?query={__typename}', { headers });
  const [line] = lines();
  expect(response.headers.get('x-request-id')).toBe(line?.['requestId']);
  return { requestId: String(line?.['requestId']), traceId: line?.['traceId'] };
};

describe('a request that came through the trusted proxies', () => {
  it.each([
    '1b4e28ba-2fa1-41d2-883f-0016d3cca427',
    '0192f3c4-7a5b-7c3d-9e1f-2a3b4c5d6e7f',
    '7f3d2a1c9b8e4f60a1b2c3d4e5f60718',
    'edge-fra1.k9fa_0042',
  ])('keeps its x-request-id: %s', async (id) => {
    const ids = await idsOf(1, { 'x-forwarded-for': forwarded, 'x-request-id': id });
    expect(ids.requestId).toBe(id);
  });

  it.each([
    'short',
    'a'.repeat(129),
    'with blanks in it',
    'Jane-Quillfeather',
    'id"}{"audit":true',
    '219-09-9999',
    '4242424242424242',
    '42424242424242424242424242424242',
    'ab4242424242424242abcdefabcdefab',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl',
    'one-id-00001, two-id-00002',
  ])('gets an id of its own instead of %j', async (id) => {
    const ids = await idsOf(1, { 'x-forwarded-for': forwarded, 'x-request-id': id });
    expect(ids.requestId).toMatch(uuid);
    expect(ids.requestId).not.toBe(id);
  });

  it('belongs to the trace in its traceparent', async () => {
    expect(await idsOf(2, { 'x-forwarded-for': `${forwarded}, 10.0.0.1`, traceparent })).toMatchObject({
      traceId,
    });
  });

  it('begins a trace if its traceparent is invalid', async () => {
    const ids = await idsOf(1, { 'x-forwarded-for': forwarded, traceparent: `${traceparent}-x` });
    expect(ids.traceId).toMatch(/^[\da-f]{32}$/);
    expect(ids.traceId).not.toBe(traceId);
  });
});

describe('a request of anybody else', () => {
  it.each([
    ['without trusted proxies', 0, { 'x-forwarded-for': forwarded }],
    ['past the proxy', 1, {}],
    ['past one of two proxies', 2, { 'x-forwarded-for': forwarded }],
  ])('%s gets ids of its own', async (_, trustedProxies, headers) => {
    const id = '1b4e28ba-2fa1-41d2-883f-0016d3cca427';
    const ids = await idsOf(trustedProxies, { ...headers, 'x-request-id': id, traceparent });
    expect(ids.requestId).toMatch(uuid);
    expect(ids.requestId).not.toBe(id);
    expect(ids.traceId).toMatch(/^(?!0+$)[\da-f]{32}$/);
    expect(ids.traceId).not.toBe(traceId);
  });
});

describe('the log line of an unexpected error', () => {
  it('contains the ids of its request', async () => {
    const lines: string[] = [];
    const log: Log = createLog('info', {
      redactor: createRedactor(),
      destination: { write: (line) => void lines.push(line) },
    });
    const { gateway } = await startAudited({
      log,
      access: { trustedProxies: 1 },
      authenticate: () => {
        if (lines.length === 0) throw new RangeError('of 4242424242424242');
        return callerWith();
      },
    });
    const headers = { 'x-forwarded-for': forwarded, traceparent, 'x-request-id': 'edge-fra1.0042' };
    await gateway.fetch('http://gateway/graphql?query={__typename}', { headers });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'unexpected error', requestId: 'edge-fra1.0042', traceId },
    ]);
  });
});

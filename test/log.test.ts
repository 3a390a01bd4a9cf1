import { describe, expect, it } from 'vitest';
import { outputFormatOf } from '../src/config/log-format.ts';
import { createLog } from '../src/telemetry/log.ts';
import { prettyLine } from '../src/telemetry/pretty-line.ts';
import { createRedactor } from '../src/telemetry/redaction/redact.ts';
import { canaries } from './redaction/canaries.ts';

const collect = (level: Parameters<typeof createLog>[0] = 'info', secrets: readonly string[] = []) => {
  const lines: string[] = [];
  const log = createLog(level, {
    redactor: createRedactor({ secrets }),
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};

describe('a line of the log', () => {
  it('is one line of JSON with its level, its time, its details and its message', () => {
    const { log, lines, parsed } = collect();
    const details = { upstream: 'SCOLLECT', operation: 'getaccount', status: 502, milliseconds: 1234 };
    log.info(details, 'stopping');
    log.warn({}, 'an upstream fails and is not asked for a while');
    log.error({ error: new TypeError('of 4242424242424242') }, 'unexpected error');
    expect(lines.every((line) => /^\{.*\}\n$/.test(line))).toBe(true);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(parsed()).toEqual([
      { level: 30, time, ...details, msg: 'stopping' },
      { level: 40, time, msg: 'an upstream fails and is not asked for a while' },
      {
        level: 50,
        time,
        error: { name: 'TypeError', at: expect.any(Array) },
        msg: 'unexpected error',
      },
    ]);
  });

  it.each(Object.entries(canaries))('masks what may not be shown in details and message: %s', (_, canary) => {
    const { text, secret } = canary;
    const { log, lines } = collect();
    log.error({ [text]: { deep: [{ text }] }, err: new Error(text) }, `failed for ${text} and %s`);
    log.info(Object.assign(new Error(text), { text }), text);
    log.warn([text], text);
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(JSON.stringify(secret).slice(1, -1));
  });

  it('masks the configured secrets', () => {
    const { log, lines } = collect('info', ['Open Sesame']);
    log.info({ a: 'open%20sesame' }, `said ${Buffer.from('Open Sesame').toString('base64')}`);
    expect(lines[0]).toContain('"a":"…","msg":"said …');
  });

  it('is written from its level on', () => {
    const { log, parsed } = collect('warn');
    log.info({}, 'no');
    log.warn({}, 'yes');
    expect(parsed().map(({ msg }) => msg)).toEqual(['yes']);
    const silent = collect('silent');
    silent.log.error({}, 'no');
    expect(silent.lines).toEqual([]);
  });
});

describe('a line of the log for people', () => {
  it('has time, level, message and details', () => {
    const line = {
      level: 40,
      time: '2026-11-29T14:28:33.330Z',
      upstream: 'SCOLLECT',
      at: ['a b'],
      msg: 'it fails',
    };
    expect(prettyLine(`${JSON.stringify(line)}\n`, false)).toBe(
      '2026-11-29T14:28:33.330Z WARN  it fails upstream=SCOLLECT at=["a b"]\n',
    );
    expect(prettyLine(JSON.stringify(line), true)).toContain('\u001b[33mWARN \u001b[39m it fails');
  });
});

describe('the ids of a request in a line of the log', () => {
  it('are not masked as keys, unlike such texts under other names', () => {
    const { log, parsed } = collect();
    const id = '7f3d2a1c9b8e4f60a1b2c3d4e5f60718';
    log.info({ requestId: id, traceId: id, other: id }, id);
    expect(parsed()).toMatchObject([{ requestId: id, traceId: id, other: '…', msg: '…' }]);
  });
});

describe('the form of the output', () => {
  it.each([
    [{ NODE_ENV: 'production' }, false, { isJson: true, isPretty: false }],
    [{ NODE_ENV: ' Production ' }, true, { isJson: true, isPretty: false }],
    [{ NODE_ENV: 'production', LOG_FORMAT: 'pretty' }, false, { isJson: false, isPretty: true }],
    [{ LOG_FORMAT: 'json' }, true, { isJson: true, isPretty: false }],
    [{ LOG_FORMAT: 'nonsense', NODE_ENV: 'production' }, true, { isJson: true, isPretty: false }],
    [{}, true, { isJson: false, isPretty: true }],
    [{}, false, { isJson: false, isPretty: false }],
  ])('with %j, on a terminal: %j, is %j', (variables, isTerminal, format) => {
    expect(outputFormatOf(variables, isTerminal)).toEqual(format);
  });
});

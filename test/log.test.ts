import { describe, expect, it } from 'vitest';
import { createLog } from '../src/telemetry/log.ts';
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
    expect(parsed()).toEqual([
      { level: 30, time: expect.any(Number), ...details, msg: 'stopping' },
      { level: 40, time: expect.any(Number), msg: 'an upstream fails and is not asked for a while' },
      {
        level: 50,
        time: expect.any(Number),
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

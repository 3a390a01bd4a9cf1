import { describe, expect, it } from 'vitest';
import { formsOf, leaksIn } from '../support/canary-forms.ts';
import { canaries } from './canaries.ts';

const names = Object.keys(canaries) as (keyof typeof canaries)[];

/** What outputs are made of. */
const around: readonly ((form: string) => string)[] = [
  (form) => form,
  (form) => `{"level":50,"time":"2026-11-21T22:40:35.123Z","msg":"of ${form} it failed"}`,
  (form) => `200 OK [["x-debug","${form}"]]\n{"data":null}`,
  (form) => `SQLite format 3\u0000\u0001\u00ff${form}\u0000`,
  (form) => `recollect_requests_total{operation="${form}"} 8`,
  (form) => `${'x'.repeat(10_000)}-${form}-${'y'.repeat(10_000)}`,
];

describe('the search for canaries', () => {
  it.each(names)('finds each form of %s, wherever it stands', (name) => {
    const forms = formsOf(canaries[name]);
    expect(forms).toContain(canaries[name]);
    const missed = forms
      .filter((form) => form.length >= 4)
      .filter((form) =>
        around.some((place) => !leaksIn(place(form), canaries).includes(`${name} as ${form}`)),
      );
    expect(missed).toEqual([]);
  });

  it('knows each canary as it stands, in a URL, in JSON, in hexadecimal digits and in base64', () => {
    for (const secret of Object.values(canaries)) {
      const bytes = Buffer.from(secret);
      const forms = [
        secret,
        encodeURIComponent(secret),
        encodeURIComponent(encodeURIComponent(secret)),
        JSON.stringify(secret),
        bytes.toString('hex'),
        bytes.toString('hex').toUpperCase(),
        ...['', 'a', 'ab'].flatMap((before) =>
          (['base64', 'base64url'] as const).map((encoding) =>
            Buffer.from(`${before}${secret}and more`).toString(encoding),
          ),
        ),
      ];
      for (const form of forms)
        expect({ form, leaks: leaksIn(`"${form}"`, { secret }).length > 0 }).toEqual({ form, leaks: true });
    }
  });

  it('knows numbers in groups, and days as they are written elsewhere', () => {
    const found = (text: string) => leaksIn(text, canaries).length > 0;
    for (const text of [
      '4242 4242 4242 4242',
      '4242-4242-4242-4242',
      '912554418',
      '10/23/1937',
      '19371023',
      '23 Oct 1937',
    ]) {
      expect({ text, found: found(`said: ${text}.`) }).toEqual({ text, found: true });
    }
  });

  it('takes masks, ids, times and digests for none', () => {
    const clean = `***-**-4418 1937-**-** ************4242 "last4":"4242"
      8351e2a4-7d1b-4c3a-9e8f-6b5d4c3b8351 2026-11-21T22:40:37.8351Z "document":"${'8351'.repeat(16)}"
      "http://127.0.0.1:8351/graphql"
process_resident_memory_bytes 98351616
nodejs_eventloop_lag_p99_seconds 0.010835199
nodejs_gc_duration_seconds_bucket{le="0.001",kind="minor"} 8351`;
    expect(leaksIn(clean, canaries)).toEqual([]);
  });

  it('has distinct canaries', () => {
    const values = Object.values(canaries);
    expect(new Set(values).size).toBe(values.length);
    expect(values.flatMap(formsOf).length).toBeGreaterThan(800);
  });
});

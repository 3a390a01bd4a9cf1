import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { alerts, ruleTestNames } from '../support/alert-rules.ts';
import { root } from '../support/root.ts';

const page = readFileSync(join(root, 'docs/operating.md'), 'utf8');

/** The sections of alerts by their headings. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', (section.split(/^## /m)[0] ?? '').trim()] as const)
    .filter(([heading]) => heading.startsWith('Recollect')),
);

const names = alerts.map(({ alert }) => alert);

describe('the alert', () => {
  it.each(alerts)('$alert links to its section of docs/operating.md', ({ alert, annotations }) => {
    expect(annotations.runbook_url).toBe(`docs/operating.md#${alert.toLowerCase()}`);
  });

  it.each(names)('%s has a section: meaning, what to look at, what to do', (alert) => {
    const section = sections.get(alert) ?? '';
    const parts = [...section.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, part]) => part);
    expect(parts).toEqual(['meaning', 'look at', 'do']);
  });

  it.each(names)('%s has a unit test that fires, and one that does not', (alert) => {
    const tests = ruleTestNames.filter((name) => name.startsWith(`${alert}: `));
    expect(tests.filter((name) => name.startsWith(`${alert}: fires`))).not.toEqual([]);
    expect(tests.filter((name) => name.startsWith(`${alert}: does not fire`))).not.toEqual([]);
  });
});

it('No section of docs/operating.md and no unit test is about an alert that does not exist', () => {
  expect([...sections.keys()].sort()).toEqual([...names].sort());
  expect(ruleTestNames.filter((name) => !names.includes(name.split(':')[0] ?? ''))).toEqual([]);
});

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .join('\n');

/** Messages of the log that the page lists; `…` stands for any text. */
const listed = (page.split('## Log lines')[1] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)])
  .flatMap(([, message = '']) => (message === 'msg' ? [] : [message]));

it('docs/operating.md lists messages that the gateway logs, and every literal one', () => {
  expect(listed.filter((message) => !sources.includes(message.replace(/…$/, '')))).toEqual([]);
  const logged = [...sources.matchAll(/\blog\.(?:info|warn|error)\(\s*[^;]*?,\s*'([^']+)',?\s*\)/g)].map(
    ([, message = '']) => message,
  );
  expect(logged.length).toBeGreaterThan(10);
  const missing = logged.filter((message) => !listed.includes(message));
  expect(missing, 'Add these lines to the table in docs/operating.md.').toEqual([]);
});

it('deploy/operator-documents.json fits the schema, and docs/operating.md names its documents', () => {
  const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));
  const documents = JSON.parse(readFileSync(join(root, 'deploy/operator-documents.json'), 'utf8')) as Record<
    string,
    string
  >;
  expect(Object.keys(documents)).toEqual(['pending-outcomes', 'resolve-outcome']);
  for (const [id, document] of Object.entries(documents)) {
    expect(validate(schema, parse(document))).toEqual([]);
    expect(page).toContain(`"documentId":"${id}"`);
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from './root.ts';

export const rulesFolder = join(root, 'deploy/prometheus');

const alertRule = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.enum(['page', 'warning']) }),
  annotations: z.strictObject({ summary: z.string(), description: z.string(), runbook_url: z.string() }),
});

const recordingRule = z.object({ record: z.string(), expr: z.string() });

const rulesFile = z.object({
  groups: z.array(z.object({ name: z.string(), rules: z.array(z.union([alertRule, recordingRule])) })),
});

const rules = rulesFile
  .parse(parse(readFileSync(join(rulesFolder, 'alerts.yml'), 'utf8')))
  .groups.flatMap((group) => group.rules);

/** The alerts of `deploy/prometheus/alerts.yml`. */
export const alerts = rules.filter((rule) => 'alert' in rule);

/** All expressions of the file, recording rules included. */
export const ruleExpressions = rules.map(({ expr }) => expr);

/** The names of the unit tests of alerts. */
export const ruleTestNames = z
  .object({ tests: z.array(z.object({ name: z.string() })) })
  .parse(parse(readFileSync(join(rulesFolder, 'alerts.test.yml'), 'utf8')))
  .tests.map(({ name }) => name);

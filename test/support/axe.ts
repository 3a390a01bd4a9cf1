import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { root } from './root.ts';

const packages = join(root, 'examples/agent-desk/node_modules');

const script = join(packages, 'axe-core/axe.min.js');

const command = 'npm ci --prefix examples/agent-desk';

/**
 * Whether the packages of the example are there, axe-core among them. Otherwise stderr names what is skipped.
 *
 * @throws {Error} without them in CI, where no test may be skipped.
 */
export const hasExamplePackages = (skipped: string): boolean => {
  const areThere = existsSync(join(packages, 'vite')) && existsSync(script);
  if (!areThere && process.env['CI']) throw new Error(`CI needs the packages of the example: ${command}.`);
  if (!areThere)
    process.stderr.write(`Skipped: ${skipped}, for want of the example's packages: ${command}.\n`);
  return areThere;
};

/** A rule that a page violates, with an element. */
interface Violation {
  readonly rule: string;
  readonly element: string;
}

const violationList = z.array(z.object({ rule: z.string(), element: z.string() }));

/**
 * Returns the rules of axe-core that a page violates; contrast that cannot be determined counts as a violation.
 *
 * @param excluded selectors of decoration.
 */
export const violationsIn = async (page: Page, excluded: readonly string[] = []): Promise<Violation[]> => {
  await page.evaluate(readFileSync(script, 'utf8'));
  const context = JSON.stringify({ exclude: excluded.map((selector) => [selector]) });
  const found =
    await page.evaluate<string>(`axe.run(${context}).then(({ violations, incomplete }) => JSON.stringify([
    ...violations,
    ...incomplete.filter(({ id }) => id === 'color-contrast'),
  ].flatMap(({ id, nodes }) => nodes.map(({ target }) => ({ rule: id, element: target.join(' ') })))))`);
  return violationList.parse(JSON.parse(found));
};

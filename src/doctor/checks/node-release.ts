import { nodeRelease } from '../../config/node-releases.ts';
import { note, ok } from '../result.ts';
import type { Check } from '../run-check.ts';

export interface NodeReleaseContext {
  /** Whether the gateway serves no real data. */
  readonly usesSandbox: boolean;
  readonly version?: string;
  readonly now?: Date;
}

/** Security fixes of Node end by release, while the gateway still runs on it. */
export const nodeReleaseCheck: Check<NodeReleaseContext> = {
  id: 'node',
  subject: 'Node',
  run: ({ usesSandbox, version = process.versions.node, now = new Date() }, report) => {
    const { major, end, hasEnded } = nodeRelease(version, now);
    if (hasEnded) {
      const message = `Node ${major}: no security fixes since ${end}.`;
      const action = 'Run the gateway with Node 26 or 24.';
      report(usesSandbox ? ok(nodeReleaseCheck, message) : note(nodeReleaseCheck, message, action));
    } else {
      const until = end === null ? '' : `: security fixes until ${end}`;
      report(ok(nodeReleaseCheck, `Node ${major}${until}.`));
    }
  },
};

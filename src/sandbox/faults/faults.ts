import { setTimeout } from 'node:timers/promises';
import type { UpstreamSystem } from '../../errors.ts';
import type { Admission } from '../api.ts';
import { html, json, type Outcome } from '../server.ts';

/** How an exchange goes in which something goes wrong. */
export interface Fault {
  readonly meet: (call: Admission, milliseconds: number) => Outcome | Promise<Outcome>;
  /** Whether a switch must say `milliseconds`; without this it must not. */
  readonly isTimed?: true;
  /** The only system that has this fault; without it both have. */
  readonly system?: UpstreamSystem;
}

const gatewayTimeoutPage = `<html>
<head><title>504 Gateway Time-out</title></head>
<body>
<center><h1>504 Gateway Time-out</h1></center>
<hr><center>nginx</center>
</body>
</html>
`;

const table = {
  decline: { meet: ({ decline }) => decline() },
  refuse: { meet: ({ refuse }) => refuse() },
  delay: {
    isTimed: true,
    meet: async ({ carryOut }, milliseconds) => {
      const answer = carryOut();
      // A sandbox that is closed does not wait for the answers that it still owes.
      await setTimeout(milliseconds, undefined, { ref: false });
      return answer;
    },
  },
  hang: { meet: () => 'silence' },
  reset: { meet: () => 'reset' },
  'lose-answer': {
    meet: ({ carryOut }) => {
      carryOut();
      return 'reset';
    },
  },
  pending: {
    // Celery's state of a task that nobody has waited for.
    system: 'SCOLLECT',
    meet: ({ carryOut }) => {
      carryOut();
      return json({ state: 'PENDING', status: 'Pending...' });
    },
  },
  'gateway-timeout': {
    meet: ({ carryOut }) => {
      carryOut();
      return html(gatewayTimeoutPage, 504);
    },
  },
} satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof table;

/** Every fault that a switch can name. One more is one more entry of the table. */
export const faults: Readonly<Record<FaultName, Fault>> = table;

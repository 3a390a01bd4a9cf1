import { faultsPath } from './faults/control.ts';
import type { FaultSwitch } from './faults/switches.ts';
import { type Sandbox, settingsFor, startSandbox } from './sandbox.ts';

const ports = { scollectPort: 4101, recoveryConnectPort: 4102 };

const exampleFaults: readonly FaultSwitch[] = [
  { operation: 'run_payment_external', fault: 'lose-answer', times: 1 },
];

/** Without authentication the gateway starts only with its own sandbox, unless that is configured. */
const withoutAuthentication = { AUTH_DISABLED: 'true' };

const introduction = (
  sandbox: Sandbox,
): string => `The sandbox is running. Its data is made up and is lost when it stops.

  Scollect          ${sandbox.scollect.url}
  RecoveryConnect   ${sandbox.recoveryConnect.url}

To make something go wrong, here the answer to the next charge (docs/sandbox.md lists the faults):

  curl -X PUT ${sandbox.scollect.url}${faultsPath} -d '${JSON.stringify(exampleFaults)}'

These settings point the gateway to it:

${Object.entries({ ...withoutAuthentication, ...settingsFor(sandbox) })
  .map(([name, value]) => `  ${name}=${value}`)
  .join('\n')}
`;

const messageFor = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is taken: stop what listens there, then start the sandbox again.`;
  }
  return `The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`;
};

try {
  const sandbox = await startSandbox(ports);
  process.stdout.write(introduction(sandbox));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void sandbox.close());
  }
} catch (error) {
  process.stderr.write(`${messageFor(error)}\n`);
  process.exitCode = 1;
}

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listenAnywhere } from '../support/listen.ts';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The blocks of commands in a section of docs/deploying.md. */
const commandsIn = (section: string): string[] => {
  const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands = '']) => commands);
};

/** Stand-ins for a service manager and for users that this machine may lack. */
const standIns = `
sudo() { shift 2; env "$@"; }
install() {
  if [ "$1" = -d ]; then command install -d -m 0700 "$8"; else command install -m 0600 "$7" "$8"; fi
}
systemctl() {
  case $1 in
    start)
      : > log
      node "$DIST/main.js" >> log 2>&1 &
      echo $! > pid
      until grep -q 'is ready at' log; do kill -0 $!; sleep 0.1; done ;;
    stop) kill "$(cat pid)"; while kill -0 "$(cat pid)" 2> /dev/null; do sleep 0.1; done ;;
  esac
}
`;

it('docs/deploying.md: its commands back up a ledger while a gateway runs, and restore it', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const dist = join(root, 'dist');
  const inFolder = (commands: string): string =>
    commands
      .replaceAll('/var/', `${folder}/var/`)
      .replaceAll('/opt/recollect/dist', dist)
      .replaceAll('\\\n', ' ');
  let port = 0;
  const sh = (commands: string): string =>
    execFileSync('sh', ['-ec', `${standIns}\n${inFolder(commands)}`], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        DIST: dist,
        PORT: String(port),
        STORE_URL: `file:${folder}/var/lib/recollect/gateway.db`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  onTestFinished(() => {
    try {
      sh('systemctl stop recollect');
    } catch {
      // It has not started.
    }
  });
  await listenAnywhere(async (number) => {
    port = number;
    try {
      sh('systemctl start recollect');
    } catch (error) {
      throw Object.assign(error as Error, { code: 'EADDRINUSE' });
    }
  });
  const pay = async (idempotencyKey: string): Promise<string> => {
    const query = `mutation ($input: RunPaymentInput!) { runPayment(input: $input) { __typename } }`;
    const input = { idempotencyKey, fileNumber: 'R1001', amount: '1.00', paymentDate: '2030-01-02' };
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      // This process does not see that a connection is closed while it executes commands.
      headers: { 'content-type': 'application/json', accept: 'application/json', connection: 'close' },
      body: JSON.stringify({ query, variables: { input } }),
    });
    return ((await response.json()) as { data: { runPayment: { __typename: string } } }).data.runPayment
      .__typename;
  };
  const [backUp = '', restore = ''] = commandsIn('Back up and restore');

  expect(await pay('before')).toBe('RunPaymentSuccess');
  expect(sh(backUp)).toContain('The backup is complete and verified; entries: 1 SETTLED.');
  expect(readdirSync(join(folder, 'var/backups/recollect'))).toHaveLength(1);
  expect(await pay('after')).toBe('RunPaymentSuccess');

  expect(sh(restore)).toContain('Restored: writes whose key is not in it are not sent');
  expect(readFileSync(join(folder, 'log'), 'utf8')).toMatch(/"level":40.*restored/);
  expect(await pay('before')).toBe('RunPaymentSuccess');
  // It is not in the copy: nobody knows whether it was executed.
  expect(await pay('after')).toBe('OutcomeUnknownError');
});

import { describe, expect, it } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { logLevels } from '../../src/telemetry/log.ts';
import { configured, written } from './canaries.ts';
import { writes } from './documents.ts';
import { leaksAmong, startHunt, withoutPersonal } from './hunt.ts';
import { conducts, startIndiscreet } from './indiscreet.ts';
import { shownToSome, withoutShown } from './shown.ts';

const reads = `{ account(fileNumber: "R1001") { originalBalance borrower { fullName } payments { totalCount } }
  accountsBySsn(ssn: "${written.SSN}") { fileNumber } order(orderId: "57062885") { orderId photos { name } } }`;

const env = async () => {
  const upstreams = {
    scollect: await startIndiscreet('SCOLLECT'),
    recoveryConnect: await startIndiscreet('RECOVERY_CONNECT'),
  };
  return {
    become: (way: string) => {
      for (const upstream of Object.values(upstreams)) upstream.become(way);
    },
    env: {
      SCOLLECT_URL: upstreams.scollect.url,
      SCOLLECT_API_KEY: configured['API key'],
      SCOLLECT_PIN: configured.PIN,
      RECOVERYCONNECT_URL: upstreams.recoveryConnect.url,
      RECOVERYCONNECT_USERNAME: configured["upstream's user"],
      RECOVERYCONNECT_PASSWORD: configured["upstream's password"],
    },
  };
};

describe.each(logLevels)('at the log level %s', (level) => {
  it('no output holds a canary, whether the audit trail has a file or not', { timeout: 60_000 }, async () => {
    const upstreams = await env();
    const isOnStdout = ['trace', 'info', 'silent'].includes(level);
    const hunt = await startHunt({
      env: { ...upstreams.env, LOG_LEVEL: level, ...(isOnStdout && { AUDIT_LOG: 'stdout' }) },
    });
    const ways = level === 'trace' ? conducts : conducts.filter((_, index) => index % 3 === 0);
    for (const [index, way] of ways.entries()) {
      upstreams.become(way);
      await hunt.ask(reads, {}, { scopes: index % 2 === 0 ? scopes : withoutPersonal });
      const write = writes[(index * 7) % writes.length];
      if (write) await hunt.ask(write.query, { input: write.input(way) });
      const payment = writes.find(({ field }) => field === 'recordPayment');
      if (payment) await hunt.ask(payment.query, { input: payment.input(`${way} paid`) });
    }
    await hunt.ask(`{ account(fileNumber: "${written.card}") { card_${written.card} } }`);
    await hunt.ask(reads, {}, { authorization: `Bearer ${configured['API key']}` });
    const answers = hunt.answers.map((answer) => withoutShown(answer, shownToSome));
    const outputs = await hunt.end();
    const [stdout = ''] = outputs.filter(({ name }) => name === 'stdout').map(({ text }) => text);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    // The lines of the trail are no lines of the log.
    expect(lines.some((line) => line.includes('"audit":true'))).toBe(isOnStdout);
    const isLogging = ['trace', 'debug', 'info', 'warn'].includes(level);
    // The report of the start is written at every level.
    const afterStart = lines.slice(lines.findIndex((line) => line.includes('Recollect is ready')) + 1);
    expect(afterStart.some((line) => line.includes('"level":'))).toBe(isLogging);
    expect(leaksAmong([...answers, ...outputs], hunt.secrets())).toEqual([]);
  });
});

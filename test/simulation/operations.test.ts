import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, print } from 'graphql';
import { expect, it } from 'vitest';
import { type DeskOperation, deskOperations } from '../../bench/src/simulation/operations.ts';
import { root } from '../support/root.ts';
import { startRoundTrips } from '../support/round-trips.ts';

const folder = join(root, 'examples/agent-desk/src');
const { definitions } = parse(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n'),
);
const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);

/** Returns an operation of the agent desk with all fragments that it spreads. */
const documentOf = (name: string): string => {
  const used = new Set<string>();
  const add = (text: string): string => {
    const spread = fragments.filter(
      (one) =>
        'name' in one && one.name && text.includes(`...${one.name.value}\n`) && !used.has(one.name.value),
    );
    for (const one of spread) if ('name' in one && one.name) used.add(one.name.value);
    return [text, ...spread.map((one) => add(print(one)))].join('\n');
  };
  const operation = definitions.find(
    (one) => one.kind === Kind.OPERATION_DEFINITION && one.name?.value === name,
  );
  if (!operation) throw new Error(`The agent desk has no operation ${name}.`);
  return add(print(operation));
};

const inputs: Readonly<Partial<Record<DeskOperation, object>>> = {
  AddNote: { collectorName: 'agent', body: 'text' },
  RecordAttempt: { agent: 'agent', phoneNumber: '614-555-0142', disposition: 'X', type: 'MANUAL' },
  RunPayment: { idempotencyKey: 'a key of the simulation', amount: '10.00', paymentDate: '2026-11-20' },
};

it.each(Object.keys(deskOperations) as DeskOperation[])(
  'the simulation makes the calls of the agent desk in their rounds: %s',
  async (name) => {
    const { ask } = await startRoundTrips();
    const input = { fileNumber: 'R1001', ...inputs[name] };
    const variables = { fileNumber: 'R1001', number: '716-628-9899', orderId: '20', input };
    const { reply, rounds } = await ask(documentOf(name), variables);
    expect(reply.errors).toBeUndefined();
    const simulated = deskOperations[name].map((round) =>
      round.map(({ endpoint }) => endpoint.operation).sort(),
    );
    expect(simulated).toEqual(rounds);
  },
);

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../src/sandbox/faults/faults.ts';
import { gzipBomb } from '../../src/sandbox/faults/gzip-bomb.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Trouble } from '../support/fault-proxy.ts';
import { type Cell, checkCalm, matrix } from './cells.ts';
import { faultRows } from './fault-rows.ts';
import { InexcusableError, openStand, type Stand, watchLoop } from './stand.ts';

/** Cells at a time: most of their time they wait. */
const lanes = 8;

/** On a machine with nothing else to do, this process is never away for so many milliseconds. */
const disturbance = 40;

/** How often a cell is tried alone, where others kept the machine from it. */
const triesAlone = 5;

const unhandled: string[] = [];
let injected = 0;

const unforeseen: string[] = [];
const onUnforeseen = (error: unknown): void => {
  unforeseen.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
};

/** A failed assertion contains what it compared. */
const toldOf = (error: unknown): string => {
  const { message, expected, actual } = error as Partial<Record<'message' | 'expected' | 'actual', unknown>>;
  const compared = expected === undefined && actual === undefined ? [] : [{ expected, actual }];
  return [String(message ?? error), ...compared.map((one) => JSON.stringify(one))].join('\n');
};

interface Failure {
  readonly cell: Cell;
  readonly text: string;
  /** The machine was busy with something else meanwhile, which may be the reason. */
  readonly isDisturbed: boolean;
}

const runCell = async (cell: Cell, stand: Stand): Promise<Failure | null> => {
  const loop = watchLoop();
  try {
    await cell.run(stand);
    return null;
  } catch (error) {
    const isBusy = (await loop.worst()) > disturbance;
    return { cell, text: toldOf(error), isDisturbed: isBusy && !(error instanceof InexcusableError) };
  } finally {
    loop.stop();
  }
};

const withStand = async <Result>(work: (stand: Stand) => Promise<Result>): Promise<Result> => {
  const stand = await openStand();
  try {
    return await work(stand);
  } finally {
    await stand.close();
  }
};

const runLane = (waiting: Cell[]): Promise<Failure[]> =>
  withStand(async (stand) => {
    const failures: Failure[] = [];
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      injected += 1;
      const failure = await runCell(cell, stand);
      if (failure) failures.push(failure);
    }
    return failures;
  });

/** Gives a cell that failed in a disturbance some more tries, alone; a failure without one is final. */
const runAgain = (failure: Failure): Promise<Failure | null> =>
  withStand(async (stand) => {
    let last: Failure | null = failure;
    for (let tries = 1; last?.isDisturbed && tries <= triesAlone; tries += 1) {
      last = await runCell(failure.cell, stand);
    }
    return last;
  });

const runAll = async (cells: readonly Cell[]): Promise<string[]> => {
  const waiting = [...cells];
  const failures = await Promise.all(Array.from({ length: lanes }, () => runLane(waiting)));
  const final: string[] = [];
  for (const failure of failures.flat()) {
    const last = await runAgain(failure);
    if (last) final.push(`${last.cell.name}\n${last.text}`);
  }
  return final;
};

beforeAll(async () => {
  // It is created for the first caller, which takes longer than an exchange may.
  await gzipBomb();
  process.on('unhandledRejection', onUnforeseen);
  process.on('uncaughtException', onUnforeseen);
});

afterAll(() => {
  process.off('unhandledRejection', onUnforeseen);
  process.off('uncaughtException', onUnforeseen);
  const lines = unhandled.map((cell) => `NOT HANDLED: ${cell}`);
  const summary = `${injected} injected, ${injected - unhandled.length} handled`;
  process.stdout.write(`${[...lines, summary].join('\n')}\n`);
});

describe('a fault of an upstream', () => {
  it.each(matrix)(
    'comes to what is promised of %s, and to nothing else',
    async (_, cells) => {
      const failures = await runAll(cells);
      unhandled.push(...failures);
      expect(failures).toEqual([]);
    },
    600_000,
  );

  it.each([-86_400, 86_400])(
    'is none where the clock of the tokens is wrong by %d seconds',
    async (tokenClockSkewSeconds) => {
      const right = await openStand();
      const stand = await openStand(await startSandbox({ tokenClockSkewSeconds }));
      try {
        injected += await checkCalm(stand, right);
      } finally {
        await Promise.all([right.close(), stand.close()]);
      }
    },
  );

  it('throws nothing that nobody catches', () => {
    expect(unforeseen).toEqual([]);
  });
});

describe('the matrix', () => {
  it('has every fault of the sandbox', () => {
    const named = faultRows.map(({ cause }) => (cause.kind === 'switch' ? cause.fault : undefined));
    expect(new Set(named.filter((name) => name !== undefined))).toEqual(new Set(Object.keys(faults)));
  });

  it('has every trouble of a connection', () => {
    const troubles: Readonly<Record<Exclude<Trouble['kind'], 'none'>, true>> = {
      'reset-at-connect': true,
      'reset-on-request': true,
      'reset-after': true,
      'close-after': true,
      stall: true,
      'stall-after': true,
      drip: true,
      latency: true,
      'reset-reused': true,
    };
    const named = faultRows.map(({ cause }) => (cause.kind === 'proxy' ? cause.trouble.kind : undefined));
    expect(new Set(named.filter((name) => name !== undefined))).toEqual(new Set(Object.keys(troubles)));
  });

  it('makes each fault strike each kind of work', () => {
    for (const [kind, cells] of matrix) {
      const isLogIn = kind === 'a log-in';
      const struck = faultRows.filter(
        (row) => !(isLogIn ? row.isOfUsedConnections || row.isFor : row.isSetting),
      );
      expect(new Set(cells.map(({ row }) => row.name))).toEqual(new Set(struck.map(({ name }) => name)));
    }
  });
});

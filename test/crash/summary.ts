import type { End } from './scenarios.ts';

/** Counts what became of the rounds. */
export interface Summary {
  add(name: string, kills: number, ends: readonly End[]): void;
  rounds(): number;
  /** A table of all that was counted. */
  text(payments: number, violations: number): string;
}

interface Line {
  rounds: number;
  kills: number;
  readonly ends: Map<End, number>;
}

const ends = ['charged', 'declined', 'unavailable', 'unknown: charged', 'unknown: not charged'] as const;
const head = ['killed', 'rounds', 'kills', ...ends] as const;

export const createSummary = (): Summary => {
  const lines = new Map<string, Line>();

  const add: Summary['add'] = (name, kills, ended) => {
    const line = lines.get(name) ?? { rounds: 0, kills: 0, ends: new Map<End, number>() };
    lines.set(name, line);
    line.rounds += 1;
    line.kills += kills;
    for (const end of ended) line.ends.set(end, (line.ends.get(end) ?? 0) + 1);
  };

  const cellsOf = ({ rounds, kills, ends: ended }: Line): number[] => [
    rounds,
    kills,
    ...ends.map((end) => ended.get(end) ?? 0),
  ];

  const total = (): number[] =>
    [...lines.values()]
      .map(cellsOf)
      .reduce(
        (sums, cells) => sums.map((sum, place) => sum + (cells[place] ?? 0)),
        [0, 0, ...ends.map(() => 0)],
      );

  return {
    add,
    rounds: () => total()[0] ?? 0,
    text: (payments, violations) => {
      const sorted = [...lines].sort(([one], [other]) => (one < other ? -1 : 1));
      const table = [
        [...head],
        ...sorted.map(([name, line]) => [name, ...cellsOf(line).map(String)]),
        ['all', ...total().map(String)],
      ];
      const widths = head.map((_, place) => Math.max(...table.map((cells) => cells[place]?.length ?? 0)));
      const rows = table.map((cells) =>
        cells
          .map((cell, place) =>
            place === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[place] ?? 0),
          )
          .join('  '),
      );
      return [...rows, `payments at the upstream: ${payments}`, `violations: ${violations}`, ''].join('\n');
    },
  };
};

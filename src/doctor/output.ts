import type { CheckResult, CheckStatus } from './result.ts';

/** Prints results: each when it is there, or all at the end. */
export interface Output {
  add(result: CheckResult): void;
  /** Prints the end. Returns whether nothing is in trouble. */
  end(): boolean;
}

type Write = (text: string) => void;

export type Summary = Readonly<Record<CheckStatus, number>>;

const summaryOf = (results: readonly CheckResult[]): Summary => {
  const count = (status: CheckStatus): number => results.filter((one) => one.status === status).length;
  return { ok: count('ok'), note: count('note'), trouble: count('trouble'), skipped: count('skipped') };
};

const marks: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok',
  note: 'note',
  trouble: 'TROUBLE',
  skipped: 'skipped',
};

const lineOf = ({ status, tenant, subject, message, action }: CheckResult): string => {
  const what = tenant === null ? subject : `${tenant}: ${subject}`;
  const text = action === null ? message : `${message} ${action}`;
  return `${marks[status].padEnd(8)}${what.padEnd(44)}${text}`.trimEnd();
};

/** A line for each result, for people. */
export const createTextOutput = (write: Write): Output => {
  const results: CheckResult[] = [];
  return {
    add: (result) => {
      results.push(result);
      write(`${lineOf(result)}\n`);
    },
    end: () => {
      const { trouble } = summaryOf(results);
      write(trouble === 0 ? 'All is well.\n' : `${trouble} in trouble.\n`);
      return trouble === 0;
    },
  };
};

/** Changes with the meaning of a key of the document; further keys may appear without. */
export const jsonVersion = 1;

/** One JSON document, for programs. */
export const createJsonOutput = (write: Write): Output => {
  const checks: CheckResult[] = [];
  return {
    add: (result) => checks.push(result),
    end: () => {
      const summary = summaryOf(checks);
      write(`${JSON.stringify({ version: jsonVersion, checks, summary }, null, 2)}\n`);
      return summary.trouble === 0;
    },
  };
};

import { setTimeout } from 'node:timers/promises';
import { type CheckResult, type CheckSubject, type Report, trouble } from './result.ts';

/** A part of the examination. */
export interface Check<Context> extends CheckSubject {
  /** Reports one result or several. */
  readonly run: (context: Context, report: Report) => void | Promise<void>;
}

/** Milliseconds that a check may take. Those of upstream reads have a limit of their own. */
const longestMs = 30_000;

/** Returns the result of a check that failed itself. */
export const failedCheck = (check: CheckSubject, error: unknown): CheckResult => {
  const { code, name } = error as NodeJS.ErrnoException;
  // The message of an error may contain a path or a value.
  return trouble(check, `could not be examined; the system says ${code ?? name ?? 'nothing'}.`);
};

/**
 * Runs a check within its time. A check that fails, or does not end, is in trouble itself, and affects no other.
 */
export const runCheck = async <Context>(
  check: Check<Context>,
  context: Context,
  report: Report,
  limitMs = longestMs,
): Promise<void> => {
  const timer = new AbortController();
  let isOver = false;
  const late = setTimeout(limitMs, undefined, { signal: timer.signal }).then(
    () => 'late' as const,
    () => 'done' as const,
  );
  const run = async (): Promise<'done'> => {
    await check.run(context, (result) => {
      if (!isOver) report(result);
    });
    return 'done';
  };
  try {
    if ((await Promise.race([run(), late])) === 'late') {
      report(trouble(check, `did not end within ${Math.round(limitMs / 1000)} seconds.`));
    }
  } catch (error) {
    report(failedCheck(check, error));
  } finally {
    isOver = true;
    timer.abort();
  }
};

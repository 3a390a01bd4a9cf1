import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Columns } from '../../upstreams/endpoint/column.ts';
import type { CallInput, Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import { leftOutOf } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { UpstreamError } from '../../upstreams/errors.ts';
import type { Upstreams } from '../../upstreams/upstreams.ts';

/** The result of one read. It may contain keys, never values. */
export interface Finding {
  readonly endpoint: Endpoint;
  readonly status: 'ok' | 'trouble' | 'skipped';
  readonly message: string;
  /** The call that failed: this one, or the log-in before it. */
  readonly failed: string | null;
}

type ReadEndpoint = Endpoint & { readonly effect: 'read' };

/**
 * Executes a read, reports the form of its response, and returns its first row.
 *
 * The columns are those that every row must have.
 */
export type ReadCheck = <E extends ReadEndpoint>(
  endpoint: E,
  input: CallInput<E>,
  columns?: Columns,
) => Promise<Row | undefined>;

const missingIn = (row: Row, columns: Columns): string[] => {
  const missing = Object.values(columns)
    .filter((column) => !column.isIn(row))
    .map(({ keys }) => keys.map((key) => (typeof key === 'string' ? key : key.join('.'))).join('/'));
  // Several columns may read the same keys.
  return [...new Set(missing)];
};

const judge = (
  rows: readonly Row[],
  leftOut: number,
  columns: Columns,
): Pick<Finding, 'status' | 'message'> => {
  const [first] = rows;
  if (!first) return { status: 'ok', message: 'nothing found' };
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  const missing = missingIn(first, columns);
  const lack = missing.length === 0 ? '' : `, without ${missing.join(', ')}`;
  const rest = leftOut === 0 ? '' : `, ${leftOut} more without what identifies them`;
  return { status: lack + rest === '' ? 'ok' : 'trouble', message: count + lack + rest };
};

/** @param signal ends all reads; later ones are not tried. */
export const createReader =
  (upstreams: Upstreams, signal: CancelSignal, report: (finding: Finding) => void): ReadCheck =>
  async (endpoint, input, columns = {}) => {
    const { system } = endpoint;
    if (signal.aborted) {
      report({ endpoint, status: 'skipped', message: 'no time was left.', failed: null });
      return undefined;
    }
    try {
      const reply: unknown = await upstreams[system].call(endpoint, input, { signal });
      // Replies of reads are rows, one row, or null.
      const rows = (Array.isArray(reply) ? reply : [reply]).filter((row: unknown) => row !== null) as Row[];
      report({ endpoint, ...judge(rows, leftOutOf(reply).length, columns), failed: null });
      return rows[0];
    } catch (error) {
      if (signal.aborted) {
        report({ endpoint, status: 'trouble', message: 'did not end in time.', failed: null });
      } else if (error instanceof UpstreamError) {
        report({ endpoint, status: 'trouble', message: error.message, failed: error.call.operation });
      } else {
        // Its message may contain a value of a response.
        const name = error instanceof Error ? error.name : 'unknown error';
        report({ endpoint, status: 'trouble', message: `could not be examined (${name}).`, failed: null });
      }
      return undefined;
    }
  };

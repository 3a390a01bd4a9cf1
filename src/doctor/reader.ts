import type { Columns } from '../upstreams/endpoint/column.ts';
import type { CallInput, Endpoint } from '../upstreams/endpoint/endpoint.ts';
import { leftOutOf } from '../upstreams/endpoint/left-out.ts';
import type { Row } from '../upstreams/endpoint/row.ts';
import { UpstreamError, type UpstreamSystem } from '../upstreams/errors.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';

/** The result of one read. It may contain keys, never values. */
export interface Finding {
  readonly system: UpstreamSystem;
  readonly operation: string;
  readonly isGood: boolean;
  readonly remark: string;
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
): Pick<Finding, 'isGood' | 'remark'> => {
  const [first] = rows;
  if (!first) return { isGood: true, remark: 'nothing found' };
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  const missing = missingIn(first, columns);
  const lack = missing.length === 0 ? '' : `, without ${missing.join(', ')}`;
  const rest = leftOut === 0 ? '' : `, ${leftOut} more without what identifies them`;
  return { isGood: missing.length === 0 && leftOut === 0, remark: count + lack + rest };
};

export const createReader =
  (upstreams: Upstreams, report: (finding: Finding) => void): ReadCheck =>
  async (endpoint, input, columns = {}) => {
    const { system, operation } = endpoint;
    try {
      const reply: unknown = await upstreams[system].call(endpoint, input);
      // Replies of reads are rows, one row, or null.
      const rows = (Array.isArray(reply) ? reply : [reply]).filter((row: unknown) => row !== null) as Row[];
      report({ system, operation, ...judge(rows, leftOutOf(reply).length, columns) });
      return rows[0];
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      report({ system, operation, isGood: false, remark: error.message });
      return undefined;
    }
  };

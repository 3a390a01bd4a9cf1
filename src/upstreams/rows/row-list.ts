import type { Endpoint } from '../endpoint/endpoint.ts';
import type { RowKey } from './row-key.ts';

/** A read whose answer is one long list, of which pages are given out as soon as they have come. */
export interface RowsEndpoint extends Endpoint {
  /** Tells its rows apart. */
  readonly rowKey: RowKey;
}

/** The rows of one answer, of which more may be coming: who asks for what is not there yet waits. */
export interface RowList<Rows = readonly unknown[]> {
  /** Waits for so many rows, or the end of them. @returns how many of so many there are. */
  reach(count: number): Promise<number>;
  /** Whether rows were left out before so many rows, or before the end of them. Waits as `reach` does. */
  isIncomplete(count: number): Promise<boolean>;
  /** The rows from one to before another, as far as there are. */
  rows(from: number, to: number): Promise<Rows>;
  /** The key of a row; `undefined` behind the end. */
  keyAt(index: number): Promise<string | undefined>;
  /** Where the first row with a key stands; -1 where none does. */
  find(key: string): Promise<number>;
}

/** One caller's part in a list. */
export interface RowListReader<Rows = readonly unknown[]> {
  /**
   * Does what needs rows; anew, where an answer broke off before it was done and the read is tried again.
   *
   * @throws {UpstreamError} when the rows do not come.
   */
  read<Result>(work: (list: RowList<Rows>) => Promise<Result>): Promise<Result>;
}

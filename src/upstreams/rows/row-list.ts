import type { Endpoint } from '../endpoint/endpoint.ts';
import type { RowKey } from './row-key.ts';

/** A read whose response is one long list. Its pages are available while the list arrives. */
export interface RowsEndpoint extends Endpoint {
  /** Identifies its rows. */
  readonly rowKey: RowKey;
}

/** The rows of one response, which may still be arriving. Every method waits for the rows that it needs. */
export interface RowList<Rows = readonly unknown[]> {
  /**
   * Waits for a number of rows, or the end of the list.
   *
   * @param most the maximum result if more rows have arrived; by default `count`.
   * @returns the number of rows that exist.
   */
  reach(count: number, most?: number): Promise<number>;
  /** Whether rows were left out before an index or the end of the list. Waits as `reach` does. */
  isIncomplete(count: number): Promise<boolean>;
  /** Returns the rows of an index range, as far as they exist. */
  rows(from: number, to: number): Promise<Rows>;
  /** Returns the key of a row; `undefined` after the end. */
  keyAt(index: number): Promise<string | undefined>;
  /** Returns the index of the first row with a key; -1 if there is none. */
  find(key: string): Promise<number>;
}

/** The participation of one caller in the read of a list. */
export interface RowListReader<Rows = readonly unknown[]> {
  /**
   * Executes work on rows. It runs again if the response is aborted before it is done and the read is retried.
   *
   * @throws {UpstreamError} if the rows do not arrive.
   */
  read<Result>(work: (list: RowList<Rows>) => Promise<Result>): Promise<Result>;
}

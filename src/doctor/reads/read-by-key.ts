import type { Endpoint } from '../../upstreams/endpoint/endpoint.ts';
import { isKeyed, keyReaderOf } from '../../upstreams/endpoint/keyed.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { ReadCheck } from './reader.ts';

type Operations = Readonly<Record<string, Endpoint>>;

const partsOf = (key: object): string => Object.keys(key).sort().join();

/** Executes all reads whose key has these parts. Returns the first row of each by its operation. */
export const readByKey = async (
  read: ReadCheck,
  operations: Operations,
  key: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Row | undefined>> => {
  const rows = new Map<string, Row | undefined>();
  for (const endpoint of Object.values(operations).filter(isKeyed)) {
    if (partsOf(endpoint.key) !== partsOf(key)) continue;
    rows.set(
      endpoint.operation,
      await read(endpoint, keyReaderOf(endpoint).inputOf(key), endpoint.columns?.()),
    );
  }
  return rows;
};

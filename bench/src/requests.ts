const endOfHead = '\r\n\r\n';

/** A request as it came over a connection. */
export interface Received {
  /** All up to the empty line. */
  readonly head: string;
  readonly body: string;
}

/** Reads the requests of one connection out of what comes in, whole ones only. Bodies must tell their length. */
export const createRequestReader = (): ((chunk: Buffer) => Received[]) => {
  let rest = '';
  const next = (): Received | undefined => {
    const end = rest.indexOf(endOfHead);
    if (end < 0) return undefined;
    const head = rest.slice(0, end);
    const length = head.startsWith('GET') ? 0 : Number(/\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const start = end + endOfHead.length;
    if (rest.length < start + length) return undefined;
    const body = rest.slice(start, start + length);
    rest = rest.slice(start + length);
    return { head, body };
  };
  return (chunk) => {
    rest += chunk.toString('latin1');
    const requests: Received[] = [];
    for (let request = next(); request; request = next()) requests.push(request);
    return requests;
  };
};

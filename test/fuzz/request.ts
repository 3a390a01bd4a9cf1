import type { Header } from './headers.ts';

interface Numbered {
  /** It names the request among all those of its seed. */
  readonly number: number;
  readonly kind: string;
  /** Stands wherever this request may hold a text of its caller's. */
  readonly canary: string;
}

/** A request that is whole as one of HTTP. */
export interface WholeRequest extends Numbered {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer | null;
  /** Milliseconds after which its client leaves. */
  readonly leavesAfter?: number;
}

/** Bytes that may be no request at all; between them milliseconds to wait. */
export interface RawRequest extends Numbered {
  readonly pieces: readonly (Buffer | number)[];
  /** Milliseconds after which its client leaves; what is no whole request has no answer. */
  readonly leavesAfter?: number;
}

export type FuzzRequest = WholeRequest | RawRequest;

export type WholeContent = Omit<WholeRequest, keyof Numbered>;
export type RawContent = Omit<RawRequest, keyof Numbered>;

export const isRaw = (request: FuzzRequest): request is RawRequest => 'pieces' in request;

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length})` : text;

/** A request in short, as it is shown where something is wrong with its answer. */
export const shown = (request: FuzzRequest): string => {
  if (isRaw(request)) {
    const pieces = request.pieces.map((piece) =>
      typeof piece === 'number' ? `(${piece} ms)` : JSON.stringify(cut(piece.toString('latin1'), 600)),
    );
    return cut(pieces.join(' '), 1500);
  }
  const { method, target, headers, body } = request;
  const written = headers.map(([name, value]) => `${name}: ${cut(value, 100)}`).join('\n');
  return `${method} ${cut(target, 600)}\n${cut(written, 1000)}\n\n${cut(body?.toString() ?? '', 1200)}`;
};

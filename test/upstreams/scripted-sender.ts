import { onTestFinished, vi } from 'vitest';
import type { Http, HttpRequest } from '../../src/upstreams/client/http.ts';
import { createSender, type SenderOptions } from '../../src/upstreams/client/sender.ts';
import { type Loss, TransportError } from '../../src/upstreams/client/transport-error.ts';
import type { HttpReply } from '../../src/upstreams/endpoint/verdict.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';

export type Scripted = HttpReply | TransportError;

export const reply = (status: number, json: unknown, headers: HttpReply['headers'] = {}): HttpReply => ({
  status,
  headers,
  json,
});
export const lost = (loss: Loss, mayBeSent = true): TransportError => new TransportError(loss, mayBeSent);

/** The key of the answers here. */
export const requested = { params: { filenumber: 'R1' }, query: undefined, body: undefined } as const;

export const ok = reply(200, { result: [{ filenumber: 'R1' }], state: 'SUCCESS' });
export const noted = reply(200, { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' });

/** A sender to a Scollect with the given ends of its exchanges; pauses before retries take no time. */
export const scripted = (
  answer: (nth: number, request: HttpRequest) => Scripted | Promise<Scripted>,
  options: Partial<SenderOptions> = {},
) => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const sent: HttpRequest[] = [];
  const http: Http = {
    send: async (request) => {
      sent.push(request);
      const ending = await answer(sent.length, request);
      if (ending instanceof TransportError) throw ending;
      return ending;
    },
    close: () => Promise.resolve(),
  };
  const sender = createSender({
    system: 'SCOLLECT',
    http,
    judge: judgeScollect,
    maxConcurrency: 32,
    maxWaiting: 10_000,
    maxWaitMs: 5000,
    observer: {},
    ...options,
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
    skipped = 0;
  });
  return { sender, sent };
};

const now = performance.now.bind(performance);
let skipped = 0;

/** Advances the time for waiting code, without waiting. */
export const skipTime = (milliseconds: number): void => {
  skipped += milliseconds;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + skipped);
};

import { LightAbortSignal } from '../../src/lib/abort-signal.ts';
import { createResponseWork, type ResponseTask } from '../../src/request/response-work.ts';
import { callerWith } from './caller.ts';

/** The work on a response that is completed at once. */
export const unpaced: ResponseTask = createResponseWork().begin({
  caller: callerWith(),
  answer: { taken: () => 0 },
  signal: new LightAbortSignal(),
});

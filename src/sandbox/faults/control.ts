import { type HttpAnswer, type HttpCall, json } from '../server.ts';
import { type FaultSwitchboard, FaultSwitchError } from './switches.ts';

/** The path of the fault switches on both servers; no operation has this path. */
export const faultsPath = '/_sandbox/faults';

const replace = (body: string, switches: FaultSwitchboard): HttpAnswer | undefined => {
  try {
    switches.set(JSON.parse(body));
    return undefined;
  } catch (error) {
    if (error instanceof FaultSwitchError) return json({ message: error.message }, 400);
    if (error instanceof SyntaxError) return json({ message: 'Expected a list of switches as JSON.' }, 400);
    throw error;
  }
};

/** Lists, replaces or clears the switches. Returns the resulting switches, or the error. */
export const controlFaults = (
  { method, body }: Pick<HttpCall, 'method' | 'body'>,
  switches: FaultSwitchboard,
): HttpAnswer => {
  if (!['GET', 'PUT', 'DELETE'].includes(method)) {
    return json({ message: 'Expected GET, PUT or DELETE.' }, 405, { allow: 'DELETE, GET, PUT' });
  }
  if (method === 'DELETE') switches.clear();
  const complaint = method === 'PUT' ? replace(body, switches) : undefined;
  return complaint ?? json(switches.list());
};

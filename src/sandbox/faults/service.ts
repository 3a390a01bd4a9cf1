import type { Admission, HttpApi } from '../api.ts';
import { type HttpService, json, type RequestOutcome } from '../server.ts';
import { controlFaults, faultsPath } from './control.ts';
import { faults } from './faults.ts';
import type { FaultSwitchboard } from './switches.ts';

const respond = (call: Admission, switches: FaultSwitchboard): RequestOutcome | Promise<RequestOutcome> => {
  const next = switches.take(call.operation);
  return next ? faults[next.fault].meet(call, next.milliseconds ?? 0, next) : call.execute();
};

/** Serves an API with the active faults, and with switches over HTTP. */
export const withFaults = (api: HttpApi, switches: FaultSwitchboard): HttpService => ({
  respond: (call) => {
    if (call.path === faultsPath) return controlFaults(call, switches);
    const admission = api.admit(call);
    return 'execute' in admission ? respond(admission, switches) : admission;
  },
  bodyTooLarge: (call) =>
    call.path === faultsPath ? json({ message: 'The list is too large.' }, 413) : api.bodyTooLarge(call),
  broken: api.broken,
});

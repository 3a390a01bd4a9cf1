/** A queue of the kind M/M/c: random arrivals, exponential service times, `servers` servers. */
interface Queue {
  readonly servers: number;
  readonly arrivalsPerMs: number;
  readonly meanServiceMs: number;
}

/** The probability that a call has to wait (Erlang C). */
const waitProbability = (servers: number, load: number): number => {
  // Erlang B by its recursion, which does not overflow.
  let blocked = 1;
  for (let server = 1; server <= servers; server += 1) blocked = (load * blocked) / (server + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
};

/** Returns the mean milliseconds of waiting; infinite if the servers are overloaded. */
export const erlangCWaitMs = ({ servers, arrivalsPerMs, meanServiceMs }: Queue): number => {
  const load = arrivalsPerMs * meanServiceMs;
  if (load >= servers) return Number.POSITIVE_INFINITY;
  return (waitProbability(servers, load) * meanServiceMs) / (servers - load);
};

/** Returns the fewest servers whose mean waiting time is at most this. */
export const serversFor = (load: number, meanServiceMs: number, maxWaitMs: number): number => {
  let servers = Math.max(1, Math.ceil(load));
  const arrivalsPerMs = load / meanServiceMs;
  while (!(erlangCWaitMs({ servers, arrivalsPerMs, meanServiceMs }) <= maxWaitMs)) servers += 1;
  return servers;
};

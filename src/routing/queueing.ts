/**
 * The mean time that a request waits for one of `servers` when requests come by chance, in the unit of `serviceMs`: Erlang's C
 * formula for the chance to wait, and Allen and Cunneen's factor for service times that vary otherwise than exponential
 * ones. `load` is the mean number of busy servers, below `servers`; `variation` is the squared coefficient of variation of the
 * service time.
 */
export function meanWaitMs(servers: number, load: number, serviceMs: number, variation: number): number {
  if (load <= 0) return 0;
  // Erlang's B by its recursion, which never overflows.
  let blocked = 1;
  for (let n = 1; n <= servers; n += 1) blocked = (load * blocked) / (n + load * blocked);
  const busy = load / servers;
  const waits = blocked / (1 - busy * (1 - blocked));
  return ((waits * serviceMs) / (servers - load)) * ((1 + variation) / 2);
}

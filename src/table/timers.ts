/**
 * The one door to the runtime's timers outside `system-clock.ts`. Durations should be round numbers: timers of one
 * duration share a list, and starting or stopping one of them is a link in it.
 */
export type Timer = ReturnType<typeof setTimeout>;

/** Calls `fire(argument)` in `ms` milliseconds; no closure is needed. */
export function startTimer<T>(ms: number, fire: (argument: T) => void, argument: T): Timer {
  return setTimeout(fire, ms, argument);
}

/** Stops a timer, if there is one and it has not fired. */
export function stopTimer(timer: Timer | undefined): void {
  clearTimeout(timer);
}

/** Calls `run(argument)` once what has happened in this turn of the event loop has been dealt with. */
export function atEndOfTurn(run: () => void): void;
export function atEndOfTurn<T>(run: (argument: T) => void, argument: T): void;
export function atEndOfTurn<T>(run: (argument: T) => void, argument?: T): void {
  setImmediate(run, argument as T);
}

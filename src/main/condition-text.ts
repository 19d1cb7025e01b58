import type { CloudCondition, EndpointCondition } from '../compose/endpoint-condition.ts';

/**
 * Why an endpoint is not well or gets nothing, on one line each: its state, a flag and its breaker. Nothing of one that is well and not kept away. `nowMs` is of the wall clock
 * of the edge, as far as this machine's is.
 */
export function conditionLines(id: string, condition: EndpointCondition, nowMs: number): readonly string[] {
  const { state, since, reason, check, breaker, keptAwayBy } = condition;
  const well = state === 'healthy' && check.outcome !== 'failed';
  return [
    ...(well
      ? []
      : [`${id}: ${state}${lasting(since, nowMs)}: ${reason ?? 'not checked yet'}${checkText(condition, nowMs)}`]),
    ...(keptAwayBy === undefined ? [] : [`${id}: kept away by the flag ${keptAwayBy}, which is on`]),
    ...(breaker === 'closed' ? [] : [`${id}: breaker ${breaker}${movedText(id, condition, nowMs)}`]),
  ];
}

/** The same of the breaker of a whole cloud. */
export function cloudLines(cloud: CloudCondition, nowMs: number): readonly string[] {
  if (cloud.breaker === 'closed') return [];
  return [`${cloud.service} on ${cloud.cloud}: breaker ${cloud.breaker}${movedText('', cloud, nowMs)}`];
}

function movedText(
  id: string,
  { breakerSince, breakerBy, breakerCause }: Omit<CloudCondition, 'service' | 'cloud'>,
  nowMs: number,
): string {
  const by = breakerBy === null || breakerBy === '' || breakerBy === id ? '' : `${breakerBy}: `;
  return `${lasting(breakerSince, nowMs)}${breakerCause === null ? '' : `: ${by}${breakerCause}`}`;
}

function checkText({ check, reason }: EndpointCondition, nowMs: number): string {
  const { last, outcome, error, next } = check;
  if (last === null) return '';
  const how = outcome === 'good' ? 'good' : (error ?? 'failed');
  // The reason says it already.
  const words = reason?.endsWith(how) === true ? '' : `: ${how}`;
  const due = next === null ? 'one is under way' : `next in ${durationText(Math.max(0, Date.parse(next) - nowMs))}`;
  return `; last check ${durationText(nowMs - Date.parse(last))} ago${words}; ${due}`;
}

function lasting(since: string | null, nowMs: number): string {
  return since === null ? '' : ` for ${durationText(nowMs - Date.parse(since))}`;
}

/** A duration as people say it, in one unit or two: `4 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  return days === 0 ? two(hours, 'h', minutes % 60, 'min') : two(days, 'd', hours % 24, 'h');
}

function two(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}

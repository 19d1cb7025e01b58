import { heldBackMs } from '../resilience/ramp.ts';
import type { Ask, Live } from './ask.ts';
import { NOBODY, select } from './select.ts';
import { setOfDraw } from './split.ts';
import type { ServiceView } from './view.ts';

/** Requests that are decided on, and how many of them only make recent what diversity goes by. */
const REQUESTS = 1000;
const BEFORE = 500;
/** What is taken to have been sent to all clouds together before them. */
const REMEMBERED = 60;
/** Steps of two sequences that fill [0, 1) evenly, and each other's square: by the golden ratio's relatives. */
const DRAW_STEP = 0.754_877_666_246_693;
const SHARE_STEP = 0.569_840_290_998_053;
/** The golden ratio's own: it fills [0, 1) evenly too, and beside the others. */
const SET_STEP = 0.618_033_988_749_895;

/**
 * Which share of many requests like `ask`, one after the other, each endpoint would get, as things are: 0 to 1, by position in the
 * service; all 0 when nobody may be sent to. Decided by `select`, with draws that lie evenly, while the requests themselves become the
 * recent ones. What they would add to the loads is left out.
 */
export function expectedShares(view: ServiceView, live: Live, ask: Ask): Float64Array {
  const counts = new Float64Array(view.rows.length);
  const recent = Float64Array.from(ask.shares, (share) => REMEMBERED * share);
  if (recent.every((count) => count === 0)) recent.fill(REMEMBERED / view.cloudCount);
  const question: Ask = { ...ask, shares: new Float64Array(view.cloudCount) };
  for (let i = 0; i < REQUESTS; i += 1) {
    let sum = 0;
    for (const count of recent) sum += count;
    for (let cloud = 0; cloud < view.cloudCount; cloud += 1) question.shares[cloud] = (recent[cloud] as number) / sum;
    question.draw = (i * DRAW_STEP) % 1;
    question.share = (i * SHARE_STEP) % 1;
    if (view.split !== undefined) question.set = setOfDraw(view.split, (i * SET_STEP) % 1);
    question.heldBackMs = heldBackMs(question.share, view.service.routing.rampMs);
    const chosen = select(view, live, question);
    if (chosen === NOBODY) return counts;
    const cloud = view.clouds[chosen] as number;
    recent[cloud] = (recent[cloud] as number) + 1;
    if (i >= BEFORE) counts[chosen] = (counts[chosen] as number) + 1;
  }
  return counts.map((count) => count / (REQUESTS - BEFORE));
}

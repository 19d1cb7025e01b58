import { DEMO_REGIONS } from './regions.ts';
import { TARGETS, type Target } from './target.ts';

/** What a key asks for. */
export type KeyAction =
  | { readonly type: 'toggle'; readonly verb: 'kill' | 'hang'; readonly target: Target }
  | { readonly type: 'quit' };

/** What has been typed so far: `h` waits for what is to hang. */
export type KeyMode = 'plain' | 'hang';

export type Pressed = { readonly mode: KeyMode; readonly actions: readonly KeyAction[] };

/** What the keys do, as the view shows it. */
export const LEGEND: Readonly<Record<KeyMode, string>> = {
  plain: '1-6 stop/revive a region  a g z stop/revive aws gcp azure  h hang ..  q quit',
  hang: 'hang which? 1-6 a region, a g z all of aws gcp azure; any other key: none',
};

/**
 * Reads what came from the keyboard. What starts with an escape is an arrow or function key, whose letters and digits
 * are not ours.
 */
export function press(mode: KeyMode, typed: string): Pressed {
  if (typed.startsWith('\u001B')) return { mode: 'plain', actions: [] };
  const actions: KeyAction[] = [];
  let now = mode;
  for (const key of typed) {
    const target = targetOf(key);
    if (key === 'q' || key === CTRL_C || key === CTRL_D) actions.push({ type: 'quit' });
    else if (target !== undefined) actions.push({ type: 'toggle', verb: now === 'hang' ? 'hang' : 'kill', target });
    now = key === 'h' && now === 'plain' ? 'hang' : 'plain';
  }
  return { mode: now, actions };
}

/** A terminal in raw mode sends these instead of a signal or an end. */
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

const CLOUD_KEYS: Readonly<Record<string, string>> = { a: 'aws', g: 'gcp', z: 'azure' };

function targetOf(key: string): Target | undefined {
  const name = CLOUD_KEYS[key] ?? DEMO_REGIONS[Number(key) - 1]?.id;
  return TARGETS.find((target) => target.name === name);
}

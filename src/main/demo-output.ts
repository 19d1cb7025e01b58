import { type KeyAction, type KeyMode, press } from '../demo/keys.ts';
import type { Origins } from '../demo/origins.ts';
import { plainLine } from '../demo/plain-line.ts';
import { screen } from '../demo/screen.ts';
import type { Show } from '../demo/show.ts';
import { Terminal } from '../demo/terminal.ts';
import { isColoured } from './colour.ts';

export type Output = {
  readonly open: () => void;
  /** Once a second. */
  readonly tick: () => void;
  /** When something has changed in between. */
  readonly draw: () => void;
  readonly close: () => void;
};

export type OutputDeps = { readonly show: Show; readonly origins: Origins; readonly end: () => void };

/** A view that is drawn in place and takes keys on a terminal; a line a second anywhere else. */
export function demoOutput(deps: OutputDeps): Output {
  return process.stdout.isTTY ? onTerminal(deps) : asLines(deps);
}

function asLines({ show }: OutputDeps): Output {
  const nothing = () => {};
  const tick = () => void process.stdout.write(`${plainLine(show.state('plain'), show.takeNews())}\n`);
  return { open: nothing, tick, draw: nothing, close: nothing };
}

function onTerminal({ show, origins, end }: OutputDeps): Output {
  let mode: KeyMode = 'plain';
  const obey = async (action: KeyAction): Promise<void> => {
    if (action.type === 'quit') return end();
    show.tell(await origins.toggle(action.verb, action.target));
    draw();
  };
  const keys = (typed: string) => {
    const pressed = press(mode, typed);
    mode = pressed.mode;
    for (const action of pressed.actions) {
      obey(action).catch((error: Error) => show.tell(`that did not work: ${error.message}`));
    }
    draw();
  };
  const keyboard = process.stdin.isTTY ? process.stdin : undefined;
  const coloured = isColoured(process.stdout, process.env);
  const terminal = new Terminal({ keyboard, display: process.stdout }, coloured, { keys, resize: () => draw() });
  const draw = () => terminal.draw(screen(show.state(mode), terminal.size));
  const close = () => terminal.close();
  const open = () => {
    // Also when the process ends in a way that nobody thought of.
    process.once('exit', close);
    terminal.open();
    draw();
  };
  return { open, tick: draw, draw, close };
}

import { Signals } from './signals.ts';
import { EXIT } from './usage.ts';

/** Runs a command with what was written behind its name; resolves with the exit code. */
export type Runner = (args: string[]) => Promise<number>;

/** Writes a line to standard error. */
export function say(line: string): void {
  process.stderr.write(`meridian: ${line}\n`);
}

/**
 * Each command's modules are loaded when it is run: what one does not need, it does not wait for and does not hold. `start` listens
 * to signals before anything else is read.
 */
export const RUNNERS: Readonly<Record<string, () => Promise<Runner>>> = {
  start: async () => {
    const signals = new Signals({ on: listen, say, exit: () => process.exit(EXIT.fine) });
    const { start } = await import('./start.ts');
    return (args) => start(args, { signals, say });
  },
  init: async () => (await import('./init.ts')).init,
  validate: async () => (await import('./validate.ts')).validate,
  reload: async () => (await import('./reload.ts')).reload,
  healthcheck: async () => (await import('./healthcheck.ts')).healthcheck,
  schema: async () => (await import('./schema.ts')).schema,
  status: async () => (await import('./status.ts')).status,
  top: async () => (await import('./top.ts')).top,
  alerts: async () => (await import('./alerts.ts')).alerts,
  explain: async () => (await import('./explain.ts')).explain,
  slo: async () => (await import('./slo.ts')).slo,
  'fleet status': async () => (await import('./fleet.ts')).fleetStatus,
  'fleet get': async () => (await import('./values.ts')).fleetGet,
  'fleet list': async () => (await import('./values.ts')).fleetList,
  'fleet watch': async () => (await import('./values.ts')).fleetWatch,
  'fleet set': async () => (await import('./values.ts')).fleetSet,
  'fleet delete': async () => (await import('./values.ts')).fleetDelete,
  'chaos list': async () => (await import('./chaos.ts')).chaosList,
  'chaos start': async () => (await import('./chaos.ts')).chaosStart,
  'chaos stop': async () => (await import('./chaos.ts')).chaosStop,
  drain: () => overriding('drain'),
  undrain: () => overriding('undrain'),
  weight: () => overriding('weight'),
  capacity: () => overriding('capacity'),
  purge: async () => (await import('./purge.ts')).purge,
  demo: () => demo(),
  'demo kill': () => demo('kill'),
  'demo revive': () => demo('revive'),
  'demo hang': () => demo('hang'),
  'demo origin': () => demo('origin'),
  gameday: async () => (await import('./gameday.ts')).gameday,
  'geo update': async () => (await import('./geo.ts')).geoUpdate,
  completion: async () => (await import('./completion.ts')).completion,
  version: async () => (await import('./version.ts')).version,
};

async function overriding(verb: 'drain' | 'undrain' | 'weight' | 'capacity'): Promise<Runner> {
  return (await import('./override.ts')).overrideCommand(verb);
}

/** The demo reads its words itself. */
async function demo(...words: string[]): Promise<Runner> {
  const { demo: run } = await import('./demo.ts');
  return (args) => run([...words, ...args]);
}

function listen(signal: NodeJS.Signals, listener: () => void): void {
  try {
    process.on(signal, listener);
  } catch {
    // A system that does not have it does not send it.
  }
}

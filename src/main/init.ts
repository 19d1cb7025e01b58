import { access, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { INIT } from './commands/serving.ts';
import { type InitFault, initFaults, initFaultText } from './init-faults.ts';
import { type InitAnswers, initEndpoint, initText } from './init-text.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

const DEFAULTS = { to: 'meridian.yaml', listen: '127.0.0.1:8080', admin: '127.0.0.1:9901', service: 'web' } as const;
const ENDPOINT_EXAMPLE = 'aws/us-east-1=http://10.0.0.1:8080';

/** Asks a person; resolves with what was typed, or with `usual` when that was nothing. */
export type AskPerson = (question: string, usual: string) => Promise<string>;

/** `meridian init`: writes a configuration to begin with. It is checked before it is written. */
export async function init(args: string[]): Promise<number> {
  const { values } = parsed(INIT, args);
  const { to = DEFAULTS.to, force = false } = values;
  // Before anybody answers questions for nothing; what is written below replaces nothing that has come since.
  if (!force && (await isThere(to))) throw new Error(`${to} ${WRITE_FAULTS['EEXIST']}`);
  const answers = values.endpoint === undefined ? await asked(values) : given(values);
  await writeFile(to, initText(answers), { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${to} ${WRITE_FAULTS[error.code ?? ''] ?? `cannot be written (${error.code})`}`, { cause: error });
  });
  process.stdout.write(`${to} is written. Next:\n  meridian validate ${to}\n  meridian start -c ${to}\n`);
  return EXIT.fine;
}

const WRITE_FAULTS: Readonly<Record<string, string>> = {
  EEXIST: 'is there already; --force replaces it, --to names another',
  ENOENT: 'cannot be written: its folder is not there (ENOENT)',
  EACCES: 'cannot be written: permission is denied (EACCES)',
  EISDIR: 'cannot be written: it is a directory; name a file in it',
};

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

type Options = {
  readonly listen?: string | undefined;
  readonly admin?: string | undefined;
  readonly service?: string | undefined;
  readonly host?: readonly string[] | undefined;
  readonly endpoint?: readonly string[] | undefined;
};

/** What options say, the usual where they say nothing. Throws with everything that is wrong with it. */
function given(options: Options): InitAnswers {
  const answers = answersOf(options);
  const faults = initFaults(answers);
  if (faults.length > 0) throw new UsageError(['nothing is written', ...faults.map(initFaultText)].join('\n'));
  return answers;
}

function answersOf({ listen, admin, service, host = [], endpoint = [ENDPOINT_EXAMPLE] }: Options): InitAnswers {
  return {
    listen: listen ?? DEFAULTS.listen,
    admin: admin ?? DEFAULTS.admin,
    service: service ?? DEFAULTS.service,
    hosts: host,
    endpoints: endpoint.map((text) => {
      const read = initEndpoint(text);
      if (read === undefined) throw new UsageError(`--endpoint ${text} is not written as ${ENDPOINT_EXAMPLE}`);
      return read;
    }),
  };
}

async function asked(options: Options): Promise<InitAnswers> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(`give each endpoint, such as --endpoint ${ENDPOINT_EXAMPLE}; there is no terminal to ask at`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await askFor(options, async (question, usual) => {
      const said = (await lines.question(usual === '' ? `${question}: ` : `${question} [${usual}]: `)).trim();
      return said === '' ? usual : said;
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ABORT_ERR') throw error;
    // Ctrl-C or Ctrl-D, behind the question.
    process.stdout.write('\n');
    throw new Error('nothing is written', { cause: error });
  } finally {
    lines.close();
  }
}

/**
 * Asks for what no option says: at least one endpoint, then more until nothing is typed. What is wrong is asked for again at once, with
 * what is wrong about it; an option that is wrong ends it before the first question.
 */
export async function askFor(options: Options, ask: AskPerson): Promise<InitAnswers> {
  given(options);
  const listen =
    options.listen ??
    (await askUntilGood(ask, ['Where clients connect', DEFAULTS.listen], (said) =>
      faultOf('--listen', { ...options, listen: said }),
    ));
  const service =
    options.service ??
    (await askUntilGood(ask, ['Name of the service', DEFAULTS.service], (said) =>
      faultOf('--service', { ...options, listen, service: said }),
    ));
  const endpoints: string[] = [];
  const settled = { ...options, listen, service };
  const complaint = (said: string): string | undefined => {
    if (said === '' && endpoints.length > 0) return undefined;
    if (initEndpoint(said) === undefined) return `That is not written as ${ENDPOINT_EXAMPLE}`;
    return faultOf('--endpoint', { ...settled, endpoint: [...endpoints, said] });
  };
  for (
    let question = `First endpoint, such as ${ENDPOINT_EXAMPLE}`;
    ;
    question = 'Another endpoint (Enter: that was all)'
  ) {
    const said = await askUntilGood(ask, [question, ''], complaint);
    if (said === '') return given({ ...settled, endpoint: endpoints });
    endpoints.push(said);
  }
}

async function askUntilGood(
  ask: AskPerson,
  [question, usual]: readonly [string, string],
  complaint: (said: string) => string | undefined,
): Promise<string> {
  for (let next = question; ; ) {
    const said = await ask(next, usual);
    const wrong = complaint(said);
    if (wrong === undefined) return said;
    next = `${wrong}; once more`;
  }
}

function faultOf(option: InitFault['option'], options: Options): string | undefined {
  return initFaults(answersOf(options)).find((fault) => fault.option === option)?.message;
}

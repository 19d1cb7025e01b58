import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { parseTopology } from '../config/load.ts';
import { formatProblems } from '../config/problem.ts';
import { INIT } from './commands/serving.ts';
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
  const answers = values.endpoint === undefined ? await asked(values) : given(values);
  const text = initText(answers);
  const checked = parseTopology(text, { file: to, env: {}, readFile: () => '' });
  if (!checked.ok)
    throw new Error(`nothing is written; that would be no good configuration\n${formatProblems(to, checked.problems)}`);
  await writeFile(to, text, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EEXIST'
        ? 'is there already; --force replaces it, --to names another'
        : `cannot be written (${error.code})`;
    throw new Error(`${to} ${why}`, { cause: error });
  });
  process.stdout.write(`${to} is written. Next:\n  meridian validate ${to}\n  meridian start -c ${to}\n`);
  return EXIT.fine;
}

type Options = {
  readonly listen?: string | undefined;
  readonly admin?: string | undefined;
  readonly service?: string | undefined;
  readonly host?: readonly string[] | undefined;
  readonly endpoint?: readonly string[] | undefined;
};

function given({ listen, admin, service, host = [], endpoint = [] }: Options): InitAnswers {
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
  } finally {
    lines.close();
  }
}

/** Asks for what no option says: at least one endpoint, then more until nothing is typed. */
export async function askFor(options: Options, ask: AskPerson): Promise<InitAnswers> {
  const listen = options.listen ?? (await ask('Where clients connect', DEFAULTS.listen));
  const service = options.service ?? (await ask('Name of the service', DEFAULTS.service));
  const endpoints: string[] = [];
  let question = `First endpoint, such as ${ENDPOINT_EXAMPLE}`;
  for (;;) {
    const said = await ask(question, '');
    if (said === '' && endpoints.length > 0) return given({ ...options, listen, service, endpoint: endpoints });
    if (initEndpoint(said) === undefined) question = `That is not written as ${ENDPOINT_EXAMPLE}; once more`;
    else {
      endpoints.push(said);
      question = 'Another endpoint (Enter: that was all)';
    }
  }
}

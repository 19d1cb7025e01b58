import { parseTopology } from '../config/load.ts';
import { type InitAnswers, initText } from './init-text.ts';

/** Something wrong in what was asked for: with which option it was, and its words. */
export type InitFault = {
  readonly option: '--listen' | '--admin' | '--service' | '--host' | '--endpoint';
  /** What was given with it. */
  readonly given: string;
  readonly message: string;
};

/** What is wrong with a configuration of these answers, by the rules of the file: nobody is told lines of a file that is not there. */
export function initFaults(answers: InitAnswers): readonly InitFault[] {
  const checked = parseTopology(initText(answers), { file: 'meridian.yaml', env: {}, readFile: () => '' });
  return checked.ok ? [] : checked.problems.map(({ path, message }) => faultOf(path, message, answers));
}

/** One line of it: `--listen 80: must be …`. */
export function initFaultText({ option, given, message }: InitFault): string {
  return `${option} ${given}: ${message}`;
}

function faultOf(path: string, message: string, answers: InitAnswers): InitFault {
  const [, key = '', index = '', leaf = ''] = /\.(hosts|endpoints)(?:\[(\d+)\])?(?:\.(\w+))?$/.exec(path) ?? [];
  if (path.startsWith('edge')) return { option: '--listen', given: answers.listen, message };
  if (path.startsWith('admin')) return { option: '--admin', given: answers.admin, message };
  if (key === 'hosts') return { option: '--host', given: answers.hosts[Number(index)] ?? '', message };
  if (key === 'endpoints') {
    const { cloud = '', region = '', url = '' } = answers.endpoints[Number(index)] ?? {};
    const words = leaf === '' ? message : `${leaf}: ${message}`;
    return { option: '--endpoint', given: `${cloud}/${region}=${url}`, message: words };
  }
  return { option: '--service', given: answers.service, message };
}

import { CONFIG, type CommandShape, EDGE_OPTIONS, JSON_OPTION } from '../command-shape.ts';

export const START = {
  name: 'start',
  about: 'run the proxy with a configuration',
  takes: 'FILE',
  options: { config: CONFIG },
  notes: [
    'The file is given by its name or with -c.',
    'Runs until SIGTERM, SIGINT or SIGQUIT, which drain; a second one cuts off. SIGHUP, or a changed file, reloads.',
    'The log goes to standard output; what an operator has to know also to standard error.',
  ],
  examples: ['meridian start -c meridian.yaml'],
} as const satisfies CommandShape;

export const VALIDATE = {
  name: 'validate',
  about: 'check a configuration, and the files that it names, and print every problem',
  takes: 'FILE',
  options: {
    config: CONFIG,
    'no-files': { type: 'boolean', about: 'do not look at the files that it names: they are on another machine' },
    json: JSON_OPTION,
  },
  examples: ['meridian validate meridian.yaml', 'meridian validate --no-files meridian.yaml'],
} as const satisfies CommandShape;

export const INIT = {
  name: 'init',
  about: 'write a small configuration to begin with; asks for what no option says',
  options: {
    to: { type: 'string', value: 'FILE', about: 'where to write it; meridian.yaml' },
    listen: { type: 'string', value: 'ADDRESS', about: 'where clients connect; 127.0.0.1:8080' },
    admin: { type: 'string', value: 'ADDRESS', about: 'where operators do; 127.0.0.1:9901' },
    service: { type: 'string', value: 'NAME', about: 'name of the service; web' },
    host: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      about: 'host name that the service is for, also several times; every one',
    },
    endpoint: {
      type: 'string',
      value: 'CLOUD/REGION=URL',
      multiple: true,
      about: 'where the service is, once for each endpoint',
    },
    force: { type: 'boolean', about: 'replace the file if there is one' },
  },
  notes: ['Without --endpoint it asks, if there is somebody at a terminal to ask.'],
  examples: [
    'meridian init --endpoint aws/us-east-1=http://10.0.0.1:8080 --endpoint gcp/europe-west1=http://10.1.0.1:8080 --to new.yaml',
  ],
} as const satisfies CommandShape;

export const RELOAD = {
  name: 'reload',
  about: 'have a running edge read its file again; prints the problems and exits 1 if it is not good',
  options: { ...EDGE_OPTIONS, json: JSON_OPTION },
  examples: ['meridian reload'],
} as const satisfies CommandShape;

export const HEALTHCHECK = {
  name: 'healthcheck',
  about: 'exit 0 if a running edge is ready, 1 if not',
  options: {
    url: { type: 'string', value: 'URL', about: 'what to ask; /readyz of the edge' },
    admin: EDGE_OPTIONS.admin,
    config: EDGE_OPTIONS.config,
  },
  examples: ['meridian healthcheck', 'meridian healthcheck -c meridian.yaml'],
} as const satisfies CommandShape;

export const SCHEMA = {
  name: 'schema',
  about: 'print the JSON Schema of the configuration',
  options: {},
  examples: ['meridian schema'],
} as const satisfies CommandShape;

export const VERSION = {
  name: 'version',
  about: 'print the version, the runtime and the platform; also: meridian --version',
  options: { json: JSON_OPTION },
  examples: ['meridian version', 'meridian --version'],
} as const satisfies CommandShape;

export const COMPLETION = {
  name: 'completion',
  about: 'print what makes a shell complete commands and options',
  takes: 'bash|zsh|fish',
  words: ['bash', 'zsh', 'fish'],
  options: {},
  notes: [
    'bash: source <(meridian completion bash), in ~/.bashrc',
    'zsh: source <(meridian completion zsh), in ~/.zshrc behind compinit',
    'fish: meridian completion fish > ~/.config/fish/completions/meridian.fish',
  ],
  examples: ['meridian completion bash', 'meridian completion zsh', 'meridian completion fish'],
} as const satisfies CommandShape;

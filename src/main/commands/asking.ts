import { CONFIG, type CommandShape, EDGE_OPTIONS, JSON_OPTION } from '../command-shape.ts';

export const STATUS = {
  name: 'status',
  about: 'how a running edge and its endpoints are',
  options: {
    ...EDGE_OPTIONS,
    service: { type: 'string', value: 'NAME', about: 'this service only' },
    json: JSON_OPTION,
  },
  examples: ['meridian status', 'meridian status --service shop --json'],
} as const satisfies CommandShape;

export const TOP = {
  name: 'top',
  about: 'the same, live: traffic, health and breakers of a running edge, every second',
  options: {
    ...EDGE_OPTIONS,
    service: { type: 'string', value: 'NAME', about: 'this service only' },
    for: { type: 'string', value: 'TIME', about: 'end after this time, such as 20s; without it: q or Ctrl-C' },
  },
  notes: ['Where the output is no terminal it prints a line a second.'],
  examples: ['meridian top --for 2s'],
} as const satisfies CommandShape;

export const ALERTS = {
  name: 'alerts',
  about: 'what a running edge alerts on, and whether those who are told of it can be reached',
  options: { ...EDGE_OPTIONS, json: JSON_OPTION },
  examples: ['meridian alerts'],
} as const satisfies CommandShape;

export const EXPLAIN = {
  name: 'explain',
  about: 'show where a request would go, and why: by the file alone, or by what a running edge sees',
  options: {
    'client-ip': { type: 'string', value: 'IP', about: 'the address of the client' },
    url: { type: 'string', value: 'URL', about: 'what it asks for; finds the service as a request does' },
    service: { type: 'string', value: 'NAME', about: 'the service, instead of a URL; the first of the file' },
    priority: { type: 'string', value: 'NAME', about: 'the routing priority' },
    live: { type: 'boolean', about: 'ask the running edge' },
    ...EDGE_OPTIONS,
    json: JSON_OPTION,
  },
  examples: [
    'meridian explain -c meridian.yaml --client-ip 133.11.0.1 --priority latency',
    'meridian explain -c meridian.yaml --client-ip 133.11.0.1 --url https://shop.example.com/cart',
    'meridian explain --live --client-ip 133.11.0.1',
  ],
} as const satisfies CommandShape;

export const SLO = {
  name: 'slo',
  about: "print what objectives allow, and what is left of each service's error budget",
  options: {
    ...EDGE_OPTIONS,
    config: { ...CONFIG, about: 'the configuration whose objectives to print, and whose edge to ask' },
    live: { type: 'boolean', about: 'ask the running edge what is left' },
    json: JSON_OPTION,
  },
  examples: ['meridian slo -c meridian.yaml', 'meridian slo --live'],
} as const satisfies CommandShape;

export const FLEET_STATUS = {
  name: 'fleet status',
  about: 'how the fleet is as a running edge sees it, and what operators decided',
  options: { ...EDGE_OPTIONS, json: JSON_OPTION },
  examples: ['meridian fleet status'],
} as const satisfies CommandShape;

const VALUES_NOTE =
  'A key is parts with a / between them, such as flags/beta-on; what is kept how is in fleet of the file.';
const CONSISTENCY_OPTION = {
  type: 'string',
  value: 'WORD',
  about: 'eventual: what this edge has heard; strong: what most regions say; that of the file',
} as const;

export const FLEET_GET = {
  name: 'fleet get',
  about: 'print a value that is kept in the fleet',
  takes: 'KEY',
  options: { consistency: CONSISTENCY_OPTION, ...EDGE_OPTIONS, json: JSON_OPTION },
  notes: [VALUES_NOTE, 'With --json also its version, who wrote it, and what was written side by side.'],
  examples: ['meridian fleet get flags/beta-on', 'meridian fleet get flags/beta-on --json'],
} as const satisfies CommandShape;

export const FLEET_LIST = {
  name: 'fleet list',
  about: 'values that are kept in the fleet, as a running edge knows them',
  takes: 'PREFIX',
  options: { ...EDGE_OPTIONS, json: JSON_OPTION },
  examples: ['meridian fleet list', 'meridian fleet list flags/ --json'],
} as const satisfies CommandShape;

export const FLEET_WATCH = {
  name: 'fleet watch',
  about: 'print values that are kept in the fleet, and every change of one',
  takes: 'PREFIX',
  options: {
    for: { type: 'string', value: 'TIME', about: 'end after this time, such as 20s' },
    ...EDGE_OPTIONS,
    json: { ...JSON_OPTION, about: 'a line of JSON for each' },
  },
  examples: ['meridian fleet watch flags/ --for 2s'],
} as const satisfies CommandShape;

export const CHAOS_LIST = {
  name: 'chaos list',
  about: 'experiments that run, that the file defines, and that have ended',
  options: { ...EDGE_OPTIONS, json: JSON_OPTION },
  examples: ['meridian chaos list'],
} as const satisfies CommandShape;

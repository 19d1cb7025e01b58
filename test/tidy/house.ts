/**
 * The plan of the house, as data: which rooms there are, who may ask whom, and where the outside world comes in.
 * `test/tidy.test.ts` holds the tree to it. A change of a rule is a change of this file, with its reason in the diff.
 */

/** Rooms by floor, from the roof down. A room may import from floors below it, and from itself. */
export const FLOORS: readonly (readonly string[])[] = [
  ['main'],
  ['compose'],
  ['edge', 'admin', 'health', 'observe', 'fleet', 'discovery', 'chaos', 'degraded', 'acme', 'demo'],
  ['routing', 'resilience', 'geo'],
  ['table', 'config'],
];

/** Rooms that may import from the named rooms only, whatever their floor allows. */
export const ONLY: Readonly<Record<string, readonly string[]>> = {
  'src/main.ts': ['main', 'compose'],
};

/**
 * The floors of src/edge, from the top. On each stand folders side by side, which do not know each other; those that are named
 * together are one thing. A folder may import from floors below it. Fronts hand over to each other through `thread`.
 */
export const EDGE_FLOORS: readonly (readonly (readonly string[])[])[] = [
  [['thread']],
  [['wire'], ['h2'], ['general', 'ladder'], ['upgrade']],
  [['relay']],
  [['client'], ['upstream']],
  [['request'], ['frames']],
  [['message'], ['tunnel'], ['writes']],
];

/** Rooms whose files decide and do nothing else: of Node's own modules they may use assert. */
export const PURE_ROOMS: readonly string[] = ['routing', 'resilience'];
export const PURE_MODULES: readonly string[] = ['node:assert', 'node:assert/strict'];

/**
 * Imports between rooms of one floor that are allowed. `from` and `to` are globs; `types` allows `import type` only.
 * An entry that nothing needs fails the test.
 */
export type Sideways = { readonly from: string; readonly to: string; readonly types: boolean; readonly why: string };
export const SIDEWAYS: readonly Sideways[] = [
  {
    from: 'src/table/*.ts',
    to: 'src/config/topology{,-*}.ts',
    types: false,
    why: 'a row of the table is an endpoint of the topology, which is the contract between rooms',
  },
  {
    from: 'src/table/{placement,cloud-numbers}.ts',
    to: 'src/config/{own-entry,owners,endpoint-id}.ts',
    types: false,
    why: 'one rule keeps a service or cloud that is called `constructor` from finding what every object has',
  },
  {
    from: 'src/health/assessment.ts',
    to: 'src/discovery/status.ts',
    types: false,
    why: 'one rule says what healthy, degraded and unhealthy are: the loop applies it, discovery publishes it',
  },
  {
    from: 'src/health/*.ts',
    to: 'src/edge/upstream/{secure-contexts,origin-identity,proxy-header-out,shortage}.ts',
    types: false,
    why: 'checks trust whom the traffic trusts, and blame an endpoint for what the traffic blames it for',
  },
  {
    from: 'src/routing/*.ts',
    to: 'src/resilience/*.ts',
    types: false,
    why: 'candidates are ordered by what breakers and ramps say of them; resilience never looks back',
  },
  {
    from: 'src/observe/fleet-*.ts',
    to: 'src/fleet/fleet.ts',
    types: true,
    why: 'what a fleet says of itself is what its metrics show',
  },
  {
    from: 'src/edge/**/*.ts',
    to: 'src/degraded/*.ts',
    types: false,
    why: 'the ladder is a part of the path of a request that has one; it never looks back',
  },
];

/**
 * npm packages and the names that a door to them may have: for `redis`, the files `redis.ts` and `redis-*.ts` and a
 * folder `redis/`, in any room. A package that is not listed may not be imported in src/.
 */
export const PACKAGE_DOORS: Readonly<Record<string, readonly string[]>> = {
  '@fastify/proxy-addr': ['proxy-addr', 'fastify'],
  fastify: ['fastify'],
  'ipaddr.js': ['ipaddr'],
  maxmind: ['maxmind'],
  pino: ['pino'],
  'prom-client': ['prometheus'],
  redis: ['redis'],
  undici: ['undici'],
  yaml: ['yaml'],
  zod: ['zod', 'schema'],
};

/** What reaches out of the process or is different each time: time, chance, timers, the network, the environment. */
export type Outside = 'clock' | 'chance' | 'timers' | 'fetch' | 'environment';
export const OUTSIDE: Readonly<Record<Outside, RegExp>> = {
  clock: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.(?:now|timeOrigin)\b|\bprocess\.hrtime\b/,
  chance: /\bMath\.random\b|\bcrypto\.getRandomValues\b|\brandomInt\b/,
  timers: /(?<![.\w])(?:setTimeout|setInterval)\b|\bglobalThis\.set(?:Timeout|Interval)\b|\bAbortSignal\.timeout\b/,
  fetch: /(?<![.\w])fetch\s*\(|\bglobalThis\.fetch\b|\bnew WebSocket\b/,
  environment: /\bprocess\.env\b/,
};

/** Node modules that are an outside thing by another name. */
export const OUTSIDE_MODULES: Readonly<Record<string, Outside>> = {
  'node:timers': 'timers',
  'node:timers/promises': 'timers',
};

/** Doors that are named for the outside thing itself. The doors to packages are doors to timers too. */
export type Door = { readonly files: string; readonly may: readonly Outside[]; readonly why: string };
export const DOORS: readonly Door[] = [
  { files: 'src/main.ts', may: ['clock', 'chance', 'timers', 'fetch', 'environment'], why: 'the command line' },
  { files: 'src/main/*.ts', may: ['clock', 'chance', 'timers', 'fetch', 'environment'], why: 'its commands' },
  { files: 'src/*/system-*.ts', may: ['clock', 'chance', 'timers'], why: 'the machine: its clocks, dice and timers' },
  { files: 'src/**/timers.ts', may: ['timers'], why: 'the timers of the runtime' },
  { files: 'src/**/{socket,socket-*,dns,dns-*}.ts', may: ['timers'], why: 'peers, which may never answer' },
  { files: 'src/*/environment.ts', may: ['environment'], why: 'the variables that a file names' },
  { files: 'src/*/{watch,watch-*,*-watch}.ts', may: ['timers'], why: 'the file system, whose events come in bursts' },
  { files: 'src/observe/webhook.ts', may: ['fetch', 'timers'], why: 'the receiver of an alert' },
  { files: 'src/observe/alertmanager.ts', may: ['fetch', 'timers'], why: 'the Alertmanager' },
];

/**
 * Sources without a mirrored test in test/unit that another test covers: through real sockets, whole processes, or its room.
 * `src` is a glob of sources, `by` the test file. An entry without a source that needs it, or without its test, fails.
 */
export type Covered = { readonly src: string; readonly by: string; readonly why: string };
export const COVERED_ELSEWHERE: readonly Covered[] = [
  {
    src: 'src/compose/membership.ts',
    by: 'test/e2e/expanding-names.test.ts',
    why: 'that a group grows and shrinks is shown by one that does, under load',
  },
  {
    src: 'src/edge/request/sent-away.ts',
    by: 'test/unit/edge/request/pipeline.test.ts',
    why: 'a client is sent away in a phase of the pipeline',
  },
  {
    src: 'src/acme/{account,authority,authority-error,exchange,order,session,sessions}.ts',
    by: 'test/unit/acme/issuer.test.ts',
    why: 'what is said to an authority is judged by one that answers, and that lies',
  },
  {
    src: 'src/acme/{key-pair,signed-der}.ts',
    by: 'test/unit/acme/signing-request.test.ts',
    why: 'a key and a signature are what openssl verifies',
  },
  {
    src: 'src/acme/pem-parts.ts',
    by: 'test/unit/acme/issued.test.ts',
    why: 'what is put together is taken apart by the same test',
  },
  {
    src: 'src/observe/alert-acme-failing.ts',
    by: 'test/unit/observe/acme-families.test.ts',
    why: 'what is shown of certificates and what is told of them go by the same facts',
  },
  {
    src: 'src/acme/trouble-file.ts',
    by: 'test/unit/acme/kept-file.test.ts',
    why: 'it is a file that is kept, with something in it',
  },
  {
    src: 'src/compose/acme.ts',
    by: 'test/e2e/acme.test.ts',
    why: 'that certificates are obtained while an edge serves is shown by one that does',
  },
  {
    src: 'src/compose/startable-threads.ts',
    by: 'test/e2e/lifecycle.test.ts',
    why: 'it decides nothing; that threads start is shown by starting them',
  },
  {
    src: 'src/compose/file-watches.ts',
    by: 'test/e2e/live-certificates.test.ts',
    why: 'that a changed file is taken by every thread is shown by a running process',
  },
  {
    src: 'src/edge/thread/{doors,handshakes,redirect-front}.ts',
    by: 'test/e2e/listeners.test.ts',
    why: 'what a listener is shows in what clients on its socket get',
  },
  {
    src: 'src/edge/{thread/edge,general/fastify}.ts',
    by: 'test/e2e/proxy.test.ts',
    why: 'an engine is what a client on a socket gets of it',
  },
  {
    src: 'src/edge/request/{service-limits,limit-cells}.ts',
    by: 'test/contract/limits.test.ts',
    why: 'a limit is what clients on sockets may do; the rules beneath have tests of their own',
  },
  {
    src: 'src/edge/ladder/ladder-clock.ts',
    by: 'test/contract/deadlines.test.ts',
    why: 'how long a ladder waits shows in when its clients get what',
  },
  {
    src: 'src/edge/general/continue-wait.ts',
    by: 'test/contract/upgrades.test.ts',
    why: 'an endpoint that says nothing to an expectation is one on a socket',
  },
  {
    src: 'src/edge/request/tries.ts',
    by: 'test/unit/edge/request/pipeline.test.ts',
    why: 'whether there is another attempt is what phases of the path come to',
  },
  {
    src: 'src/edge/request/{identifier,refusal,nobody-left}.ts',
    by: 'test/unit/edge/request/pipeline.test.ts',
    why: 'the first phase of the path is tested with those that follow',
  },
  {
    src: 'src/edge/request/fault-context.ts',
    by: 'test/unit/edge/request/ruled-head.test.ts',
    why: 'what a client is told of a fault goes by the rules for answers, and is tested with them',
  },
  {
    src: 'src/config/schema-rules.ts',
    by: 'test/unit/config/rules-messages.test.ts',
    why: 'the schema of rules for messages and what its keys mean for each other refuse side by side',
  },
  {
    src: 'src/config/build-match.ts',
    by: 'test/unit/config/rules-match.test.ts',
    why: 'a rule is built for the request path and for what validate says of it by the same function',
  },
  {
    src: 'src/edge/{request/mirror-target,upstream/{mirrors,mirror-call},wire/{wire,client/{answer-lines,answer-writer}},relay/{kept-body,relay,request-writer},upstream/{attempt,connection-pool}}.ts',
    by: 'test/e2e/proxy.test.ts',
    why: 'an engine is what a client and an endpoint on sockets get of it; both engines are asked the same there',
  },
  {
    src: 'src/edge/frames/{core,frame-reader,frame-rules,frame-writer,inflow,outflow,receiver,settings,stream,streams,block-assembly,closed-streams,flood,held-bytes,hpack/{encoder,out-field}}.ts',
    by: 'test/unit/edge/frames/session.test.ts',
    why: 'a connection is what two sides say to each other; its parts are of no use without each other',
  },
  {
    src: 'src/edge/frames/hpack/{dynamic-table,field-list,static-table}.ts',
    by: 'test/unit/edge/frames/hpack/decoder.test.ts',
    why: 'the examples of RFC 7541 are of whole blocks',
  },
  {
    src: 'src/edge/{h2/{h2,client-connection,client-side,request-taker,stream-call,general-call,own-answer,late-body,stream-body,answer-fields},thread/fronts}.ts',
    by: 'test/e2e/http2.test.ts',
    why: 'an engine is what a client and an endpoint on sockets get of it',
  },
  {
    src: 'src/edge/general/last-hop.ts',
    by: 'test/contract/last-hop.test.ts',
    why: 'what ends here is the same on every engine',
  },
  {
    src: 'src/edge/upstream/{upstream,multiplexed/{connection,first-read,pool,request-body-reader,stream,waiting}}.ts',
    by: 'test/e2e/h2-origins.test.ts',
    why: 'what becomes of requests that share a connection is seen by origins on sockets and by their clients',
  },
  {
    src: 'src/edge/general/forwarder.ts',
    by: 'test/e2e/failover.test.ts',
    why: 'what becomes of a request whose connections break is only known from connections that break',
  },
  {
    src: 'src/edge/thread/upstreams.ts',
    by: 'test/regression/names-that-move.test.ts',
    why: 'which connections are kept, and which are not, is seen by who gets the next request',
  },
  {
    src: 'src/compose/chaos.ts',
    by: 'test/e2e/chaos-guard.test.ts',
    why: 'a guard that stops faults in time is only seen in a process that has faults',
  },
  {
    src: 'src/main/gameday{,-run}.ts',
    by: 'test/e2e/gameday.test.ts',
    why: 'a game day is a process that is run to its end',
  },
  {
    src: 'src/edge/{upgrade/upgrade,tunnel/{lane,open-tunnels},frames/stream-side,upstream/multiplexed/{endpoint-side,endpoint-stream-handler,tunnel-fields,tunnel-pool}}.ts',
    by: 'test/e2e/upgrade.test.ts',
    why: 'two connections that become one are tested by what goes through them',
  },
  {
    src: 'src/edge/ladder/{ladder-forwarder,undici-primary}.ts',
    by: 'test/e2e/degraded.test.ts',
    why: 'which step answers is decided by what endpoints on sockets do, and when',
  },
  {
    src: 'src/degraded/undici-{fallback,storing}.ts',
    by: 'test/e2e/degraded.test.ts',
    why: 'what undici keeps of an answer, and how a backend fails, is seen by the client that comes after',
  },
  {
    src: 'src/compose.ts',
    by: 'test/e2e/lifecycle.test.ts',
    why: 'it decides nothing; that the rooms work together is shown by starting them',
  },
  {
    src: 'src/compose/{control,edge-thread,edge-threads,edge-worker}.ts',
    by: 'test/e2e/lifecycle.test.ts',
    why: 'threads that start, die and are replaced are the life of a whole process',
  },
  {
    src: 'src/compose/fleet.ts',
    by: 'test/e2e/fleet-edges.test.ts',
    why: 'it decides nothing; that what is said at one edge holds at all is shown by whole edges',
  },
  {
    src: 'src/compose/alerting.ts',
    by: 'test/e2e/alerts.test.ts',
    why: 'it decides nothing; that what is wrong reaches who is to know is shown by real sinks and restarts',
  },
  {
    src: 'src/fleet/{region,holdings,bringer}.ts',
    by: 'test/unit/fleet/replication.simulation.test.ts',
    why: 'what a store is owed is shown by whole fleets whose parts die and come back',
  },
  {
    src: 'src/fleet/{redis,redis-link,redis-scripts,regional-fleet,presence}.ts',
    by: 'test/e2e/fleet.test.ts',
    why: 'a server that hangs, dies or lies is only known from servers that do',
  },
  {
    src: 'src/fleet/strong/{ballot,ballot-round,proposer,state}.ts',
    by: 'test/unit/fleet/strong/strong-values.simulation.test.ts',
    why: 'that there is one copy is shown by histories of whole fleets, whose stores forget and whose messages come late',
  },
  {
    src: 'src/fleet/{strong/{news,redis-acceptor,redis-acceptor-scripts},values/strong-mirror}.ts',
    by: 'test/e2e/fleet-values.test.ts',
    why: 'what a server promised, and forgot, is only known from servers',
  },
  {
    src: 'src/fleet/values/{shown-value,value-index,value-record,value-outcome,write-rate}.ts',
    by: 'test/unit/fleet/values/values.test.ts',
    why: 'what a value is to its users is tested as they use it',
  },
  {
    src: 'src/{compose/value-orders,main/values,main/values-table}.ts',
    by: 'test/e2e/fleet-values-cli.test.ts',
    why: 'an order is what becomes of it at a running edge, and a command is what it prints',
  },
  {
    src: 'src/main/{admin-client,fleet,override}.ts',
    by: 'test/e2e/fleet-cli.test.ts',
    why: 'a command is what it prints, and it asks a running edge',
  },
  {
    src: 'src/main/slo.ts',
    by: 'test/e2e/slo.test.ts',
    why: 'a command is what it prints, and it asks a running edge',
  },
  {
    src: 'src/main/{help,runners}.ts',
    by: 'test/unit/main/command-list.test.ts',
    why: 'what is told of commands, and how they are run, is tested against their list',
  },
  {
    src: 'src/main/{alerts,chaos,completion,purge,reload,status,top,version}.ts',
    by: 'test/e2e/commands.test.ts',
    why: 'a command is what it prints, and it asks a running edge',
  },
  {
    src: 'src/compose/reloader.ts',
    by: 'test/e2e/reload.test.ts',
    why: 'a reload is a file that changes under a running process',
  },
  {
    src: 'src/{main,main/{command-line,explain,healthcheck,load,schema,start,validate}}.ts',
    by: 'test/e2e/cli.test.ts',
    why: 'a command is what it prints and how it exits',
  },
  {
    src: 'src/main/demo{,-control,-edge,-origin,-output,-run,-tell}.ts',
    by: 'test/e2e/demo.test.ts',
    why: 'a command is what it prints and how it exits',
  },
];

/** Names that say nothing about what is in a file. */
export const EMPTY_NAMES = /(?:^|-)(?:utils?|helpers?|managers?|common|misc|stuff|lib)(?:$|-)/;

/** Lines a file may have, by the folder it is in; and the median of src/. */
export const LINES_MAX: Readonly<Record<string, number>> = { 'src/': 300, 'bench/': 300, '.ci/': 300, 'test/': 400 };
export const LINES_MEDIAN_MAX = 100;

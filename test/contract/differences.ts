const NODES_PARSER =
  'the general engine reads requests with Node’s parser, which has a list of methods, two minor versions and less white space';

/**
 * Where the engines may differ, and why: by the theme's or the scenario's name. For these, what they do is not compared, but each has to do
 * what its scenario says of it. Everything else is the same to the byte, as far as `normal.ts` looks.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  'methods: a method that nobody has registered': NODES_PARSER,
  'methods: a method in small letters': NODES_PARSER,
  'taken by the wire engine': NODES_PARSER,
  'leniency of requests: bare LF behind a chunk size':
    'a body that is broken in its first piece has no endpoint bothered with it by the wire engine',
  'stickiness: by a header nothing is set, and each value has its endpoint':
    'which endpoint that is goes by its port, which is another one for each engine',
  'refused bodies':
    'a body that is broken in its first piece has no endpoint bothered with it; and the general engine says 431 of trailers without end',
};

// `wal push` and `wal fetch`: a server starts one for every segment, and waits. So both are one module (`dist/cli/perSegment.cjs`)
// with all they may need: reading the modules that the other verbs share takes longer than storing a segment.
import type { Verb } from './io';
import { program } from './program';
import { ioFor, runVerb } from './runVerb';
import { action as fetch } from './wal/fetch';
import { action as push } from './wal/push';
import { usage } from './wal/usage';

const verb: Verb = {
  usage,
  run: async ([name, ...args], io) => await (name === 'push' ? push : fetch)(args, io),
};

program(async ([, ...args], base) => await runVerb(verb, args, ioFor(args, base)));

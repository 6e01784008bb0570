import type { Verb } from '../io';
import { verb as backup } from './backup';
import { verb as exportVerb } from './export';
import { verb as inspect } from './inspect';
import { verb as jobs } from './jobs';
import { verb as list } from './list';
import { verb as load } from './load';
import { verb as restore } from './restore';
import { verb as runJob } from './runJob';
import { verb as salvage } from './salvage';
import { verb as verify } from './verify';

/** Every verb: one file, one line here, in the order the help shows them. */
export const verbs: Verb[] = [
  backup,
  list,
  inspect,
  exportVerb,
  restore,
  load,
  verify,
  salvage,
  jobs,
  runJob,
];

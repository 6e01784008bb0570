import type { Verb } from '../io';

/** Every verb: one file, one line here, in the order the help shows them. */
export const verbs: Verb[] = [
  // backup
  // list
  // inspect
  // restore
  // verify
  // jobs
  // run-job
];

import { program } from './program';
import { run } from './run';

program(run);

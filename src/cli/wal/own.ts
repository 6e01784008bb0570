import { resolve } from 'node:path';
import type { OwnCommand } from '../../engine/physical';

/** This very program, as a server would run it. */
export function ownCommand(): OwnCommand {
  return { node: process.execPath, cli: resolve(process.argv[1] ?? '') };
}

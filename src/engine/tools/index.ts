export {
  buildKey,
  chooseForDump,
  chooseForRestore,
  readerOf,
  type ArchiveNeed,
  type DumpNeed,
} from './choose';
export { findBuilds, type FindOptions } from './find';
export { installCommand, packagesHere } from './install';
export { describeBuild } from './missing';
export { optionsFor, toArguments } from './options';
export type { Answers, OptionGroup, Release, ToolOption } from './options';
export { quoteWord, renderCopyCommand } from './quote';
export { renderCommand } from './render';
export { runTool, type RunOptions } from './run';
export { chooseServer, serverBuilds } from './servers';
export { endSessions } from './sessions';
export { parseVersion } from './versions';
export { isSameProcess, killTree, processStartTicks } from '../process';
export type * from './types';

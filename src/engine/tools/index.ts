export { optionsFor, toArguments } from './options';
export type { Answers, OptionGroup, Release, ToolOption } from './options';
export { isSameProcess, killTree, processStartTicks } from '../process';

export { scriptDifference } from './script';
export { scriptText, type ScriptTextOptions } from './text';

export * from './types';
export { QuickInputAsk } from './quickInput';
export { runSteps, type Step, type StepPlace } from './steps';
export { ScriptedAsk } from './scripted';

export { planBaseRehearsal, type BaseRehearsalRequest } from './base';
export { planClusterRehearsal } from './rehearse';

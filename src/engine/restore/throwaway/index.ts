export { planClusterRehearsal } from './rehearse';

export { salvage } from './salvage';

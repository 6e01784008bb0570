export { identified, identityOf, type Identified } from './identity';

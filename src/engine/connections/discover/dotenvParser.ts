// By name: a CommonJS package imported late is one default export once bundled as modules.
export { parse } from 'dotenv';

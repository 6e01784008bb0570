export type * from './types';
export { formatConnection, isUri, parseConnectionText, type ParsedConnection } from './text';
export { toConninfo } from './conninfo';
export { resolve } from './resolve';
export { findPassword, type PasswordQuestion } from './passfile';
export { listServices } from './service';
export { openAccess, type AccessOptions } from './access';
export { cancelQuery, connectClient, endClient, withClient, type ClientOptions } from './client';
export { explainConnectError, isDatabaseError, reasonOf } from './explain';
export { serverFacts, serverKey, versionOf, type ServerFacts } from './facts';
export { isLocal, roleOf } from './role';
export { quoteIdent, quoteLiteral } from '../quote';
export {
  databaseSizes,
  listDatabases,
  listRelations,
  listSchemas,
  relationSizes,
  type DatabaseInfo,
  type Page,
  type RelationInfo,
  type RelationKind,
  type SchemaInfo,
} from './catalog';
export { ConnectionStore, newConnectionId, type Damage } from './store';
export { connectionFrom, toConnection } from './toConnection';
export type { FoundConnection } from './discover';
export { discover } from './late';

import type { Source, SourceRelation } from '../../../src/engine/backup/source';
import { fakeBuild } from './builds';

let oids = 0;

/** A relation the reader may read, unless said otherwise. */
export function relation(schema: string, name: string, more: Partial<SourceRelation> = {}): SourceRelation {
  return {
    oid: String(++oids),
    schema,
    name,
    kind: 'r',
    bytes: 1000,
    rows: 10,
    unlogged: false,
    visible: schema === 'public',
    schemaUsage: true,
    select: true,
    rowSecurity: false,
    ofExtension: false,
    parents: [],
    ...more,
  };
}

export function sourceOf(relations: SourceRelation[], more: Partial<Source> = {}): Source {
  return {
    database: 'shop',
    version: fakeBuild(17).version,
    inRecovery: false,
    server: '42',
    reader: 'app',
    readsPasswords: true,
    relations,
    hiddenLargeObjects: [],
    ...more,
  };
}

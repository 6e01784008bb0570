/** What comparing needs of statements and rows, a door of its own as `restoring` is. */
export { identified, identityOf } from './identity';
export { copyTarget } from './rows/columns';
export { lineValues } from './rows/copy-escapes';
export { cutText } from './rows/cut';
export { LongCopyRow } from './rows/long-copy-row';
export { LONGEST_ROW, type LongSink } from './rows/blocks';
export { tableColumns } from './rows/table-columns';
export { attachedPartition, uniqueKey, type UniqueKey } from './rows/unique-keys';
export { contentsEncoding, textCodec, type TextCodec } from './text';
export { tokens, type Token } from './sql/tokens';
export { classify } from './sql/classify';
export { objectOf, ownerStatement } from './emit/statements';
export { Parts } from './parts';
export { withReferences } from './rewrite';

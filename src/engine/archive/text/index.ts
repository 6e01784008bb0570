export { textCodec, textDecoder, wholeLength, wideLength, type TextCodec } from './codec';
export { bytesOf, rawByte } from './raw-bytes';
export { contentsEncoding, escapesInStrings } from './contents-encoding';

/** Takes the decoded bytes of one table or of anything else that is read to its end. Never throws. */
export interface Sink {
  /** The part is overwritten afterwards: what is to be kept has to be copied. */
  push(part: Buffer): void;
  /** After the last byte: what is wrong with what came, as sentences without a place. */
  end(): string[];
}
